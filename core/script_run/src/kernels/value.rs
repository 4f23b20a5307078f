//! Values while a compiled rule runs: those of columns without a copy, all others as the interpreter has
//! them.

use std::sync::Arc;

use jardin_model::{ItemIndex, Symbol};
use jardin_script_check::{
    limits,
    operators::{Arithmetic, Comparison},
};
use rhai::{Dynamic, INT};

use crate::{
    host::{Day, Item, Moment, Request, Texts},
    semantics::{self, Fault},
};

/// Why an expression has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The candidate fails, as it would in the interpreter.
    Fault,
    /// This way of running does not know what to do: the interpreter does the whole request.
    Bail,
    /// The deadline passed.
    Late,
    /// A block took more steps than a turn may.
    TooLong,
}

impl From<Fault> for Stop {
    fn from(_: Fault) -> Self {
        Self::Fault
    }
}

/// A value.
#[derive(Debug, Clone)]
pub(super) enum Value<'v> {
    /// `()`.
    Unit,
    /// A flag.
    Flag(bool),
    /// A whole number.
    Whole(INT),
    /// A decimal number.
    Number(f64),
    /// A text of the catalogue.
    Symbol(Symbol),
    /// Texts of the catalogue.
    Symbols(&'v [Symbol]),
    /// A date.
    Day(Day),
    /// A time.
    Moment(Moment),
    /// A product that is not the candidate.
    Item(Option<ItemIndex>),
    /// Anything else.
    Other(Dynamic),
}

impl<'v> Value<'v> {
    /// As the interpreter has it.
    pub(super) fn to_dynamic(&self, request: &Arc<Request>) -> Dynamic {
        match self {
            Self::Unit => Dynamic::UNIT,
            Self::Flag(flag) => (*flag).into(),
            Self::Whole(n) => Dynamic::from_int(*n),
            Self::Number(n) => Dynamic::from_float(*n),
            Self::Symbol(symbol) => {
                request.view().text(*symbol).map_or(Dynamic::UNIT, |t| crate::host::text_value(t))
            }
            Self::Symbols(symbols) => {
                let texts = symbols.iter().filter_map(|s| request.view().text(*s).cloned());
                Dynamic::from(Texts(texts.collect()))
            }
            Self::Day(day) => Dynamic::from(*day),
            Self::Moment(moment) => Dynamic::from(*moment),
            Self::Item(index) => Dynamic::from(Item::other(request, *index)),
            Self::Other(value) => value.clone(),
        }
    }

    /// A value of the interpreter. A text that the catalogue knows becomes its symbol, so that comparing it
    /// costs nothing.
    pub(super) fn of_dynamic(value: Dynamic, request: &Request) -> Self {
        if value.is_unit() {
            return Self::Unit;
        }
        if let Ok(flag) = value.as_bool() {
            return Self::Flag(flag);
        }
        if let Ok(n) = value.as_int() {
            return Self::Whole(n);
        }
        if let Ok(n) = value.as_float() {
            return Self::Number(n);
        }
        let symbol = value.as_immutable_string_ref().ok().and_then(|text| request.view().symbol(&text));
        if let Some(symbol) = symbol {
            return Self::Symbol(symbol);
        }
        if let Some(day) = value.read_lock::<Day>().map(|d| *d) {
            return Self::Day(day);
        }
        if let Some(moment) = value.read_lock::<Moment>().map(|m| *m) {
            return Self::Moment(moment);
        }
        if let Some(index) = value.read_lock::<Item>().map(|i| i.index()) {
            return Self::Item(index);
        }
        Self::Other(value)
    }

    /// True for `()`.
    pub(super) const fn is_unit(&self) -> bool {
        matches!(self, Self::Unit)
    }

    /// A number as a decimal one.
    #[expect(clippy::cast_precision_loss, reason = "whole numbers of scripts are literals and counts")]
    pub(super) const fn number(&self) -> Option<f64> {
        match self {
            Self::Number(n) => Some(*n),
            Self::Whole(n) => Some(*n as f64),
            _ => None,
        }
    }

    /// A condition.
    pub(super) const fn flag(&self) -> Result<bool, Stop> {
        match self {
            Self::Flag(flag) => Ok(*flag),
            _ => Err(Stop::Fault),
        }
    }

    /// `a == b`.
    pub(super) fn equals(&self, other: &Self, request: &Arc<Request>) -> bool {
        #[expect(clippy::float_cmp, reason = "`==` of scripts is that of IEEE 754")]
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a == b,
            (Self::Symbol(a), Self::Symbol(b)) => a == b,
            (Self::Flag(a), Self::Flag(b)) => a == b,
            (Self::Item(index), Self::Unit) | (Self::Unit, Self::Item(index)) => index.is_none(),
            (Self::Unit, other) | (other, Self::Unit) => other.is_unit(),
            (a, b) => match (a.number(), b.number()) {
                (Some(a), Some(b)) => a == b,
                _ => semantics::are_equal(&a.to_dynamic(request), &b.to_dynamic(request)),
            },
        }
    }

    /// `a < b` and its like.
    pub(super) fn compares(
        &self,
        op: Comparison,
        other: &Self,
        request: &Arc<Request>,
    ) -> Result<bool, Stop> {
        if let (Self::Whole(a), Self::Whole(b)) = (self, other) {
            return Ok(op.fits_order(a.cmp(b)));
        }
        if let (Some(a), Some(b)) = (self.number(), other.number()) {
            return Ok(op.compare_floats(a, b));
        }
        Ok(semantics::compare_values(op, &self.to_dynamic(request), &other.to_dynamic(request))?)
    }

    /// `a + b` and its like.
    pub(super) fn calculates(
        &self,
        op: Arithmetic,
        other: &Self,
        request: &Arc<Request>,
    ) -> Result<Self, Stop> {
        let whole = matches!((self, other), (Self::Whole(_), Self::Whole(_)));
        if let (Some(a), Some(b), false) = (self.number(), other.number(), whole) {
            return Ok(Self::Number(op.calculate_floats(a, b)));
        }
        let given = semantics::calculate_values(op, &self.to_dynamic(request), &other.to_dynamic(request))?;
        check_text_size(&given)?;
        Ok(Self::of_dynamic(given, request))
    }

    /// `x in list`.
    pub(super) fn holds(&self, x: &Self, request: &Arc<Request>) -> Result<bool, Stop> {
        match (self, x) {
            (Self::Unit, _) | (_, Self::Unit) => Ok(false),
            (Self::Symbols(symbols), Self::Symbol(symbol)) => Ok(symbols.contains(symbol)),
            (list, x) => Ok(semantics::contains_value(&list.to_dynamic(request), &x.to_dynamic(request))?),
        }
    }
}

/// Whether a text is within the interpreter's limit.
pub(super) fn check_text_size(value: &Dynamic) -> Result<(), Stop> {
    let len = value.as_immutable_string_ref().map_or(0, |t| t.len());
    if len > limits::TEXT_BYTES { Err(Stop::Bail) } else { Ok(()) }
}
