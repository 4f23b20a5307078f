//! What holds lists back from somebody, under both policies: it changes what they are shown, and reads nothing more.

use jardin_model::FieldPath;
use jardin_policy::rules::{PolicyRules, RestAfterPurchase, ShownAtMost};

use super::{ChangeKind, Found};

pub(super) fn compare_restraint(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    let limits = |rules: &PolicyRules| {
        let rule = &rules.restraint;
        let shown = rule.shown_at_most.map(describe_shown);
        let dismissed = rule.dismissed.then(|| "what somebody does not want is shown no more".to_owned());
        let share = rule.personal_share_at_most.map(|share| {
            format!("at most {} % of a list are chosen by data of a person", (share * 100.0).round())
        });
        let rests = rule.after_purchase.map(|rests| describe_rest(rests, rules));
        [
            ("shown_at_most", shown),
            ("dismissed", dismissed),
            ("personal_share_at_most", share),
            ("after_purchase", rests),
        ]
    };
    for ((key, was), (_, is)) in limits(old).into_iter().zip(limits(new)) {
        found.add_words(ChangeKind::Effect, "restraint", &format!("`{key}`"), was.as_deref(), is.as_deref());
    }
}

fn describe_shown(limit: ShownAtMost) -> String {
    let unless = if limit.unless_clicked { " unless it was clicked" } else { "" };
    format!("one product is shown {} times in a visit{unless}", limit.times)
}

fn describe_rest(rests: RestAfterPurchase, rules: &PolicyRules) -> String {
    let unless = rests.unless.and_then(|id| rules.field(id)).map(|field| &field.path);
    let unless = unless.map(|path: &FieldPath| format!(" unless {path}")).unwrap_or_default();
    format!("what was bought rests for {}{unless}", rests.rest)
}
