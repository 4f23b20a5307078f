//! What operators and plain functions mean: one table for the interpreter and for compiled rules.
//!
//! Numbers of fields are decimal and literals may be whole, so the two kinds mix. Comparisons are those of
//! IEEE 754 and not Rhai's, whose tolerance makes infinity compare false with everything: `stock / 0 > 180`
//! is true here. Division is always decimal: `7 / 2` is 3.5 as it is of two fields.

use std::ops::{Range, RangeInclusive};

use jardin_script_check::operators::{Arithmetic, Comparison};
use rhai::{Array, Dynamic, INT, ImmutableString};

use crate::host::{Day, Events, Items, List, Moment, Table, Texts};

/// Why an expression has no value. Each is told in constant words, so that no value of a field can stand in an
/// error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Two values without a common order.
    Order,
    /// Arithmetic with what is not a number.
    Number,
    /// Whole numbers beyond their range, or divided by zero.
    Range,
    /// A condition that is not a flag.
    Condition,
    /// A factor that may not be.
    Factor,
    /// A function does not take such a value.
    Argument,
}

impl Fault {
    /// What happened, in words.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Order => "values are ordered that have no order, such as an absent one",
            Self::Number => "a value that is not a number is calculated with",
            Self::Range => "a whole number leaves its range",
            Self::Condition => "a condition is neither true nor false",
            Self::Factor => "a factor is out of its range",
            Self::Argument => "a function is given values that it does not take",
        }
    }
}

/// A number as a decimal one.
#[expect(clippy::cast_precision_loss, reason = "whole numbers of scripts are literals and counts")]
pub(crate) fn number_of(value: &Dynamic) -> Option<f64> {
    value.as_float().ok().or_else(|| value.as_int().ok().map(|i| i as f64))
}

/// `a == b`. Values of different kinds differ; `()` equals itself alone.
pub(crate) fn are_equal(a: &Dynamic, b: &Dynamic) -> bool {
    if let (Ok(a), Ok(b)) = (a.as_int(), b.as_int()) {
        return a == b;
    }
    if let (Some(a), Some(b)) = (number_of(a), number_of(b)) {
        #[expect(clippy::float_cmp, reason = "`==` of scripts is that of IEEE 754")]
        return a == b;
    }
    if let (Ok(a), Ok(b)) = (a.as_immutable_string_ref(), b.as_immutable_string_ref()) {
        return *a == *b;
    }
    if a.is_unit() || b.is_unit() {
        return a.is_unit() && b.is_unit();
    }
    if let (Ok(a), Ok(b)) = (a.as_bool(), b.as_bool()) {
        return a == b;
    }
    match (moment_of(a), moment_of(b)) {
        (Some(a), Some(b)) => a == b,
        _ => equal_lists(a, b),
    }
}

fn equal_lists(a: &Dynamic, b: &Dynamic) -> bool {
    match (elements_of(a), elements_of(b)) {
        (Some(a), Some(b)) => a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| are_equal(a, b)),
        _ => false,
    }
}

/// The elements of an array, a list of the settings or a texts field.
pub(crate) fn elements_of(value: &Dynamic) -> Option<Array> {
    if let Ok(array) = value.as_array_ref() {
        return Some(array.clone());
    }
    if let Some(list) = value.read_lock::<List>() {
        return Some(list.iter().collect());
    }
    value.read_lock::<Texts>().map(|texts| texts.iter().collect())
}

fn moment_of(value: &Dynamic) -> Option<i64> {
    let day = value.read_lock::<Day>().map(|d| d.order_number());
    day.or_else(|| value.read_lock::<Moment>().map(|m| m.order_number()))
}

/// `a < b` and its like: numbers, texts, two dates or two instants.
pub(crate) fn compare_values(op: Comparison, a: &Dynamic, b: &Dynamic) -> Result<bool, Fault> {
    if let (Ok(a), Ok(b)) = (a.as_int(), b.as_int()) {
        return Ok(op.fits_order(a.cmp(&b)));
    }
    if let (Some(a), Some(b)) = (number_of(a), number_of(b)) {
        return Ok(op.compare_floats(a, b));
    }
    if let (Ok(a), Ok(b)) = (a.as_immutable_string_ref(), b.as_immutable_string_ref()) {
        return Ok(op.fits_order(a.as_str().cmp(b.as_str())));
    }
    let same_kind = a.type_id() == b.type_id();
    match (moment_of(a), moment_of(b)) {
        (Some(a), Some(b)) if same_kind => Ok(op.fits_order(a.cmp(&b))),
        _ => Err(Fault::Order),
    }
}

/// `a + b` and its like.
pub(crate) fn calculate_values(op: Arithmetic, a: &Dynamic, b: &Dynamic) -> Result<Dynamic, Fault> {
    // a default such as `item.pack ?? 1` is whole where the field is decimal, and both must divide alike
    if let (Ok(a), Ok(b), true) = (a.as_int(), b.as_int(), op != Arithmetic::Divide) {
        return op.calculate_integers(a, b).map(Dynamic::from_int).ok_or(Fault::Range);
    }
    if let (Some(a), Some(b)) = (number_of(a), number_of(b)) {
        return Ok(Dynamic::from_float(op.calculate_floats(a, b)));
    }
    if let (Arithmetic::Add, Ok(a), Ok(b)) = (op, a.as_immutable_string_ref(), b.as_immutable_string_ref()) {
        let mut joined = ImmutableString::clone(&a);
        joined += b.as_str();
        return Ok(joined.into());
    }
    Err(Fault::Number)
}

/// `-a`.
pub(crate) fn negate_value(a: &Dynamic) -> Result<Dynamic, Fault> {
    if let Ok(a) = a.as_int() {
        return a.checked_neg().map(Dynamic::from_int).ok_or(Fault::Range);
    }
    a.as_float().map(|a| Dynamic::from_float(-a)).map_err(|_| Fault::Number)
}

/// `!a`.
pub(crate) fn negate_flag(a: &Dynamic) -> Result<bool, Fault> {
    a.as_bool().map(|a| !a).map_err(|_| Fault::Condition)
}

/// `x in list`: an element of a list, a number of a range, a part of a text, a key of a table. `()` is in
/// nothing, and nothing is in `()`.
pub(crate) fn contains_value(list: &Dynamic, x: &Dynamic) -> Result<bool, Fault> {
    if x.is_unit() || list.is_unit() {
        return Ok(false);
    }
    if let Ok(array) = list.as_array_ref() {
        return Ok(array.iter().any(|e| are_equal(e, x)));
    }
    if let Some(list) = list.read_lock::<List>() {
        return Ok(list.iter().any(|e| are_equal(&e, x)));
    }
    if let Some(ends) = Ends::ends_of(list) {
        return Ok(number_of(x).is_some_and(|x| ends.hold_number(x)));
    }
    let text = x.as_immutable_string_ref();
    if let Some(texts) = list.read_lock::<Texts>() {
        return Ok(text.is_ok_and(|text| texts.has(&text)));
    }
    let text = text.map_err(|_| Fault::Argument)?;
    if let Ok(whole) = list.as_immutable_string_ref() {
        return Ok(whole.contains(text.as_str()));
    }
    if let Ok(map) = list.as_map_ref() {
        return Ok(map.contains_key(text.as_str()));
    }
    list.read_lock::<Table>().map(|table| table.has_key(&text)).ok_or(Fault::Argument)
}

/// `a..b`, and `a..=b` where the last one counts.
pub(crate) fn range_between(from: &Dynamic, to: &Dynamic, with_last: bool) -> Result<Dynamic, Fault> {
    match (from.as_int(), to.as_int()) {
        (Ok(from), Ok(to)) if with_last => Ok(Dynamic::from(from..=to)),
        (Ok(from), Ok(to)) => Ok(Dynamic::from(from..to)),
        _ => Err(Fault::Argument),
    }
}

/// The ends of a range.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ends {
    from: INT,
    to: INT,
    /// True of `..=`.
    with_last: bool,
}

impl Ends {
    /// Those of a value that is a range.
    pub(crate) fn ends_of(value: &Dynamic) -> Option<Self> {
        if let Some(range) = value.read_lock::<Range<INT>>() {
            return Some(Self { from: range.start, to: range.end, with_last: false });
        }
        let range = value.read_lock::<RangeInclusive<INT>>()?;
        Some(Self { from: *range.start(), to: *range.end(), with_last: true })
    }

    /// True of a number between them.
    #[expect(clippy::cast_precision_loss, reason = "the ends are literals and counts")]
    pub(crate) fn hold_number(self, x: f64) -> bool {
        let (from, to) = (self.from as f64, self.to as f64);
        x >= from && if self.with_last { x <= to } else { x < to }
    }

    /// The whole numbers between them, so many at most.
    pub(crate) fn take_numbers(self, most: usize) -> impl Iterator<Item = INT> {
        let last = self.with_last.then_some(self.to);
        (self.from..self.to).chain(last.filter(|to| *to >= self.from)).take(most)
    }
}

/// The smaller of two numbers.
pub(crate) fn smaller_of(a: &Dynamic, b: &Dynamic) -> Result<f64, Fault> {
    let (a, b) = both_numbers(a, b)?;
    Ok(if a <= b { a } else { b })
}

/// The larger of two numbers.
pub(crate) fn larger_of(a: &Dynamic, b: &Dynamic) -> Result<f64, Fault> {
    let (a, b) = both_numbers(a, b)?;
    Ok(if a >= b { a } else { b })
}

fn both_numbers(a: &Dynamic, b: &Dynamic) -> Result<(f64, f64), Fault> {
    number_of(a).zip(number_of(b)).ok_or(Fault::Number)
}

/// How many elements a list has, or how many characters a text.
pub(crate) fn length_of(value: &Dynamic) -> Result<INT, Fault> {
    let count = if let Ok(text) = value.as_immutable_string_ref() {
        text.chars().count()
    } else if let Ok(array) = value.as_array_ref() {
        array.len()
    } else if let Some(list) = value.read_lock::<List>() {
        list.len()
    } else if let Some(texts) = value.read_lock::<Texts>() {
        texts.len()
    } else if let Some(items) = value.read_lock::<Items>() {
        items.len()
    } else if let Some(events) = value.read_lock::<Events>() {
        events.len()
    } else {
        return Err(Fault::Argument);
    };
    INT::try_from(count).map_err(|_| Fault::Range)
}
