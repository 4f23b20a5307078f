//! The marks that stand beside amounts.

use jardin_model::Currency;

/// Marks of currencies, each with the codes that it may stand for.
const MARKS: [(&str, &str); 15] = [
    ("€", "EUR"),
    ("£", "GBP EGP FKP GIP LBP SHP SSP SYP"),
    ("$", "USD AUD CAD HKD MXN NZD SGD TWD ARS CLP COP"),
    ("US$", "USD"),
    ("£GB", "GBP"),
    ("¥", "JPY CNY"),
    ("￥", "JPY CNY"),
    ("JP¥", "JPY"),
    ("CN¥", "CNY"),
    ("円", "JPY"),
    ("Fr.", "CHF"),
    ("zł", "PLN"),
    ("Kč", "CZK"),
    ("kr", "SEK NOK DKK ISK"),
    ("₹", "INR"),
];

/// What a mark beside an amount says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// One currency.
    Of(Currency),
    /// One of several.
    Shared,
    /// It is no mark of a currency.
    Unknown,
}

/// What a mark beside an amount stands for; one of several is the shop's own where that is among them.
pub(super) fn read_mark(mark: &str, own: Option<Currency>) -> Mark {
    if let Some(currency) = Currency::from_code(mark) {
        return Mark::Of(currency);
    }
    let Some((_, codes)) = MARKS.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(mark)) else {
        return Mark::Unknown;
    };
    let mut codes = codes.split_ascii_whitespace();
    match (codes.clone().count(), own) {
        (1, _) => codes.next().and_then(Currency::from_code).map_or(Mark::Unknown, Mark::Of),
        (_, Some(own)) if codes.any(|code| code == own.code()) => Mark::Of(own),
        _ => Mark::Shared,
    }
}
