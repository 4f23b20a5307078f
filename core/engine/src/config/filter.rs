//! `[filters.*]`: what a request may ask for by name.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::PlainValue;
use jardin_diagnostics::{TomlTable, TomlValue, codes::INVALID_VALUE, did_you_mean};
use jardin_model::FieldType;

use super::{names::ShopNames, plain};

/// How a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Is,
    /// Not equal, or absent.
    IsNot,
    /// A texts field contains it.
    Has,
    /// Less.
    Below,
    /// Less or equal.
    AtMost,
    /// More.
    Above,
    /// More or equal.
    AtLeast,
}

impl Operator {
    /// Every one.
    pub const ALL: [Self; 7] =
        [Self::Is, Self::IsNot, Self::Has, Self::Below, Self::AtMost, Self::Above, Self::AtLeast];

    /// The words of jardin.toml for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::IsNot => "is not",
            Self::Has => "has",
            Self::Below => "below",
            Self::AtMost => "at most",
            Self::Above => "above",
            Self::AtLeast => "at least",
        }
    }
}

/// One filter. An item whose field is absent passes only [`Operator::IsNot`].
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// Which item field, without the namespace.
    pub field: Arc<str>,
    /// How it is compared.
    pub op: Operator,
    /// With what; a number for a field of type money.
    pub value: PlainValue,
}

impl Operator {
    const fn compares_order(self) -> bool {
        matches!(self, Self::Below | Self::AtMost | Self::Above | Self::AtLeast)
    }

    const fn suits(self, kind: FieldType) -> bool {
        match self {
            Self::Has => matches!(kind, FieldType::Texts),
            _ if self.compares_order() => matches!(kind, FieldType::Number | FieldType::Money),
            _ => !matches!(kind, FieldType::Texts),
        }
    }
}

pub(super) fn read_filters(root: &TomlTable<'_>, names: &ShopNames<'_>) -> BTreeMap<Arc<str>, Filter> {
    let entries =
        root.get("filters").and_then(|n| n.table("[filters]")).map(|t| t.entries()).unwrap_or_default();
    entries.into_iter().filter_map(|e| Some((e.key.into(), read_filter(e.node, e.key, names)?))).collect()
}

fn read_filter(node: TomlValue<'_>, name: &str, names: &ShopNames<'_>) -> Option<Filter> {
    let table = node.table(format!("[filters.{name}]"))?;
    let field = table.require("field", "\"price\"").and_then(|n| Some((n.text()?, n.span)));
    let op = table.require("op", "\"below\"").and_then(|n| Some((read_operator(n)?, n)));
    let value = table.require("value", "50");
    table.end();
    let (field, span) = field?;
    let declared = names.open_field(field, span)?;
    let kind = declared.kind;
    let (op, place) = op?;
    if !op.suits(kind) {
        place.finding(INVALID_VALUE, format!("`{}` does not suit a field of type {kind}", op.word()), None);
        return None;
    }
    Some(Filter { field: field.into(), op, value: plain::read_plain(value?, declared)? })
}

fn read_operator(node: TomlValue<'_>) -> Option<Operator> {
    let word = node.text()?;
    let op = Operator::ALL.into_iter().find(|o| o.word() == word);
    if op.is_none() {
        let meant = did_you_mean(word, Operator::ALL.into_iter().map(Operator::word));
        let listed = || Operator::ALL.map(|o| format!("`{}`", o.word())).join(", ");
        let help = meant
            .map_or_else(|| format!("the comparisons are {}", listed()), |m| format!("did you mean `{m}`?"));
        node.finding(INVALID_VALUE, format!("`{word}` is not a comparison"), Some(help));
    }
    op
}
