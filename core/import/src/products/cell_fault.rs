//! Why a cell cannot be read: the form that is expected and an example, and nothing of the cell.

use jardin_model::Currency;

use crate::price::PriceFault;

/// Why a cell cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellFault {
    Number,
    Flag,
    Availability,
    Time,
    Period,
    Repeated,
    Price(PriceFault, Option<Currency>),
}

impl CellFault {
    /// In a sentence, to stand behind the name of the field.
    pub(super) fn describe_fault(self) -> String {
        match self {
            Self::Number => "must be a number without thousands, with a decimal point, for example 12.5".to_owned(),
            Self::Flag => "must be yes or no, true or false, 1 or 0".to_owned(),
            Self::Availability => "must be in_stock, out_of_stock, preorder or backorder; say what another word means under [words] of a --map".to_owned(),
            Self::Time => "must be an instant or a day, for example 2026-11-20T10:00:00Z or 2026-11-20".to_owned(),
            Self::Period => "must be two instants with / between them, for example 2026-11-20T10:00:00Z/2026-11-27T10:00:00Z".to_owned(),
            Self::Repeated => "stands more than once; write it once, or leave it out by a --map".to_owned(),
            Self::Price(fault, own) => price_fault(fault, own),
        }
    }
}

fn price_fault(fault: PriceFault, own: Option<Currency>) -> String {
    let shop = own.map_or("the shop's currency".to_owned(), |own| own.to_string());
    match fault {
        PriceFault::Unreadable => format!("must be a price, for example \"1299.00 {}\", or 1.299,00 with --locale de", own.map_or("EUR", Currency::code)),
        PriceFault::Ambiguous => {
            "has one mark before three digits, which may be thousands or decimals: say how numbers are written, for example --locale de for 1.299,00 or --locale en for 1,299.00".to_owned()
        }
        PriceFault::TooManyDecimals => format!("has more decimals than an amount in {shop} has"),
        PriceFault::NoCurrency => "says no currency, and the file does not either: say it, for example --currency EUR".to_owned(),
        PriceFault::UnknownCurrency => "must name a currency by its code of ISO 4217, for example \"1299.00 EUR\"".to_owned(),
        PriceFault::SharedMark => "has the mark of several currencies: write a code of ISO 4217, for example \"1299.00 USD\", or say --currency USD".to_owned(),
        PriceFault::SeveralCurrencies => "stands in several currencies in this file: say which one is the shop's, for example --currency EUR".to_owned(),
        PriceFault::Other(currency) => format!(
            "is in {currency}, and the shop's amounts are in {shop}: give that market a field of its own under [columns] of a --map, for example \"price:{currency}\" = \"price_{}\"",
            currency.code().to_ascii_lowercase()
        ),
    }
}
