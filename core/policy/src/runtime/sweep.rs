//! What a store removes because nobody may keep it any longer.

use std::{collections::BTreeSet, sync::Arc};

use jardin_model::{EventKind, ItemIndex, Namespace, Timestamp};

use super::ScreenedCatalogue;
use crate::{Policy, rules::Keep};

/// Events of one kind under one keeper that are too old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventSweep {
    /// Under the subject, else under the session.
    pub of_subject: bool,
    /// Which kind.
    pub kind: EventKind,
    /// What happened at or before this goes.
    pub until: Timestamp,
}

/// What a store removes at one sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SweepPlan {
    /// Events by kind.
    pub events: Vec<EventSweep>,
    /// Kinds of a visit's events that are kept beyond its end, for learning; `events` says until when. Every
    /// other kind goes with the visit.
    pub outlive_their_visit: Vec<EventKind>,
    /// Items of which nothing outlives its visit, whatever the kind: those of `[discreet]`.
    pub within_visit: Arc<BTreeSet<ItemIndex>>,
    /// Visits not seen since then have ended.
    pub sessions_idle_since: Timestamp,
    /// Accounts not seen since then have ended.
    pub accounts_idle_since: Timestamp,
    /// Profile values by field name: what was stored at or before goes; a field that is not listed is not
    /// declared any longer and goes whole.
    pub fields: Vec<(Arc<str>, Timestamp)>,
}

impl Policy {
    /// What nobody may keep any longer at `now`.
    #[must_use]
    pub fn sweep_plan(&self, screened: &ScreenedCatalogue, now: Timestamp) -> SweepPlan {
        let rules = self.rules();
        let forever = Timestamp::from_ms(i64::MIN);
        let cut = |keep: Keep| match keep {
            Keep::For(age) => age.before(now, &rules.zone),
            // these go with the visit or the account, however old they are
            Keep::Session | Keep::Account => forever,
            Keep::NotKept => now,
        };
        let mut events = Vec::new();
        for (namespace, of_subject) in [(Namespace::Subject, true), (Namespace::Session, false)] {
            for kind in EventKind::ALL {
                let listing =
                    rules.fields.iter().filter(|f| f.path.namespace == namespace && f.of.contains(kind));
                let until = listing.map(|f| cut(f.keep)).min().unwrap_or(now);
                if until > forever {
                    events.push(EventSweep { of_subject, kind: *kind, until });
                }
            }
        }
        let outlives = |kind| {
            let of_session = rules.fields.iter().filter(|f| f.path.namespace == Namespace::Session);
            of_session
                .filter(|f| f.of.contains(&kind))
                .any(|f| matches!(f.keep, Keep::For(age) if age.approximate_days() > rules.session_ends_after.approximate_days()))
        };
        let stored = rules
            .fields
            .iter()
            .filter(|f| f.path.namespace == Namespace::Subject && f.of.is_empty() && f.derived.is_none());
        SweepPlan {
            events,
            outlive_their_visit: EventKind::ALL.iter().copied().filter(|kind| outlives(*kind)).collect(),
            within_visit: Arc::new(screened.discreet_items().collect()),
            sessions_idle_since: rules.session_ends_after.before(now, &rules.zone),
            accounts_idle_since: rules.account_ends_after.before(now, &rules.zone),
            fields: stored.map(|f| (Arc::clone(&f.path.name), cut(f.keep))).collect(),
        }
    }
}
