//! Whether a product can be bought, in the words of feeds.

/// Whether a product can be bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Availability {
    InStock,
    OutOfStock,
    Preorder,
    Backorder,
}

impl Availability {
    /// Of a word of the Merchant Center or of schema.org's `ItemAvailability`, in capitals or not, with blanks, hyphens or
    /// underscores.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().rsplit('/').next().unwrap_or_default();
        let letters: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
        Some(match letters.to_ascii_lowercase().as_str() {
            "instock" | "limitedavailability" | "onlineonly" => Self::InStock,
            "outofstock" | "soldout" | "discontinued" | "instoreonly" => Self::OutOfStock,
            "preorder" | "presale" => Self::Preorder,
            "backorder" | "madetoorder" => Self::Backorder,
            _ => return None,
        })
    }

    /// The word that is kept.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::InStock => "in_stock",
            Self::OutOfStock => "out_of_stock",
            Self::Preorder => "preorder",
            Self::Backorder => "backorder",
        }
    }

    /// True where it lies there now.
    pub(super) const fn is_in_stock(self) -> bool {
        matches!(self, Self::InStock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_merchant_center_and_of_schema_org_are_known() {
        for (word, known) in [
            ("in stock", Some(Availability::InStock)),
            ("in_stock", Some(Availability::InStock)),
            ("https://schema.org/InStock", Some(Availability::InStock)),
            ("Out of Stock", Some(Availability::OutOfStock)),
            ("http://schema.org/SoldOut", Some(Availability::OutOfStock)),
            ("pre-order", Some(Availability::Preorder)),
            ("BackOrder", Some(Availability::Backorder)),
            ("available", None),
            ("", None),
        ] {
            assert_eq!(Availability::from_word(word), known, "{word}");
        }
    }
}
