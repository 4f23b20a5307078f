//! The figures of a form: which keys, within which range, and how they are read.

use std::{collections::BTreeMap, sync::Arc};

use jardin_diagnostics::{TomlTable, TomlValue, codes::INVALID_VALUE, list_names};
use jardin_model::FieldType;

use super::edges::Edges;
use crate::rules::Age;

/// A figure of a form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// Its key.
    pub key: &'static str,
    /// What it may be.
    pub kind: FigureKind,
}

/// What a figure may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FigureKind {
    /// A whole number.
    Whole {
        /// The least that it may be.
        least: i64,
        /// The most that it may be.
        most: i64,
        /// What to multiply it by so that the form tells more.
        tells_more: f64,
    },
    /// A number above 0; the form tells more as it falls.
    Above0,
    /// Rising borders; the form tells more with another one.
    Borders,
    /// The name of an item field.
    ItemField,
    /// From each choice of the field to what is told.
    Map,
    /// A span of time; the form tells more as it grows.
    Span,
}

impl Figure {
    /// A whole number within a range; times `tells_more` the form tells more.
    pub(super) const fn whole(key: &'static str, least: i64, most: i64, tells_more: f64) -> Self {
        Self { key, kind: FigureKind::Whole { least, most, tells_more } }
    }

    pub(super) const fn of(key: &'static str, kind: FigureKind) -> Self {
        Self { key, kind }
    }
}

/// The declared item fields.
pub(crate) trait ItemFields {
    /// The name of the one that a figure names, if `fits` says so of its type; else a finding.
    fn find(&self, value: TomlValue<'_>, fits: fn(FieldType) -> bool) -> Option<Arc<str>>;
}

/// Where a form's figures are read.
pub(crate) struct Figures<'a, 't> {
    pub(crate) table: &'a TomlTable<'t>,
    /// In a derived field `from` names the field that it is made of.
    pub(crate) from_is_the_source: bool,
    /// What the field may be, if it is a choice.
    pub(crate) choices: &'a [Arc<str>],
    pub(crate) item_fields: &'a dyn ItemFields,
}

impl Figures<'_, '_> {
    /// A whole number that must be written.
    pub(super) fn whole(&self, figure: &Figure) -> Option<i64> {
        let FigureKind::Whole { least, most, .. } = figure.kind else { return None };
        self.table.require(figure.key, "10").and_then(|n| n.integer(least, most))
    }

    /// A whole number that may be left out.
    pub(super) fn whole_or(&self, figure: &Figure, otherwise: i64) -> Option<i64> {
        let FigureKind::Whole { least, most, .. } = figure.kind else { return None };
        self.table.get(figure.key).map_or(Some(otherwise), |n| n.integer(least, most))
    }

    pub(super) fn number_above_0(&self, figure: &Figure) -> Option<f64> {
        let node = self.table.require(figure.key, "10")?;
        let number = node.number()?;
        if number <= 0.0 {
            node.finding(INVALID_VALUE, "a figure to round to is above 0", None);
            return None;
        }
        Some(number)
    }

    pub(super) fn borders(&self, figure: &Figure) -> Option<Edges> {
        let node = self.table.require(figure.key, "[25, 50, 100]")?;
        let figures: Option<Vec<f64>> = node.list()?.iter().map(TomlValue::number).collect();
        let edges = Edges::new(figures?);
        if edges.is_none() {
            let help = "write such as `[25, 50, 100]`".to_owned();
            node.finding(INVALID_VALUE, "edges rise from one to the next", Some(help));
        }
        edges
    }

    pub(super) fn item_field(&self, figure: &Figure, fits: fn(FieldType) -> bool) -> Option<Arc<str>> {
        self.item_fields.find(self.table.require(figure.key, "\"category\"")?, fits)
    }

    pub(super) fn span_of_time(&self, figure: &Figure) -> Option<Age> {
        self.table.require(figure.key, "\"30 days\"").and_then(Age::read)
    }

    /// A map from each choice; total, so that nothing passes as it is.
    pub(super) fn map(&self, figure: &Figure) -> Option<BTreeMap<Arc<str>, Arc<str>>> {
        let node = self.table.require(figure.key, "{ exact = \"general\" }")?;
        let mut map = BTreeMap::new();
        for entry in node.table(figure.key)?.entries() {
            if !self.choices.iter().any(|c| **c == *entry.key) {
                let known = self.choices.iter().map(|c| &**c);
                self.table.sink().add_unknown(INVALID_VALUE, entry.span, "choice", entry.key, known);
            }
            map.insert(Arc::from(entry.key), Arc::from(entry.node.text()?));
        }
        let missing: Vec<&str> =
            self.choices.iter().filter(|c| !map.contains_key(*c)).map(|c| &**c).collect();
        if !missing.is_empty() {
            let help = format!("add {}", list_names(&missing));
            node.finding(INVALID_VALUE, "the map is not total", Some(help));
            return None;
        }
        Some(map)
    }
}
