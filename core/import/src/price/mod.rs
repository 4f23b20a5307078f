//! Prices as feeds write them: an amount and a currency. Nothing is guessed: what may be read in two ways is refused.

mod locale;
mod marks;
mod number;

use jardin_model::{Currency, Money};

pub use locale::Locale;
use marks::{Mark, read_mark};
pub(crate) use number::NumberStyle;

/// Why a text is not a price of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PriceFault {
    /// It is not an amount.
    Unreadable,
    /// Its one mark may stand before decimals or between thousands.
    Ambiguous,
    /// It has more decimals than amounts of its currency have.
    TooManyDecimals,
    /// It names no currency, and nobody said which it is.
    NoCurrency,
    /// What stands beside the amount is no currency.
    UnknownCurrency,
    /// Its mark is that of several currencies.
    SharedMark,
    /// The file has prices in several currencies, and nobody said which is the shop's.
    SeveralCurrencies,
    /// It is in a currency that is not the shop's.
    Other(Currency),
}

/// An amount with its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Price {
    pub(crate) amount: Money,
    pub(crate) currency: Currency,
}

/// Reads a price; one that names no currency is in the shop's own, where that is known.
pub(crate) fn read_price(text: &str, own: Option<Currency>, style: NumberStyle) -> Result<Price, PriceFault> {
    let (number, currency) = split_price(text, own)?;
    let currency = currency.or(own).ok_or(PriceFault::NoCurrency)?;
    let amount = number::read_number(number, currency.places(), style)?;
    Ok(Price { amount, currency })
}

/// Which mark stands before the decimals of a price, where it can be read in one way alone.
pub(crate) fn find_decimal_mark(text: &str, own: Option<Currency>) -> Option<char> {
    let (number, currency) = split_price(text, own).ok()?;
    number::find_decimal_mark(number, currency.or(own).map_or(2, Currency::places))
}

/// The currency that a price names.
pub(crate) fn find_currency(text: &str) -> Option<Currency> {
    split_price(text, None).ok()?.1
}

/// The digits of a price with the marks between them, and the currency that stands before or behind.
fn split_price(text: &str, own: Option<Currency>) -> Result<(&str, Option<Currency>), PriceFault> {
    let is_digit = |c: char| c.is_ascii_digit();
    let (Some(start), Some(last)) = (text.find(is_digit), text.rfind(is_digit)) else {
        return Err(PriceFault::Unreadable);
    };
    let (before, number, behind) = match (text.get(..start), text.get(start..=last), text.get(last + 1..)) {
        (Some(before), Some(number), Some(behind)) => (before.trim(), number, behind.trim()),
        _ => return Err(PriceFault::Unreadable),
    };
    if before.ends_with(['-', '\u{2212}', '.', ',']) || behind.starts_with(['.', ',']) {
        return Err(PriceFault::Unreadable);
    }
    let mark = match (before, behind) {
        ("", "") => return Ok((number, None)),
        (mark, "") | ("", mark) => mark,
        _ => return Err(PriceFault::Unreadable),
    };
    match read_mark(mark, own) {
        Mark::Of(currency) => Ok((number, Some(currency))),
        Mark::Shared => Err(PriceFault::SharedMark),
        Mark::Unknown => Err(PriceFault::UnknownCurrency),
    }
}

#[cfg(test)]
mod tests;
