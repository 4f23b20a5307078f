//! The settings of a strategy, as `params` gives them. Read-only, so that no request leaves anything for the
//! next one.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::{Param, Params};
use rhai::Dynamic;

use super::{Day, Moment, Now, value};

/// A table of settings. An unknown key is `()`.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    entries: Arc<BTreeMap<Arc<str>, Param>>,
    now: Now,
}

impl Table {
    /// All settings of a strategy.
    pub(crate) fn of(params: &Params, now: Now) -> Self {
        Self { entries: Arc::clone(&params.0), now }
    }

    /// One setting by its key; `()` where it is not set or the key is no text.
    pub(crate) fn at(&self, key: &Dynamic) -> Dynamic {
        key.as_immutable_string_ref().map_or(Dynamic::UNIT, |key| self.entry_named(&key))
    }

    /// One setting by its name; `()` where it is not set.
    pub(crate) fn entry_named(&self, name: &str) -> Dynamic {
        self.entries.get(name).map_or(Dynamic::UNIT, |param| param_value(param, self.now))
    }

    /// True where the key is set.
    pub(crate) fn has_key(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }
}

/// A list of settings.
#[derive(Debug, Clone)]
pub(crate) struct List {
    entries: Arc<[Param]>,
    now: Now,
}

impl List {
    /// Each entry, in its order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Dynamic> + '_ {
        self.entries.iter().map(|param| param_value(param, self.now))
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The entry at a place, from 0; `()` beyond the end.
    pub(crate) fn at(&self, place: &Dynamic) -> Dynamic {
        let place = crate::semantics::number_of(place).filter(|n| *n >= 0.0 && n.fract() == 0.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number that is not negative; a larger one is beyond every list"
        )]
        let entry = place.and_then(|n| self.entries.get(n as usize));
        entry.map_or(Dynamic::UNIT, |param| param_value(param, self.now))
    }
}

impl IntoIterator for List {
    type Item = Dynamic;
    type IntoIter = std::vec::IntoIter<Dynamic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter().collect::<Vec<_>>().into_iter()
    }
}

/// A setting as a script sees it: every number is decimal.
#[expect(clippy::cast_precision_loss, reason = "numbers always reach scripts as floats")]
fn param_value(param: &Param, now: Now) -> Dynamic {
    match param {
        Param::Flag(flag) => (*flag).into(),
        Param::Integer(i) => Dynamic::from_float(*i as f64),
        Param::Number(n) => Dynamic::from_float(*n),
        Param::Text(text) => value::text_value(text),
        Param::Date(date) => Dynamic::from(Day::new(*date, now)),
        Param::Time(at) => Dynamic::from(Moment::new(*at, now)),
        Param::List(entries) => Dynamic::from(List { entries: Arc::clone(entries), now }),
        Param::Table(entries) => Dynamic::from(Table { entries: Arc::clone(entries), now }),
    }
}
