//! What a person's own export holds (GDPR Art. 15 and 20).

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{ChoiceStatus, EventKind, ItemId, RecommendationId, SessionId, Timestamp};

use super::receipt::DroppedFields;

/// A stored profile value.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportedValue {
    /// The value, as the shop sent it.
    pub value: serde_json::Value,
    /// When it was stored.
    pub stored_at: Timestamp,
}

/// One product of a stored event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedLine {
    /// Which product.
    pub item: ItemId,
    /// How many.
    pub quantity: u32,
    /// What else the line said, by field name.
    pub fields: BTreeMap<Arc<str>, serde_json::Value>,
}

/// A stored event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedEvent {
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub occurred_at: Timestamp,
    /// In which visit, where known.
    pub session: Option<SessionId>,
    /// The answer that led to it.
    pub recommendation: Option<RecommendationId>,
    /// The products.
    pub items: Vec<ExportedLine>,
    /// What else the event said, by field name.
    pub fields: BTreeMap<Arc<str>, serde_json::Value>,
}

/// A stored answer to a consent question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentShown {
    /// The question.
    pub name: Arc<str>,
    /// Yes or no.
    pub status: ChoiceStatus,
    /// Which version of the question was asked.
    pub text_version: Arc<str>,
    /// Where.
    pub source: Arc<str>,
    /// When.
    pub at: Timestamp,
    /// True where it permits anything now: a yes to a listed version that has not expired.
    pub counts: bool,
    /// From when on they may be asked again; `None` where nothing speaks against asking now, and of an earlier answer.
    pub ask_from: Option<Timestamp>,
}

/// A switch that somebody set by themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwitchShown {
    /// Which one.
    pub name: &'static str,
    /// On, or off.
    pub is_on: bool,
    /// When it was set.
    pub at: Timestamp,
    /// Where.
    pub source: Arc<str>,
}

/// Everything that is stored of a person.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonShown {
    /// Profile values by field name.
    pub fields: BTreeMap<Arc<str>, ExportedValue>,
    /// Events, oldest first.
    pub events: Vec<ExportedEvent>,
    /// Every answer to a consent question, by question and then by time.
    pub consents: Vec<ConsentShown>,
    /// What they switched off and on by themselves, by switch and then by time.
    pub switches: Vec<SwitchShown>,
    /// Since when they object.
    pub objected: Option<Timestamp>,
    /// Since when processing is restricted.
    pub restricted: Option<Timestamp>,
    /// When they were last seen.
    pub last_seen: Timestamp,
    /// The version, for ETag and If-Match, without quotes.
    pub version: String,
}

/// What became of a profile that was put or patched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileStored {
    /// What was dropped (index 0 throughout).
    pub redacted: Vec<DroppedFields>,
    /// The version, for ETag and If-Match, without quotes.
    pub version: String,
}

/// What became of an answer to a consent question that was given earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChoiceImport {
    /// It is stored now.
    Stored,
    /// It was stored before.
    Known,
    /// It is older than one that is stored, and was left out.
    Older,
}

/// What a shop tells of an answer to a consent question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentGiven {
    /// Yes or no.
    pub status: ChoiceStatus,
    /// Which version of the question was asked.
    pub text_version: Arc<str>,
    /// Where it was asked, such as `banner`.
    pub source: Arc<str>,
}
