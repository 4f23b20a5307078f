//! What is known of a value before any script runs.

use std::{fmt, sync::Arc};

use jardin_model::Namespace;
use rhai::Position;

use super::{
    plan::{Fork, Plan},
    value_type::{Types, ValueType},
};

/// A thing with fields that never change during a run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Object {
    /// The candidate.
    Candidate,
    /// Subject, session or context.
    Of(Namespace),
    /// The product of an item field, such as `page_item`. It may be missing.
    Named(Namespace, Arc<str>),
    /// The product or event that a loop is at; the loop is told by its place.
    Looped(usize, usize, Arc<str>),
    /// The settings.
    Settings,
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Candidate => f.write_str("item"),
            Self::Of(namespace) => f.write_str(namespace.word()),
            Self::Named(namespace, name) => write!(f, "{}.{name}", namespace.word()),
            Self::Looped(_, _, name) => f.write_str(name),
            Self::Settings => f.write_str("params"),
        }
    }
}

/// One field of one object; without a field the object itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    /// Whose field.
    pub(crate) object: Object,
    /// Which field.
    pub(crate) field: Option<Arc<str>>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "{}.{field}", self.object),
            None => write!(f, "{}", self.object),
        }
    }
}

/// Whether a value may be `()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Absence {
    /// It never is.
    Never,
    /// It depends on the settings, which the merchant writes herself.
    Settings,
    /// It depends on a product or a person: it must be guarded.
    Field,
}

/// What a value was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Origin {
    /// Of the script's own text.
    Constant,
    /// Of the settings as well.
    Settings,
    /// Of data.
    Data,
    /// Of a field of a person that may change the order alone.
    OrderOnly,
}

impl Origin {
    /// True for what is made of data, whatever that may do.
    pub(crate) fn is_data(self) -> bool {
        self >= Self::Data
    }
}

/// What decides whether a point is reached, or which of two values there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decided {
    /// The first condition on data that does.
    pub(crate) by_data: Option<Position>,
    /// The first condition on a field that may change the order alone.
    pub(crate) by_order_only: Option<Position>,
}

impl Decided {
    /// Nothing but the text and the settings.
    pub(crate) const BY_NOTHING: Self = Self { by_data: None, by_order_only: None };

    /// What a condition of that origin decides.
    pub(crate) fn by(origin: Origin, at: Position) -> Self {
        Self {
            by_data: origin.is_data().then_some(at),
            by_order_only: (origin == Origin::OrderOnly).then_some(at),
        }
    }

    /// Both; of each kind the first condition is kept.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            by_data: self.by_data.or(other.by_data),
            by_order_only: self.by_order_only.or(other.by_order_only),
        }
    }

    /// What is told by being there at all.
    pub(crate) const fn origin(self) -> Origin {
        match (self.by_order_only, self.by_data) {
            (Some(_), _) => Origin::OrderOnly,
            (None, Some(_)) => Origin::Data,
            (None, None) => Origin::Constant,
        }
    }
}

/// A plain value: it holds nothing that has fields of a product or person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Value {
    /// Whether it may be `()`.
    pub(crate) absence: Absence,
    /// Whether what it holds may be `()`.
    pub(crate) inner: Absence,
    /// The field that it is a copy of.
    pub(crate) place: Option<Place>,
    /// What it was made of.
    pub(crate) origin: Origin,
    /// What it is.
    pub(crate) own: ValueType,
    /// What stands in it, where it is a list or a table.
    pub(crate) element: ValueType,
}

impl Value {
    /// A constant that is not `()`.
    pub(crate) const CONSTANT: Self = Self {
        absence: Absence::Never,
        inner: Absence::Never,
        place: None,
        origin: Origin::Constant,
        own: ValueType::ANY,
        element: ValueType::ANY,
    };
    /// `()` itself.
    pub(crate) const UNIT: Self = Self {
        absence: Absence::Field,
        inner: Absence::Never,
        place: None,
        origin: Origin::Constant,
        own: ValueType::NONE,
        element: ValueType::NONE,
    };
    /// A setting.
    pub(crate) const SETTING: Self = Self {
        absence: Absence::Settings,
        inner: Absence::Settings,
        place: None,
        origin: Origin::Settings,
        own: ValueType::ANY,
        element: ValueType::ANY,
    };
    /// Anything that may have been made of data and may be `()`.
    pub(crate) const ANYTHING: Self = Self {
        absence: Absence::Field,
        inner: Absence::Field,
        place: None,
        origin: Origin::Data,
        own: ValueType::ANY,
        element: ValueType::ANY,
    };
    /// True or false, of constants.
    pub(crate) const FLAG: Self = Self::of_type(ValueType::plain(Types::FLAG));

    /// What was refused: nothing more is said of it.
    pub(crate) const REFUSED: Self = Self { origin: Origin::Data, ..Self::SETTING };

    /// A constant of a type.
    pub(crate) const fn of_type(own: ValueType) -> Self {
        Self {
            absence: Absence::Never,
            inner: Absence::Never,
            place: None,
            origin: Origin::Constant,
            own,
            element: ValueType::ANY,
        }
    }

    pub(crate) fn join_values(self, other: Self) -> Self {
        Self {
            own: self.own.join_types(other.own),
            element: self.element.join_types(other.element),
            absence: self.absence.max(other.absence),
            inner: self.inner.max(other.inner),
            place: self.place.filter(|p| Some(p) == other.place.as_ref()),
            origin: self.origin.max(other.origin),
        }
    }
}

/// What a list field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Elements {
    /// Products.
    Items,
    /// Events.
    Events,
}

/// What is known of a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Abstract {
    /// A plain value.
    Value(Value),
    /// A list of candidates.
    Plan(Plan),
    /// A product.
    Item(Object),
    /// An event of a history.
    Event(Object),
    /// A basket or history, with its place and whether it may be `()`.
    Many(Elements, Place, Absence),
    /// Subject, session or context.
    Person(Namespace),
    /// The settings.
    Params,
    /// The lists that may be asked.
    Sources,
    /// The page.
    Page,
}

impl Abstract {
    /// A constant that is not `()`.
    pub(crate) const CONSTANT: Self = Self::Value(Value::CONSTANT);
    /// `()` itself.
    pub(crate) const UNIT: Self = Self::Value(Value::UNIT);

    /// What either may be; `None` where no name is left for what it is. `variable` tells the variables apart that
    /// meet at the fork. A plain value is as before: what data decided was noted when it was assigned.
    pub(crate) fn join(self, other: Self, fork: Fork, variable: usize) -> Option<Self> {
        match (self, other) {
            (Self::Plan(a), Self::Plan(b)) => Some(Self::Plan(a.either(b, fork, variable))),
            (Self::Value(a), Self::Value(b)) => Some(Self::Value(a.join_values(b))),
            (Self::Many(e, p, a), Self::Many(f, q, b)) if e == f && p == q => {
                Some(Self::Many(e, p, a.max(b)))
            }
            (a, b) => (a == b).then_some(a),
        }
    }
}
