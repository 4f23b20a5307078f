//! Profiles, objections, restrictions and erasures.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::{Clock, Erasure, ProfileChange, Pseudonym, StateStore};
use jardin_model::{Choice, ChoiceStatus, Namespace, OwnSwitch, SubjectId, SubjectRecord, Timestamp};
use jardin_policy::{AdmittedProfile, ProfileOwner};

use crate::{
    api::{DroppedFields, ErasureReceipt, Fields, Problem, ProfileStored},
    in_force::InForce,
    learning::Learning,
    stop_switch::StopSwitch,
    store_trouble::StoreTrouble,
    subject_locks::SubjectLocks,
    values,
    versions::{Versions, check_version},
};

/// Shows and changes what is stored of people.
pub(crate) struct People {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) state: Arc<dyn StateStore>,
    pub(crate) in_force: Arc<InForce>,
    pub(crate) stop: Arc<StopSwitch>,
    pub(crate) learning: Arc<Learning>,
    pub(crate) versions: Arc<Versions>,
    pub(crate) locks: Arc<SubjectLocks>,
    pub(crate) trouble: Arc<StoreTrouble>,
}

impl People {
    /// Sets profile fields. With `replace` those that are not named go.
    pub(crate) async fn put_profile(
        &self,
        id: &SubjectId,
        fields: Fields,
        replace: bool,
        if_match: Option<&str>,
    ) -> Result<ProfileStored, Problem> {
        let _lock = self.locks.lock_subject(id).await;
        let world = self.in_force.world();
        self.check_person_version(id, if_match).await?;
        let mut removed = Vec::new();
        let mut offered = BTreeMap::new();
        for (name, json) in fields {
            if json.is_null() {
                removed.push(Arc::from(name));
                continue;
            }
            let kind = world.policy.rules().declared(Namespace::Subject, &name).map(|f| f.kind);
            offered.insert(name.into(), values::offered_value(&json, kind));
        }
        let (stored, now) = (self.state.read_subject(id).await?, self.clock.now());
        let owner = ProfileOwner { record: stored.as_deref(), stop: &self.stop.stopped().stop, now };
        let admitted = world.policy.admit_profile(offered, owner, &world.screened);
        let admitted = admitted.map_err(Problem::UnreadableFields)?;
        let dropped = admitted.redacted().iter().cloned();
        let mut redacted = DroppedFields::of_entry(0, dropped, Namespace::Subject, &world.policy);
        redacted.extend(age_taken_away(&admitted, &removed));
        let change = if replace {
            ProfileChange::replace_all(admitted).taking_away(removed)
        } else {
            ProfileChange::change_fields(admitted, removed)
        };
        let record = self.trouble.watch(self.state.put_profile(id, change, now).await)?;
        self.relearn_person(&record).await;
        Ok(ProfileStored { redacted, version: self.versions.person_version(&record) })
    }

    /// Sets or lifts an objection, and leaves a trace of each.
    pub(crate) async fn put_objection(&self, id: &SubjectId, active: bool) -> Result<(), Problem> {
        let _lock = self.locks.lock_subject(id).await;
        let before = self.state.read_subject(id).await?.and_then(|record| record.objected);
        let record = self.trouble.watch(self.state.put_objection(id, active, self.clock.now()).await)?;
        if before.is_some() != active {
            self.leave_trace(id, OwnSwitch::NoObjection, active).await?;
        }
        self.relearn_person(&record).await;
        Ok(())
    }

    /// Sets or lifts a restriction, and leaves a trace of each.
    pub(crate) async fn put_restriction(&self, id: &SubjectId, active: bool) -> Result<(), Problem> {
        let _lock = self.locks.lock_subject(id).await;
        let before = self.state.read_subject(id).await?.and_then(|record| record.restricted);
        let record = self.trouble.watch(self.state.put_restriction(id, active, self.clock.now()).await)?;
        if before.is_some() != active {
            self.leave_trace(id, OwnSwitch::NoRestriction, active).await?;
        }
        self.relearn_person(&record).await;
        Ok(())
    }

    /// Notes when a right was used, and when that ended.
    async fn leave_trace(&self, id: &SubjectId, of: OwnSwitch, active: bool) -> Result<(), Problem> {
        let status = if active { ChoiceStatus::Refused } else { ChoiceStatus::Granted };
        let (at, nothing): (_, Arc<str>) = (self.clock.now(), "".into());
        let choice = Choice { status, text_version: Arc::clone(&nothing), at, source: nothing };
        self.trouble.watch(self.state.put_choice(id, of.name(), choice).await).map(drop)?;
        Ok(())
    }

    /// Erases a person, and what was learned from them. With `remember` their objection to whatever comes under that id is
    /// kept by a digest, and nothing else of them.
    pub(crate) async fn erase(
        &self,
        id: &SubjectId,
        if_match: Option<&str>,
        remember: bool,
    ) -> Result<ErasureReceipt, Problem> {
        let _lock = self.locks.lock_subject(id).await;
        self.check_person_version(id, if_match).await?;
        let record = self.state.read_subject(id).await?;
        let learned = match &record {
            Some(record) => self.learning.sessions_of(record.person).await,
            None => BTreeMap::new(),
        };
        let now = self.clock.now();
        let erased = self.state.erase_subject(id, now).await?;
        // before it is told that nothing was there: a call that is made again keeps the no all the same
        if remember {
            self.trouble.watch(self.state.remember_objection(id, now).await)?;
        }
        let erasure = erased.ok_or(Problem::not_found("subject"))?;
        self.learning.person_erased(erasure.person);
        self.learning.settle().await;
        let left = self.learning.sessions_of(erasure.person).await;
        let told = learned.into_keys().map(|strategy| {
            let state = if left.contains_key(&strategy) { "due" } else { "told" };
            (strategy, state)
        });
        Ok(ErasureReceipt { learned: Some(told.collect()), ..erasure_receipt(erasure) })
    }

    /// How the audit names a person; `None` where nothing is stored of them, or the store cannot say.
    pub(crate) async fn pseudonym_of(&self, id: &SubjectId) -> Option<Pseudonym> {
        self.state.pseudonym_of(id).await.ok().flatten()
    }

    /// When somebody of this id was last erased, as far back as the store knows.
    pub(crate) fn last_erasure(&self, id: &SubjectId) -> Option<Timestamp> {
        self.state.last_erasure(id)
    }

    /// An erasure by its receipt.
    pub(crate) async fn erasure(&self, receipt: &str) -> Result<ErasureReceipt, Problem> {
        let found = self.state.find_erasure(receipt).await?;
        found.map(erasure_receipt).ok_or(Problem::not_found("erasure"))
    }

    async fn check_person_version(&self, id: &SubjectId, if_match: Option<&str>) -> Result<(), Problem> {
        if if_match.is_none() {
            return Ok(());
        }
        let present = self.state.read_subject(id).await?;
        check_version(if_match, present.as_deref().map(|r| self.versions.person_version(r)).as_deref())
    }

    /// What was learned obeys before the call returns.
    pub(super) async fn relearn_person(&self, record: &SubjectRecord) {
        self.learning.person_changed(record.person);
        self.learning.settle().await;
    }
}

/// Says that an age is unknown from now on, and counts as a child's.
fn age_taken_away(admitted: &AdmittedProfile, removed: &[Arc<str>]) -> Option<DroppedFields> {
    let age = admitted.guard().filter(|age| removed.contains(age))?;
    Some(DroppedFields {
        index: 0,
        fields: vec![Arc::clone(age)],
        rule: "child-until-told",
        details: Vec::new(),
    })
}

fn erasure_receipt(erasure: Erasure) -> ErasureReceipt {
    ErasureReceipt { receipt: erasure.receipt, at: erasure.at, events: erasure.events, learned: None }
}
