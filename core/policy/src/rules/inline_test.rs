//! The tests that a policy holds, as they are written.

use std::sync::Arc;

use jardin_diagnostics::Span;
use jardin_model::{Date, FieldPath};

use super::{FieldId, Stop, StrategyName};
use crate::runtime::Signals;

/// A plain value of a test.
#[derive(Debug, Clone, PartialEq)]
pub enum Plain {
    /// A text.
    Text(Arc<str>),
    /// A number.
    Number(f64),
    /// A flag.
    Flag(bool),
    /// A day.
    Date(Date),
    /// An instant: a day and the seconds since its midnight, in the policy's time zone.
    Time(Date, i64),
}

/// An item of a test; it stands for the catalogue and needs no `always` field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GivenItem {
    /// Its fields.
    pub fields: Vec<(FieldId, Vec<Plain>)>,
    /// On which day its event was; just now where it is not said.
    pub on: Option<Date>,
    /// How many; 1 where it is not said.
    pub quantity: Option<u32>,
}

/// A given value.
#[derive(Debug, Clone, PartialEq)]
pub enum GivenField {
    /// A plain value.
    Plain(Plain),
    /// Plain values.
    List(Vec<Plain>),
    /// Items, or the events of a history; true for a single item.
    Items(Vec<GivenItem>, bool),
}

/// The person and the request of a test.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Given {
    /// The consents given.
    pub consent: Vec<Arc<str>>,
    /// When they were given; just now where it is not said.
    pub consent_on: Option<Date>,
    /// To which text; the first that counts where it is not said.
    pub consent_text: Option<Arc<str>>,
    /// She objected.
    pub objected: bool,
    /// Processing is restricted.
    pub restricted: bool,
    /// What is stopped; nothing where it is not said, whatever the policy's own `[stop]` says.
    pub stop: Stop,
    /// What came with the request.
    pub signals: Signals,
    /// The day of the test; the revision's where it is not said.
    pub today: Option<Date>,
    /// Her data, the visit's and the page's.
    pub fields: Vec<(FieldId, GivenField)>,
}

/// What a test expects.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Expect {
    /// Which strategy runs.
    pub runs: Option<StrategyName>,
    /// Which values it sees.
    pub sees: Vec<(FieldId, Vec<Plain>)>,
    /// Which fields it is not granted.
    pub hides: Vec<FieldPath>,
    /// Of which items events are stored.
    pub stores: Option<Vec<Arc<str>>>,
    /// From which items strategies learn.
    pub teaches: Option<Vec<Arc<str>>>,
    /// It is granted nothing of the person or the visit.
    pub sees_nothing_about_the_person: bool,
}

/// One test.
#[derive(Debug, Clone, PartialEq)]
pub struct InlineTest {
    /// What it says.
    pub name: Arc<str>,
    /// The strategy that is asked; after it comes the fallback.
    pub ask: StrategyName,
    /// The person and the request.
    pub given: Given,
    /// What is expected.
    pub expect: Expect,
    /// Where it stands.
    pub span: Span,
}
