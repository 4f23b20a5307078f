//! Amounts of the shop's currency.

use std::{fmt, str::FromStr};

const SCALE: i64 = 10_000;

/// An exact amount in ten-thousandths of the shop's currency: `12.90` is 129,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

/// Why a text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an amount is a decimal with at most four places, such as \"12.90\"")]
pub struct ParseMoneyError;

impl Money {
    /// From ten-thousandths of the currency.
    #[must_use]
    pub const fn from_ten_thousandths(value: i64) -> Self {
        Self(value)
    }

    /// In ten-thousandths of the currency.
    #[must_use]
    pub const fn ten_thousandths(self) -> i64 {
        self.0
    }

    /// In whole units of the currency, as strategies see it; exact to 2^53 ten-thousandths.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "strategies calculate in floats; the exact amount stays here"
    )]
    pub fn major_units(self) -> f64 {
        self.0 as f64 / SCALE as f64
    }
}

impl FromStr for Money {
    type Err = ParseMoneyError;

    fn from_str(text: &str) -> Result<Self, ParseMoneyError> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(part) || part.len() > 4 {
            return Err(ParseMoneyError);
        }
        let whole: i64 = whole.parse().map_err(|_| ParseMoneyError)?;
        let part: i64 = format!("{part:0<4}").parse().map_err(|_| ParseMoneyError)?;
        let value = whole.checked_mul(SCALE).and_then(|w| w.checked_add(part)).ok_or(ParseMoneyError)?;
        Ok(Self(if negative { -value } else { value }))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) =
            (self.0.unsigned_abs() / SCALE.unsigned_abs(), self.0.unsigned_abs() % SCALE.unsigned_abs());
        let places = format!("{part:04}");
        let shown = places.strip_suffix("00").unwrap_or(&places);
        write!(f, "{sign}{whole}.{shown}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_decimals_exactly() {
        for (text, value, shown) in [
            ("12.90", 129_000, "12.90"),
            ("0.0001", 1, "0.0001"),
            ("7", 70_000, "7.00"),
            ("-2.5", -25_000, "-2.50"),
        ] {
            let money: Money = text.parse().unwrap();
            assert_eq!((money.ten_thousandths(), money.to_string().as_str()), (value, shown));
        }
    }

    #[test]
    fn refuses_what_is_no_decimal() {
        for text in ["", ".", "1.", ".5", "1,5", "1e3", "1.00001", "99999999999999999999", "+1", "--1"] {
            assert_eq!(text.parse::<Money>(), Err(ParseMoneyError), "{text}");
        }
    }
}
