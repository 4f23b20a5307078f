//! Refusals that the tables do not hold, since the disk is full or a copy of them is older: they are obeyed from memory
//! until the tables hold them.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use jardin_contract::Erasure;
use jardin_model::{Choice, ChoiceStatus, OwnSwitch, PersonNumber, SubjectRecord, Timestamp};
use jardin_store_kit::random_bytes;

use super::{Refusal, Refused};

/// Refusals that the tables do not hold, by person.
#[derive(Default)]
pub(crate) struct Outstanding {
    people: Mutex<BTreeMap<[u8; 16], RefusedByOne>>,
    /// How many people there are, to be looked at without a lock.
    count: AtomicUsize,
    /// Everything that remains is of people of whom the tables hold nothing.
    is_settled: AtomicBool,
    /// What the journal does not hold either.
    unwritten: Mutex<Vec<Refusal>>,
}

/// What one person refused, the last of each.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct RefusedByOne {
    pub(crate) objected: Option<Option<Timestamp>>,
    pub(crate) restricted: Option<Option<Timestamp>>,
    /// By the digest of the consent's name.
    pub(crate) withdrawn: BTreeMap<[u8; 16], Timestamp>,
    pub(crate) erasures: Vec<Refusal>,
    /// By which somebody is known of whom the tables hold nothing.
    number: u64,
}

impl RefusedByOne {
    pub(crate) fn add(&mut self, refusal: Refusal) {
        let since = |active: bool, before: Option<Option<Timestamp>>| {
            Some(active.then(|| before.flatten().unwrap_or(refusal.at)))
        };
        match refusal.what {
            Refused::Consent(name) => {
                let at = self.withdrawn.entry(name).or_insert(refusal.at);
                *at = refusal.at.max(*at);
            }
            Refused::Objection(active) => self.objected = since(active, self.objected),
            Refused::Restriction(active) => self.restricted = since(active, self.restricted),
            Refused::Erasure { .. } => {
                // whoever comes back is somebody new, who refused nothing yet
                let erasures = std::mem::take(&mut self.erasures);
                *self = Self { erasures, ..Self::default() };
                self.erasures.push(refusal);
            }
        }
    }

    /// True where it says something of a person of whom the tables hold nothing.
    pub(crate) fn concerns_unknown(&self) -> bool {
        self.objected.flatten().is_some() || self.restricted.flatten().is_some()
    }

    pub(crate) fn has_erased(&self, number: i64) -> bool {
        let erased =
            |refusal: &Refusal| matches!(refusal.what, Refused::Erasure { number: of, .. } if of == number);
        self.erasures.iter().any(erased)
    }

    /// What was refused that these answers do not say, by its name: a question that was answered before, or a switch, of
    /// which nothing said means that it is on.
    pub(super) fn refused_names(
        &self,
        choices: &BTreeMap<Arc<str>, Vec<Choice>>,
        name_digest: impl Fn(&str) -> [u8; 16],
    ) -> Vec<(Arc<str>, Timestamp)> {
        let switches = OwnSwitch::ALL.iter().map(|switch| Arc::from(switch.name()));
        let unsaid = switches.filter(|name| !choices.contains_key(name));
        let names = choices.keys().cloned().chain(unsaid);
        let refused = names.filter_map(|name| Some((*self.withdrawn.get(&name_digest(&name))?, name)));
        let is_new = |(at, name): &(Timestamp, Arc<str>)| {
            !choices.get(name).is_some_and(|said| said.iter().any(|choice| is_refusal(choice, *at)))
        };
        refused.filter(is_new).map(|(at, name)| (name, at)).collect()
    }

    /// Lays it over a record. `name_digest` gives the keyed digest of a consent's name.
    fn lay_over(&self, record: &mut SubjectRecord, name_digest: impl Fn(&str) -> [u8; 16]) {
        if let Some(objected) = self.objected {
            record.objected = objected;
        }
        if let Some(restricted) = self.restricted {
            record.restricted = restricted;
        }
        for (name, at) in self.refused_names(&record.choices, name_digest) {
            let choices = record.choices.entry(name).or_default();
            choices.insert(choices.partition_point(|choice| choice.at <= at), withdrawal(at));
        }
    }
}

/// True for a no of that time.
fn is_refusal(choice: &Choice, at: Timestamp) -> bool {
    matches!(choice.status, ChoiceStatus::Withdrawn | ChoiceStatus::Refused) && choice.at == at
}

/// A withdrawal of which nothing else is known.
pub(crate) fn withdrawal(at: Timestamp) -> Choice {
    Choice { status: ChoiceStatus::Withdrawn, text_version: "".into(), at, source: "journal".into() }
}

impl Outstanding {
    fn lock_people(&self) -> MutexGuard<'_, BTreeMap<[u8; 16], RefusedByOne>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True where the tables hold every refusal.
    pub(crate) fn is_empty(&self) -> bool {
        self.count.load(Ordering::Acquire) == 0
    }

    /// True where a transaction can change nothing about what is outstanding.
    pub(crate) fn is_settled(&self) -> bool {
        self.is_empty() || self.is_settled.load(Ordering::Acquire)
    }

    /// What is obeyed and stands in no file.
    pub(crate) fn unwritten(&self) -> Vec<Refusal> {
        self.lock_unwritten().clone()
    }

    fn lock_unwritten(&self) -> MutexGuard<'_, Vec<Refusal>> {
        self.unwritten.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Obeys a refusal from now on; it `is_durable` where the journal has it.
    pub(crate) fn obey_refusal(&self, refusal: Refusal, is_durable: bool) {
        if !is_durable {
            self.lock_unwritten().push(refusal);
        }
        let mut people = self.lock_people();
        people.entry(refusal.who).or_default().add(refusal);
        self.count.store(people.len(), Ordering::Release);
        self.is_settled.store(false, Ordering::Release);
    }

    /// Obeys what the journal holds.
    pub(crate) fn obey_refusals(&self, refusals: &[Refusal]) {
        refusals.iter().for_each(|refusal| self.obey_refusal(*refusal, true));
    }

    /// The tables took a refusal of somebody of whom something is outstanding.
    pub(crate) fn follow(&self, refusal: Refusal) {
        if let Some(refused) = self.lock_people().get_mut(&refusal.who) {
            refused.add(refusal);
        }
    }

    /// Nothing is outstanding of somebody any longer.
    pub(crate) fn forget_person(&self, who: &[u8; 16]) {
        let mut people = self.lock_people();
        people.remove(who);
        self.count.store(people.len(), Ordering::Release);
    }

    pub(crate) fn of_person(&self, who: &[u8; 16]) -> Option<RefusedByOne> {
        if self.is_empty() { None } else { self.lock_people().get(who).cloned() }
    }

    /// Everything that is outstanding.
    pub(crate) fn all(&self) -> BTreeMap<[u8; 16], RefusedByOne> {
        self.lock_people().clone()
    }

    /// The tables hold what was outstanding `before`, but for what is `remaining` of it, and the journal holds what is
    /// `written`. What was refused meanwhile stays.
    pub(crate) fn note_settled(
        &self,
        before: &BTreeMap<[u8; 16], RefusedByOne>,
        remaining: &BTreeMap<[u8; 16], RefusedByOne>,
        written: &[Refusal],
    ) {
        self.lock_unwritten().retain(|refusal| !written.contains(refusal));
        let mut people = self.lock_people();
        people.retain(|who, refused| before.get(who) != Some(refused) || remaining.contains_key(who));
        self.is_settled.store(people.keys().all(|who| remaining.contains_key(who)), Ordering::Release);
        self.count.store(people.len(), Ordering::Release);
    }

    /// A record as it is obeyed; `None` where the person was erased or nothing is known of them.
    pub(crate) fn lay_over(
        &self,
        who: &[u8; 16],
        record: Option<SubjectRecord>,
        name_digest: impl Fn(&str) -> [u8; 16],
    ) -> Option<SubjectRecord> {
        let Some(refused) = self.of_person(who) else { return record };
        let kept = record.filter(|record| !refused.has_erased(record.person.0.cast_signed()));
        let mut record = match kept {
            Some(record) => record,
            None if refused.concerns_unknown() => self.unknown_record(who)?,
            None => return None,
        };
        refused.lay_over(&mut record, name_digest);
        Some(record)
    }

    /// Of somebody whose objection or restriction alone is known.
    fn unknown_record(&self, who: &[u8; 16]) -> Option<SubjectRecord> {
        let mut people = self.lock_people();
        let refused = people.get_mut(who)?;
        if refused.number == 0 {
            refused.number = u64::from_le_bytes(random_bytes().ok()?);
        }
        Some(SubjectRecord {
            person: PersonNumber(refused.number),
            fields: BTreeMap::new(),
            events: Vec::new(),
            choices: BTreeMap::new(),
            objected: None,
            restricted: None,
            last_seen: refused.objected.flatten().or(refused.restricted.flatten())?,
        })
    }

    /// An erasure that the tables do not hold, by its receipt.
    pub(crate) fn find_erasure(&self, receipt: &str) -> Option<Erasure> {
        let people = self.lock_people();
        people
            .values()
            .flat_map(|refused| &refused.erasures)
            .filter_map(erasure_of)
            .find(|e| &*e.receipt == receipt)
    }
}

/// The receipt of a refusal that is an erasure.
pub(crate) fn erasure_of(refusal: &Refusal) -> Option<Erasure> {
    let Refused::Erasure { receipt, number, events, .. } = refusal.what else { return None };
    let receipt: String = receipt.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(Erasure {
        receipt: receipt.into(),
        at: refusal.at,
        events,
        person: PersonNumber(number.cast_unsigned()),
    })
}
