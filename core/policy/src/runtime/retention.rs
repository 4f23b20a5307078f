//! What has expired is absent, whether a sweep has removed it or not.

use jardin_model::{SessionRecord, SubjectRecord, Timestamp};

use crate::rules::{FieldRule, Keep, PolicyRules};

pub(crate) fn account_has_ended(record: &SubjectRecord, rules: &PolicyRules, now: Timestamp) -> bool {
    !rules.account_ends_after.is_within(record.last_seen, now, &rules.zone)
}

pub(crate) fn session_has_ended(record: &SessionRecord, rules: &PolicyRules, now: Timestamp) -> bool {
    !rules.session_ends_after.is_within(record.last_seen, now, &rules.zone)
}

/// True where a value or event of that time is still within the field's `keep`; the end of visit or account
/// is looked at elsewhere.
pub(crate) fn is_kept(field: &FieldRule, at: Timestamp, now: Timestamp, rules: &PolicyRules) -> bool {
    match field.keep {
        Keep::NotKept => false,
        Keep::Session | Keep::Account => true,
        Keep::For(age) => age.is_within(at, now, &rules.zone),
    }
}
