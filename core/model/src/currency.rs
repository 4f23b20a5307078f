//! Currencies of ISO 4217 and how many decimals their amounts have.

use std::fmt;

use crate::Money;

/// The codes by the decimals of their amounts (ISO 4217:2015, table A.1 as of 2026-01); units without decimals of their
/// own, such as gold, are no currencies of a shop.
const CODES_BY_PLACES: [(usize, &str); 4] = [
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (
        2,
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY \
         COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS \
         INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR \
         MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP \
         STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG",
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
];

/// A currency of ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Currency {
    code: &'static str,
    places: usize,
}

impl Currency {
    /// The currency of a code, in capitals or not.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        CODES_BY_PLACES.into_iter().find_map(|(places, codes)| {
            let found = codes.split_ascii_whitespace().find(|known| known.eq_ignore_ascii_case(code))?;
            Some(Self { code: found, places })
        })
    }

    /// Its code, such as `EUR`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// How many decimals its amounts have.
    #[must_use]
    pub const fn places(self) -> usize {
        self.places
    }

    /// True of an amount that has no more decimals than amounts of it have.
    #[must_use]
    pub const fn has_amount(self, amount: Money) -> bool {
        let step = match self.places {
            0 => 10_000,
            1 => 1_000,
            2 => 100,
            3 => 10,
            _ => 1,
        };
        amount.ten_thousandths() % step == 0
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_the_decimals_of_its_currency() {
        for (code, amount, expected) in [
            ("EUR", "14.90", true),
            ("EUR", "14.905", false),
            ("KWD", "1.299", true),
            ("KWD", "1.2995", false),
            ("JPY", "1299", true),
            ("JPY", "12.50", false),
            ("CLF", "1.2995", true),
        ] {
            let currency = Currency::from_code(code).unwrap();
            assert_eq!(currency.has_amount(amount.parse().unwrap()), expected, "{code} {amount}");
        }
        assert_eq!(Currency::from_code("EURO"), None);
    }
}
