//! Of which type a plain value may be, as the policy declares its fields and jardin.toml writes its settings.

use std::{collections::BTreeSet, sync::Arc};

use jardin_contract::Param;
use jardin_model::FieldType;

use crate::{GrantedField, operators::Arithmetic};

/// How many texts are told apart of a value that may be several; beyond that it may be any.
const MAX_TEXTS: usize = 8;

/// A set of types: a value may be one of several where ways meet or campaigns differ. `()` is none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Types(u16);

impl Types {
    /// No value at all.
    pub(crate) const NONE: Self = Self(0);
    /// A whole number of the script's own: every other number is decimal.
    pub(crate) const WHOLE: Self = Self(1);
    /// A decimal number.
    pub(crate) const DECIMAL: Self = Self(1 << 1);
    pub(crate) const TEXT: Self = Self(1 << 2);
    pub(crate) const FLAG: Self = Self(1 << 3);
    pub(crate) const DATE: Self = Self(1 << 4);
    pub(crate) const TIME: Self = Self(1 << 5);
    pub(crate) const LIST: Self = Self(1 << 6);
    pub(crate) const TABLE: Self = Self(1 << 7);
    pub(crate) const RANGE: Self = Self(1 << 8);
    /// Any number.
    pub(crate) const NUMBER: Self = Self::WHOLE.or(Self::DECIMAL);
    /// Nothing is known.
    pub(crate) const ANY: Self = Self((1 << 9) - 1);

    /// How each is called.
    const WORDS: [(Self, &'static str); 8] = [
        (Self::NUMBER, "a number"),
        (Self::TEXT, "a text"),
        (Self::FLAG, "true or false"),
        (Self::DATE, "a date"),
        (Self::TIME, "a time"),
        (Self::LIST, "a list"),
        (Self::TABLE, "a table"),
        (Self::RANGE, "a range"),
    ];

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// True where both may be of one type; whole and decimal numbers are one.
    pub(crate) const fn meets(self, other: Self) -> bool {
        let number = Self::NUMBER.0;
        self.0 & other.0 != 0 || (self.0 & number != 0 && other.0 & number != 0)
    }

    /// True where it is none of them.
    pub(crate) const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// True where it can be nothing but these.
    pub(crate) const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0 && self.0 != 0
    }

    /// What it may be of these.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// In words: `a number`, `a text or a list`.
    pub(crate) fn words(self) -> String {
        let words = Self::WORDS.iter().filter(|(kind, _)| self.0 & kind.0 != 0).map(|(_, word)| *word);
        words.collect::<Vec<_>>().join(" or ")
    }

    fn of_field(kind: FieldType) -> Self {
        match kind {
            FieldType::Id | FieldType::Text | FieldType::Choice => Self::TEXT,
            FieldType::Texts | FieldType::Items | FieldType::Events => Self::LIST,
            FieldType::Number | FieldType::Money => Self::DECIMAL,
            FieldType::Flag => Self::FLAG,
            FieldType::Date => Self::DATE,
            FieldType::Time => Self::TIME,
            FieldType::Item => Self::ANY,
        }
    }
}

/// The type of a value, and which texts it may be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ValueType {
    /// Which types.
    pub(crate) types: Types,
    /// Where it is a text: one of these; `None` for any.
    pub(crate) texts: Option<BTreeSet<Arc<str>>>,
    /// True where the policy declares them: a setting may be another text tomorrow, and a choice not.
    pub(crate) is_choice: bool,
}

impl ValueType {
    /// No value.
    pub(crate) const NONE: Self = Self::plain(Types::NONE);
    /// Nothing is known.
    pub(crate) const ANY: Self = Self { types: Types::ANY, texts: None, is_choice: false };
    /// Any text.
    pub(crate) const TEXT: Self = Self { types: Types::TEXT, texts: None, is_choice: false };

    /// What is not a text.
    pub(crate) const fn plain(types: Types) -> Self {
        Self { types, texts: Some(BTreeSet::new()), is_choice: false }
    }

    /// A text of the script's own.
    pub(crate) fn of_text(text: &str) -> Self {
        Self { types: Types::TEXT, texts: Some(BTreeSet::from([Arc::from(text)])), is_choice: false }
    }

    /// What a granted field holds.
    pub(crate) fn of_field(field: &GrantedField) -> Self {
        let types = Types::of_field(field.kind);
        match field.kind {
            FieldType::Choice if !field.choices.is_empty() => {
                Self { types, texts: Some(field.choices.iter().cloned().collect()), is_choice: true }
            }
            FieldType::Number | FieldType::Money | FieldType::Flag | FieldType::Date | FieldType::Time => {
                Self::plain(types)
            }
            _ => Self { types, texts: None, is_choice: false },
        }
    }

    /// What stands in a field of several values.
    pub(crate) fn of_element(field: &GrantedField) -> Self {
        match field.kind {
            FieldType::Texts => Self::TEXT,
            _ => Self::ANY,
        }
    }

    /// What a setting is.
    pub(crate) fn of_param(param: &Param) -> Self {
        match param {
            Param::Text(text) => Self::of_text(text),
            Param::Flag(_) => Self::plain(Types::FLAG),
            // every number of the settings is decimal for a script
            Param::Integer(_) | Param::Number(_) => Self::plain(Types::DECIMAL),
            Param::Date(_) => Self::plain(Types::DATE),
            Param::Time(_) => Self::plain(Types::TIME),
            Param::List(_) => Self::plain(Types::LIST),
            Param::Table(_) => Self::plain(Types::TABLE),
        }
    }

    /// What stands in a setting.
    pub(crate) fn inside_param(param: &Param) -> Self {
        let all = |inside: &mut dyn Iterator<Item = &Param>| {
            inside.map(Self::of_param).fold(Self::NONE, Self::join_types)
        };
        match param {
            Param::List(list) => all(&mut list.iter()),
            Param::Table(table) => all(&mut table.values()),
            _ => Self::ANY,
        }
    }

    /// What either may be.
    pub(crate) fn join_types(self, other: Self) -> Self {
        let texts = self.texts.zip(other.texts).and_then(|(a, b)| join_texts(a, b));
        Self { types: self.types.or(other.types), texts, is_choice: self.is_choice || other.is_choice }
    }

    /// True where a value of either may equal one of the other.
    pub(crate) fn may_equal(&self, other: &Self) -> bool {
        let beside_texts = |types: Types| Types(types.0 & !Types::TEXT.0);
        let texts = Types::TEXT.meets(self.types.and(other.types)) && self.shares_text(other);
        texts || beside_texts(self.types).meets(beside_texts(other.types))
    }

    fn shares_text(&self, other: &Self) -> bool {
        match (&self.texts, &other.texts) {
            (Some(a), Some(b)) => !a.is_disjoint(b),
            _ => true,
        }
    }

    /// What two values give that are calculated with; `None` where they cannot be.
    pub(crate) fn calculate(&self, op: Arithmetic, other: &Self) -> Option<Self> {
        let mut given = Types::NONE;
        if self.types.meets(Types::NUMBER) && other.types.meets(Types::NUMBER) {
            let is_whole = |types: Types| types.and(Types::NUMBER).is_within(Types::WHOLE);
            let whole = is_whole(self.types) && is_whole(other.types) && op != Arithmetic::Divide;
            let may_be_whole =
                self.types.meets_exactly(Types::WHOLE) && other.types.meets_exactly(Types::WHOLE);
            given = given.or(match (whole, may_be_whole && op != Arithmetic::Divide) {
                (true, _) => Types::WHOLE,
                (false, true) => Types::NUMBER,
                (false, false) => Types::DECIMAL,
            });
        }
        let is_text =
            op == Arithmetic::Add && self.types.meets(Types::TEXT) && other.types.meets(Types::TEXT);
        if is_text {
            given = given.or(Types::TEXT);
        }
        let texts = if is_text { None } else { Some(BTreeSet::new()) };
        (!given.is_none()).then_some(Self { types: given, texts, is_choice: false })
    }
}

impl Types {
    /// As [`Types::meets`], with whole and decimal numbers told apart.
    pub(crate) const fn meets_exactly(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Both sets, while they are few or one holds the other: a value that weakens in a loop must settle.
fn join_texts(a: BTreeSet<Arc<str>>, b: BTreeSet<Arc<str>>) -> Option<BTreeSet<Arc<str>>> {
    let (mut more, less) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    if less.is_subset(&more) {
        return Some(more);
    }
    let extra = less.iter().filter(|text| !more.contains(*text)).count();
    if more.len().min(less.len()) > MAX_TEXTS || extra > MAX_TEXTS {
        return None;
    }
    more.extend(less);
    Some(more)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(words: &[&str]) -> ValueType {
        words.iter().map(|word| ValueType::of_text(word)).fold(ValueType::NONE, ValueType::join_types)
    }

    #[test]
    fn values_may_be_equal_where_one_type_and_one_text_is_shared() {
        let number = ValueType::plain(Types::DECIMAL);
        assert!(number.may_equal(&ValueType::plain(Types::WHOLE)));
        assert!(!number.may_equal(&ValueType::of_text("20")));
        let colours = choice(&["red", "white"]);
        assert!(colours.may_equal(&ValueType::of_text("red")));
        assert!(!colours.may_equal(&ValueType::of_text("rouge")));
        assert!(colours.may_equal(&ValueType::TEXT));
        // one that may be a number as well is not refused for its texts
        assert!(choice(&["rouge"]).join_types(number.clone()).may_equal(&number));
    }

    #[test]
    fn whole_numbers_stay_whole_until_they_meet_a_decimal_one_or_are_divided() {
        let [whole, decimal] = [Types::WHOLE, Types::DECIMAL].map(ValueType::plain);
        let given = |a: &ValueType, op, b: &ValueType| a.calculate(op, b).map(|t| t.types);
        assert_eq!(given(&whole, Arithmetic::Add, &whole), Some(Types::WHOLE));
        assert_eq!(given(&whole, Arithmetic::Divide, &whole), Some(Types::DECIMAL));
        assert_eq!(given(&whole, Arithmetic::Multiply, &decimal), Some(Types::DECIMAL));
        assert_eq!(given(&ValueType::TEXT, Arithmetic::Add, &ValueType::TEXT), Some(Types::TEXT));
        assert_eq!(given(&decimal, Arithmetic::Add, &ValueType::TEXT), None);
    }

    #[test]
    fn what_may_be_many_texts_may_be_any() {
        let words: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        let all = words.iter().map(|word| ValueType::of_text(word));
        assert!(all.fold(ValueType::NONE, ValueType::join_types).texts.is_some(), "one more at a time");
        let half =
            |from: usize| choice(&words.iter().skip(from).take(10).map(String::as_str).collect::<Vec<_>>());
        assert_eq!(half(0).join_types(half(10)).texts, None);
    }
}
