//! Values of fields, and their types.

use std::{fmt, sync::Arc};

use jiff::civil::Date;

use crate::{ItemId, Money, Timestamp};

/// What a field holds, as the policy declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldType {
    /// An identifier.
    Id,
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// A finite number.
    Number,
    /// An amount of the shop's currency.
    Money,
    /// Yes or no.
    Flag,
    /// One of a declared list of texts.
    Choice,
    /// A calendar day.
    Date,
    /// An instant.
    Time,
    /// A product.
    Item,
    /// A list of products.
    Items,
    /// A history of events.
    Events,
}

impl FieldType {
    /// Every type, in the order of the documentation.
    pub const ALL: [Self; 12] = [
        Self::Id,
        Self::Text,
        Self::Texts,
        Self::Number,
        Self::Money,
        Self::Flag,
        Self::Choice,
        Self::Date,
        Self::Time,
        Self::Item,
        Self::Items,
        Self::Events,
    ];

    /// The word for it in a policy.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text => "text",
            Self::Texts => "texts",
            Self::Number => "number",
            Self::Money => "money",
            Self::Flag => "flag",
            Self::Choice => "choice",
            Self::Date => "date",
            Self::Time => "time",
            Self::Item => "item",
            Self::Items => "items",
            Self::Events => "events",
        }
    }

    /// The type of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.word() == word)
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One raw value, before any grant. Histories of events are no values: see [`crate::SubjectRecord::events`].
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Of an id, text or choice field.
    Text(Arc<str>),
    /// Of a texts field.
    Texts(Arc<[Arc<str>]>),
    /// Of a number field; finite.
    Number(f64),
    /// Of a money field.
    Money(Money),
    /// Of a flag field.
    Flag(bool),
    /// Of a date field.
    Date(Date),
    /// Of a time field.
    Time(Timestamp),
    /// Of an item field.
    Item(ItemId),
    /// Of an items field.
    Items(Arc<[ItemId]>),
    /// Of a field that was told and taken away again, where it matters that it once was told: an age. No field holds it.
    TakenAway,
}

impl Value {
    /// True where a field of type `kind` may hold this value.
    #[must_use]
    pub const fn fits_type(&self, kind: FieldType) -> bool {
        matches!(
            (self, kind),
            (Self::Text(_), FieldType::Id | FieldType::Text | FieldType::Choice)
                | (Self::Texts(_), FieldType::Texts)
                | (Self::Number(_), FieldType::Number)
                | (Self::Money(_), FieldType::Money)
                | (Self::Flag(_), FieldType::Flag)
                | (Self::Date(_), FieldType::Date)
                | (Self::Time(_), FieldType::Time)
                | (Self::Item(_), FieldType::Item)
                | (Self::Items(_), FieldType::Items)
        )
    }
}
