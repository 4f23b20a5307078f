//! Which calls the audit records, and how.

use std::sync::Arc;

use jardin_access::Role;
use jardin_contract::{Act, AuditLog};
use jardin_model::SubjectId;

use crate::{
    access::{CalledBy, Caller},
    call::Call,
    reply::Outcome,
    route::{Route, Running, Verb},
    shared::Shared,
};

/// Whoever has one of these looks after people or the shop. Lists and events are not acts: they are answered by the thousand and
/// change nothing but a person's own history.
const RECORDED: [Role; 5] =
    [Role::Subjects, Role::Catalogue, Role::Merchant, Role::Compliance, Role::Operations];

/// Every change by such a role is recorded, and every look at a person.
pub(crate) fn is_recorded(route: &Route) -> bool {
    let is_change = route.verb != Verb::Get && route.roles.iter().any(|role| RECORDED.contains(role));
    is_change || route.roles.contains(&Role::Subjects)
}

/// A call that is recorded once it has ended, even if its client went away.
pub(crate) fn record_when_ended(
    audit: Arc<dyn AuditLog>,
    route: &'static Route,
    call: Call,
    run: fn(Call) -> Running,
) -> Running {
    Box::pin(async move {
        let (shared, by) = (Arc::clone(&call.shared), caller_name(&call.caller));
        let subject = concerned(route, &call);
        // before an erasure, which leaves nothing to name them by
        let known = pseudonym_of(&shared, subject.as_ref()).await;
        let outcome = run(call).await;
        let person = match known {
            Some(known) => Some(known),
            None => pseudonym_of(&shared, subject.as_ref()).await,
        };
        let (at, status) = (shared.engine.now(), status_of(&outcome));
        audit.record_act(Act { at, what: route.name.into(), by, person, status });
        outcome
    })
}

fn caller_name(caller: &Caller) -> Arc<str> {
    match &caller.by {
        CalledBy::Key(name) => Arc::clone(name),
        CalledBy::Token(_) => "token".into(),
        CalledBy::Local => "local".into(),
        CalledBy::Anybody | CalledBy::Elsewhere(_) => "anybody".into(),
    }
}

/// The person whom a call is about.
fn concerned(route: &Route, call: &Call) -> Option<SubjectId> {
    let is_about_one = route.path.template.starts_with("/v1/subjects/{id}");
    is_about_one.then(|| call.subject_id().ok()).flatten()
}

async fn pseudonym_of(shared: &Shared, subject: Option<&SubjectId>) -> Option<jardin_contract::Pseudonym> {
    shared.engine.pseudonym_of(subject?).await
}

fn status_of(outcome: &Outcome) -> u16 {
    match outcome {
        Ok(reply) => reply.status.as_u16(),
        Err(problem) => problem.kind().status().as_u16(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{route::Run, routes};

    #[test]
    fn every_look_at_a_person_and_every_change_is_recorded_and_no_list_or_event() {
        let recorded: Vec<&str> =
            routes::all().filter(|route| is_recorded(route)).map(|route| route.name).collect();
        let not: Vec<&str> =
            routes::all().filter(|route| !is_recorded(route)).map(|route| route.name).collect();
        for name in [
            "export_subject",
            "erase_subject",
            "put_subject",
            "change_subject",
            "put_objection",
            "put_consent",
            "put_item",
            "put_stop",
        ] {
            assert!(recorded.contains(&name), "{name} is not recorded: {recorded:?}");
        }
        for name in ["recommend", "recommend_batch", "record_events", "make_token", "show_policy"] {
            assert!(not.contains(&name), "{name} is recorded");
        }
        let may_be_cut =
            routes::all().filter(|route| is_recorded(route) && matches!(route.run, Run::WhileConnected(_)));
        assert_eq!(may_be_cut.map(|route| route.name).collect::<Vec<_>>(), Vec::<&str>::new());
    }
}
