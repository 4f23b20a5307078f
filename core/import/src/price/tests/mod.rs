//! Prices against tables that others made.

use super::*;

/// Code and decimals of each currency, from the table A.1 of ISO 4217 as its maintenance agency publishes it (2026-01).
const PLACES: &str = include_str!("iso_4217.tsv");

/// Locale, currency, amount, and the text that Babel 2.19 writes of it with the data of the CLDR.
const WRITTEN: &str = include_str!("written_by_babel.tsv");

fn rows(table: &str) -> Vec<Vec<&str>> {
    table.lines().map(|line| line.split('\t').collect()).collect()
}

fn euro() -> Currency {
    Currency::from_code("EUR").unwrap()
}

#[test]
fn each_currency_has_the_decimals_of_iso_4217() {
    let rows = rows(PLACES);
    assert_eq!(rows.len(), 165);
    for row in rows {
        let currency = Currency::from_code(row[0]).unwrap();
        assert_eq!(currency.places().to_string(), row[1], "{}", row[0]);
        // one below the smallest amount is no amount of the currency, the smallest is
        let smallest = format!("0.{}1", "0".repeat(currency.places().saturating_sub(1)));
        let smallest = if currency.places() == 0 { "1" } else { &smallest };
        let read = |text: &str| read_price(&format!("{text} {}", row[0]), None, NumberStyle::Unseen);
        assert_eq!(read(smallest).unwrap().amount, smallest.parse().unwrap(), "{}", row[0]);
        let below = format!("0.{}1", "0".repeat(currency.places()));
        assert_eq!(read(&below), Err(PriceFault::TooManyDecimals), "{}", row[0]);
    }
}

#[test]
fn what_another_program_writes_by_locale_is_read_back() {
    let rows = rows(WRITTEN);
    assert!(rows.len() > 300, "{}", rows.len());
    for row in rows {
        let (locale, currency) = (Locale::from_code(row[0]).unwrap(), Currency::from_code(row[1]).unwrap());
        let price = read_price(row[3], Some(currency), NumberStyle::Of(locale))
            .unwrap_or_else(|e| panic!("{row:?}: {e:?}"));
        assert_eq!((price.amount, price.currency), (row[2].parse().unwrap(), currency), "{row:?}");
    }
}

#[test]
fn without_a_locale_only_what_can_be_read_in_one_way_is_read() {
    for (text, read) in [
        ("199.00 EUR", Ok("199")),
        ("12,99", Ok("12.99")),
        ("1.299,00 EUR", Ok("1299")),
        ("1,299.00", Ok("1299")),
        ("1'299.00", Ok("1299")),
        ("1 299,00", Ok("1299")),
        ("1.299.000", Ok("1299000")),
        ("0.125 KWD", Ok("0.125")),
        ("1.299 KWD", Ok("1.299")),
        ("1,299 JPY", Ok("1299")),
        ("1299.00 JPY", Ok("1299")),
        ("€ 5", Ok("5")),
        ("1.299 EUR", Err(PriceFault::Ambiguous)),
        ("1,299", Err(PriceFault::Ambiguous)),
        ("1,299 KWD", Err(PriceFault::Ambiguous)),
        ("14.905 EUR", Err(PriceFault::Ambiguous)),
        ("1414.905 EUR", Err(PriceFault::TooManyDecimals)),
        ("-3", Err(PriceFault::Unreadable)),
        ("1.29.00", Err(PriceFault::Unreadable)),
        ("12.99.", Err(PriceFault::Unreadable)),
        (".99", Err(PriceFault::Unreadable)),
        ("1e3", Err(PriceFault::Unreadable)),
        ("12 - 15", Err(PriceFault::Unreadable)),
        ("EUR 5 EUR", Err(PriceFault::Unreadable)),
        ("5 DEM", Err(PriceFault::UnknownCurrency)),
        ("$5", Err(PriceFault::SharedMark)),
        ("free", Err(PriceFault::Unreadable)),
        ("", Err(PriceFault::Unreadable)),
    ] {
        let price = read_price(text, Some(euro()), NumberStyle::Unseen);
        assert_eq!(price.map(|price| price.amount), read.map(|amount| amount.parse().unwrap()), "{text}");
    }
}

#[test]
fn a_column_without_doubt_decides_for_the_doubtful() {
    for (seen, text, read) in [(',', "1.299", "1299"), ('.', "1,299", "1299")] {
        let price = read_price(text, Some(euro()), NumberStyle::Seen(seen)).unwrap();
        assert_eq!(price.amount, read.parse().unwrap(), "{text}");
    }
    let too_many = read_price("1.299", Some(euro()), NumberStyle::Seen('.'));
    assert_eq!(too_many, Err(PriceFault::TooManyDecimals));
    assert_eq!(find_decimal_mark("12,99 EUR", None), Some(','));
    assert_eq!(find_decimal_mark("1.299 EUR", None), None);
}

#[test]
fn a_locale_is_held_to_the_letter() {
    let german = NumberStyle::Of(Locale::from_code("de-DE").unwrap());
    for text in ["12.99", "1,299.00", "1 299,00", "1'299,00", "12.99,00"] {
        assert_eq!(read_price(text, Some(euro()), german), Err(PriceFault::Unreadable), "{text}");
    }
}

#[test]
fn a_price_that_names_no_currency_is_the_shops_or_refused() {
    assert_eq!(read_price("5", None, NumberStyle::Unseen), Err(PriceFault::NoCurrency));
    let australian = Currency::from_code("aud").unwrap();
    assert_eq!(read_price("$5", Some(australian), NumberStyle::Unseen).unwrap().currency, australian);
}
