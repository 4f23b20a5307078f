//! How a word is written: on what, with which values, and what it does.

use std::{fmt::Write as _, ops::RangeInclusive};

/// On what a word is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    /// The candidate: it is moved. Asked for each candidate, and never of another product.
    Item,
    /// The strategies that may be asked: a list is described. Once a request.
    Sources,
    /// A list of candidates: lists are joined. Once a request.
    List,
    /// The page: it is arranged. Once a request.
    Page,
    /// A plain value: something is made of it and nothing happens, wherever it is asked. It can be written
    /// `f(x)` and `x.f()`.
    Value,
}

/// One value that a word takes.
#[derive(Debug)]
pub struct Parameter {
    /// Its name in documents.
    pub name: &'static str,
    /// What it may be.
    pub takes: Takes,
    /// True where it may be left out.
    pub is_optional: bool,
}

/// What a value that is given to a word may be. The proof refuses anything else.
#[derive(Debug, Clone, PartialEq)]
pub enum Takes {
    /// How much a candidate moves: a constant or computed number in a range.
    Factor(RangeInclusive<f64>),
    /// How many, or which place: a constant or computed number in a range.
    Count(RangeInclusive<f64>),
    /// A part of something: a constant or computed number from 0 to 1.
    Share,
    /// How many items a list has: a number in a range, constant or of the settings, which depends on no data.
    ListLimit(RangeInclusive<f64>),
    /// A part of a list, from 0 to 1, constant or of the settings, which depends on no data.
    ListShare,
    /// A constant text for the shop.
    Note,
    /// A declared reason by its constant code.
    Reason,
    /// A granted item field by its constant name; it counts as a read.
    Field,
    /// A constant period, one of [`PERIODS`](super::PERIODS).
    Period,
    /// Whatever a field or an id can be compared with; `()` asks for nothing.
    Wanted,
    /// `#{field: value}`: granted item fields, with values that depend on no data.
    Having,
    /// A list of candidates.
    List,
    /// A number that is not absent.
    Number,
    /// A text that is not absent.
    Text,
    /// A date or time, or `()`.
    Date,
    /// Anything that is not absent.
    Anything,
    /// Anything that has a size, and is not absent.
    Countable,
}

/// One word as it is written.
#[derive(Debug)]
pub struct Signature {
    /// Its name.
    pub name: &'static str,
    /// On what it is called.
    pub on: Object,
    /// What it takes, in its order; for a word of plain values all of them.
    pub parameters: &'static [Parameter],
    /// What it gives, as editors are told; empty where it gives nothing.
    pub gives: &'static str,
    /// How it is written, for whoever wrote it otherwise.
    pub example: &'static str,
    /// What it does, in a sentence.
    pub does: &'static str,
}

impl Object {
    /// The variable or kind of value, as people write it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Sources => "sources",
            Self::List => "list",
            Self::Page => "page",
            Self::Value => "",
        }
    }

    /// When its words are asked, for people.
    #[must_use]
    pub const fn when(self) -> &'static str {
        match self {
            Self::Item => "for each candidate",
            Self::Sources | Self::List | Self::Page => "once a request",
            Self::Value => "anywhere",
        }
    }

    /// Its first parameter, as editors are told: of a plain value the word names its own.
    const fn first_parameter(self) -> Option<&'static str> {
        match self {
            Self::Item => Some("item: Item"),
            Self::Sources => Some("sources: Sources"),
            Self::List => Some("first: List"),
            Self::Page => Some("page: Page"),
            Self::Value => None,
        }
    }
}

impl Takes {
    /// Its type, as editors are told.
    const fn type_name(&self) -> &'static str {
        match self {
            Self::Factor(_) | Self::Share | Self::ListShare | Self::Number => "float",
            Self::Count(_) | Self::ListLimit(_) => "int",
            Self::Note | Self::Reason | Self::Field | Self::Period | Self::Text => "String",
            Self::Wanted | Self::Date | Self::Anything | Self::Countable => "?",
            Self::Having => "Map",
            Self::List => "List",
        }
    }

    /// What it may be, for people; `None` where the sentence says it.
    pub(super) fn bounds(&self) -> Option<String> {
        Some(match self {
            Self::ListLimit(range) => format!("{} to {}, constant or a setting", range.start(), range.end()),
            Self::Factor(range) | Self::Count(range) => {
                format!("{} to {}", range.start(), range.end())
            }
            Self::Share => "0 to 1".to_owned(),
            Self::ListShare => "0 to 1, constant or a setting".to_owned(),
            Self::Note => "a constant text".to_owned(),
            Self::Reason => "a declared reason".to_owned(),
            Self::Field => "an item field".to_owned(),
            Self::Period => super::PERIODS.map(|(word, _)| format!("\"{word}\"")).join(", "),
            Self::Having => "fields with constant values, or settings".to_owned(),
            Self::List | Self::Wanted | Self::Number | Self::Text | Self::Date => return None,
            Self::Anything | Self::Countable => return None,
        })
    }
}

impl Signature {
    /// True where it may be written with this number of values, beside what it is called on.
    #[must_use]
    pub fn takes_count(&self, count: usize) -> bool {
        let needed = self.parameters.iter().filter(|p| !p.is_optional).count();
        (needed..=self.parameters.len()).contains(&count)
    }

    /// Its definition for editors: `fn limit(page: Page, n: int);`.
    #[must_use]
    pub fn definition(&self) -> String {
        let own = self.parameters.iter().map(|p| format!("{}: {}", p.name, p.takes.type_name()));
        let first = self.on.first_parameter().map(str::to_owned);
        let all: Vec<String> = first.into_iter().chain(own).collect();
        let mut definition = format!("fn {}({})", self.name, all.join(", "));
        if !self.gives.is_empty() {
            let _ = write!(definition, " -> {}", self.gives);
        }
        definition + ";"
    }
}

/// Declares words of one object: an enum of them, with a [`Signature`] each.
macro_rules! words {
    ($(#[$doc:meta])* $words:ident on $on:ident {
        $($word:ident = $name:literal ($($parameter:ident $($optional:literal)? : $takes:expr),*)
            $(-> $gives:literal)? | $example:literal | $does:literal;)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $words {
            $(#[doc = $does] $word,)*
        }

        impl $words {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$word,)*];

            /// How it is written.
            #[must_use]
            pub const fn signature(self) -> &'static $crate::vocabulary::Signature {
                use $crate::vocabulary::{Object, Parameter, Signature, Takes};
                match self {
                    $(Self::$word => {
                        static WORD: Signature = Signature {
                            name: $name,
                            on: Object::$on,
                            parameters: &[$(Parameter {
                                name: stringify!($parameter),
                                takes: $takes,
                                is_optional: false $(|| $optional)?,
                            },)*],
                            gives: concat!($($gives)?),
                            example: $example,
                            does: $does,
                        };
                        &WORD
                    })*
                }
            }

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                self.signature().name
            }

            /// The word of a name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.name() == name)
            }
        }
    };
}
pub(super) use words;
