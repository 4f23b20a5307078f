//! What people see of what a shop keeps of them, and what they decide about it by themselves.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{EventKind, ItemId, SessionId, SubjectId, Timestamp};

use super::person::{ConsentShown, ExportedEvent, ExportedValue};

/// Whose choices are meant: a person, a visit, or both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GardenOwner {
    /// Who, where known.
    pub subject: Option<SubjectId>,
    /// Which visit, where known.
    pub session: Option<SessionId>,
}

/// Everything that somebody may see and switch.
#[derive(Debug, Clone, PartialEq)]
pub struct GardenShown {
    /// Whether lists are made for them, as far as they decide it.
    pub personal_lists: bool,
    /// Whether what they do is learned from, as far as they decide it.
    pub learning: bool,
    /// Whether they paused this visit.
    pub paused: bool,
    /// Since when they object.
    pub objected: Option<Timestamp>,
    /// Since when processing is restricted.
    pub restricted: Option<Timestamp>,
    /// The last answer to each question.
    pub consents: Vec<ConsentShown>,
    /// Profile values by field name.
    pub fields: BTreeMap<Arc<str>, ExportedValue>,
    /// What they did, oldest first, of the visit too.
    pub events: Vec<ExportedEvent>,
    /// Products that they dismissed in this visit.
    pub dismissed: Vec<ItemId>,
}

/// What somebody decides; what is `None` stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GardenChange {
    /// Whether lists are to be made for them.
    pub personal_lists: Option<bool>,
    /// Whether what they do is to be learned from.
    pub learning: Option<bool>,
    /// Whether this visit is to be paused.
    pub paused: Option<bool>,
    /// What they want forgotten.
    pub forget: Option<ForgetSince>,
    /// Where they decided it, such as `garden`.
    pub source: Arc<str>,
}

impl GardenChange {
    /// True where nothing in it lets more be done than before.
    #[must_use]
    pub fn only_narrows(&self) -> bool {
        self.personal_lists != Some(true) && self.learning != Some(true) && self.paused != Some(false)
    }
}

/// Since when what somebody looked at is to be forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForgetSince {
    /// Since an hour ago.
    LastHour,
    /// Since the day began in the shop's time zone.
    Today,
    /// All of it.
    Beginning,
}

impl ForgetSince {
    /// Every span.
    pub const ALL: [Self; 3] = [Self::LastHour, Self::Today, Self::Beginning];
    /// Their words, in the same order.
    pub const WORDS: [&'static str; 3] = ["last_hour", "today", "all"];

    /// The span of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().zip(Self::WORDS).find(|(_, known)| *known == word).map(|(span, _)| span)
    }
}

/// What *looked at* means: all that somebody does but what they bought and sent back, which the shop's books hold, and
/// what they dismissed, which they want remembered.
pub const LOOKED_AT: &[EventKind] = &[
    EventKind::ViewItem,
    EventKind::ViewItemList,
    EventKind::SelectItem,
    EventKind::AddToCart,
    EventKind::RemoveFromCart,
    EventKind::AddToWishlist,
    EventKind::BeginCheckout,
    EventKind::Search,
    EventKind::Rate,
    EventKind::Useful,
];
