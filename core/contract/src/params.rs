//! Settings of a strategy.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{Date, Timestamp};

/// One setting, as jardin.toml writes it.
#[derive(Debug, Clone, PartialEq)]
pub enum Param {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a decimal point.
    Number(f64),
    /// A text.
    Text(Arc<str>),
    /// A day.
    Date(Date),
    /// An instant.
    Time(Timestamp),
    /// A list.
    List(Arc<[Param]>),
    /// A table.
    Table(Arc<BTreeMap<Arc<str>, Param>>),
}

/// The settings of a strategy by name, with the campaigns of the hour laid over.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Params(pub Arc<BTreeMap<Arc<str>, Param>>);

impl Params {
    /// One setting; `None` where it is not set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Param> {
        self.0.get(name)
    }

    /// True of equal settings; where both are the same ones nothing is compared.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }

    /// These settings with others laid over them.
    #[must_use]
    pub fn lay_over(&self, over: &Self) -> Self {
        if over.0.is_empty() {
            return self.clone();
        }
        let mut merged = (*self.0).clone();
        merged.extend(over.0.iter().map(|(k, v)| (Arc::clone(k), v.clone())));
        Self(Arc::new(merged))
    }
}
