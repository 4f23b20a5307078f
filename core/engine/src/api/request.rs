//! What a shop asks.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{ItemId, SessionId, SubjectId};

/// JSON fields by name, as they were sent.
pub type Fields = serde_json::Map<String, serde_json::Value>;

/// What a call says beside what is stored. It can only narrow: a yes changes nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PrivacySignals {
    /// Answers that the call repeats, by the consent's name.
    pub consent: BTreeMap<Arc<str>, bool>,
    /// The call objects.
    pub objected: bool,
    /// `Sec-GPC: 1` came as a header, or `gpc` in the body.
    pub gpc: bool,
    /// A TCF string. One that cannot be read refuses.
    pub tcf: Option<Arc<str>>,
    /// Google's consent mode: key to granted or not.
    pub consent_mode: BTreeMap<Arc<str>, bool>,
}

/// One question for recommendations. Everything but the placement may be left at its default.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Request {
    /// Which place on a page.
    pub placement: String,
    /// Who, where known.
    pub subject: Option<SubjectId>,
    /// Which visit, where known.
    pub session: Option<SessionId>,
    /// Declared session fields.
    pub session_fields: Fields,
    /// Declared context fields.
    pub context: Fields,
    /// In which language reasons are told, such as `fr-FR`.
    pub locale: Option<String>,
    /// What narrows what is stored.
    pub narrowing: PrivacySignals,
    /// Fewer items than the placement's limit.
    pub limit: Option<usize>,
    /// Items that are not shown.
    pub exclude: Vec<ItemId>,
    /// The name of a filter of jardin.toml.
    pub filter: Option<String>,
    /// How long the answer may take, in milliseconds.
    pub deadline_ms: Option<u32>,
    /// The fields of items that are shown; those of the placement where it is `None`.
    pub show: Option<Vec<String>>,
    /// Too much is asked at once: the list is nobody's, from memory.
    pub is_shed: bool,
}
