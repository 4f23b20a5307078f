//! Which of the stored events still count.

use jardin_model::{HistoryEvent, MINUTE_MS, Timestamp};

use super::{KeptUnder, ScreenedCatalogue, past_permission::PastPermission};
use crate::rules::{Age, FieldRule, Keep};

/// How far ahead an event's time may be.
pub(crate) const AHEAD_MS: i64 = 5 * MINUTE_MS;

/// The events of a history field, newest first: of its kinds, within `keep` and the window, without products
/// that are unknown, removed or not to be tied to `keeper`, of times for which `permission` was given, at most
/// `at_most`.
pub(super) fn history<'e, 'a>(
    field: &'a FieldRule,
    window: Option<Age>,
    events: &'e [HistoryEvent],
    keeper: KeptUnder,
    screened: &'a ScreenedCatalogue,
    now: Timestamp,
    permission: &'a PastPermission<'a>,
) -> impl Iterator<Item = &'e HistoryEvent> + use<'e, 'a> {
    let rules = permission.rules();
    // both borders once, since the calendar's months are dear
    let kept = match field.keep {
        Keep::For(age) => Some(age.before(now, &rules.zone)),
        Keep::NotKept => Some(now.plus_ms(AHEAD_MS)),
        Keep::Session | Keep::Account => None,
    };
    let since = kept.max(window.map(|age| age.before(now, &rules.zone)));
    events
        .iter()
        .rev()
        .filter(move |e| field.of.contains(&e.kind))
        .filter(move |e| since.is_none_or(|since| e.at > since) && e.at <= now.plus_ms(AHEAD_MS))
        .filter(move |e| e.lines.iter().any(|l| screened.may_be_tied_to(keeper, l.item)))
        .filter(move |e| permission.could_run(e.at))
        .take(field.at_most)
}
