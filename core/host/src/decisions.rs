//! The record of decisions of a running shop: who each was about is made out beside the way of the request.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use jardin_audit::{Checkpoint, Decision, FileAudit, OnCheckpoint, Record};
use jardin_contract::{DecidedAnswer, Store};
use jardin_model::{HOUR_MS, PersonNumber, SubjectId, Timestamp};
use tokio::runtime::Handle;

/// Of so many people the pseudonyms are known without asking the store.
const MAX_KNOWN: usize = 65_536;

/// The record of decisions. Its folder is made with the first one: most shops record none.
pub(crate) struct Decisions {
    folder: PathBuf,
    secret: [u8; 32],
    pseudonyms: Arc<Pseudonyms>,
    keep: Mutex<Option<OnCheckpoint>>,
    /// `None` inside where it cannot be opened.
    log: OnceLock<Result<FileAudit, String>>,
}

impl Decisions {
    /// Of a folder; `keep` receives each checkpoint.
    pub(crate) fn new(
        folder: PathBuf,
        secret: [u8; 32],
        (store, keep): (Arc<dyn Store>, OnCheckpoint),
    ) -> Self {
        let pseudonyms = Arc::new(Pseudonyms { store, runtime: Handle::current(), known: Mutex::default() });
        Self { folder, secret, pseudonyms, keep: Mutex::new(Some(keep)), log: OnceLock::new() }
    }

    /// Records a decision; false where there is no room, or nothing can be recorded at all.
    pub(crate) fn record_decision(&self, decided: DecidedAnswer) -> bool {
        let Ok(log) = self.log.get_or_init(|| self.open_log()) else { return false };
        if log.is_failing() {
            return false;
        }
        let pseudonyms = Arc::clone(&self.pseudonyms);
        log.record_later(move || Record::Decision(pseudonyms.name_person(decided)))
    }

    fn open_log(&self) -> Result<FileAudit, String> {
        let keep = self.keep.lock().unwrap_or_else(PoisonError::into_inner).take();
        let keep = keep.unwrap_or_else(|| Box::new(|_: &Checkpoint| ()));
        FileAudit::open(&self.folder, &self.secret, keep)
            .map_err(|error| format!("no decision is recorded, so nobody's data decides: {error}"))
    }

    pub(crate) fn flush(&self) {
        if let Some(Ok(log)) = self.log.get() {
            log.flush();
        }
    }

    pub(crate) fn list_warnings(&self) -> Vec<String> {
        match self.log.get() {
            None => Vec::new(),
            Some(Ok(log)) => log.list_warnings(),
            Some(Err(why)) => vec![why.clone()],
        }
    }
}

/// The pseudonyms of people. A number is one person's until their erasure and nobody's after it, so what is known of a number
/// stays right.
struct Pseudonyms {
    store: Arc<dyn Store>,
    runtime: Handle,
    known: Mutex<KnownTexts>,
}

/// Texts that many lines share.
#[derive(Default)]
struct KnownTexts {
    pseudonyms: HashMap<PersonNumber, String>,
    /// The hour that was written last, in milliseconds and as a text.
    hour: (i64, String),
}

impl Pseudonyms {
    /// The decision as it is written: under a pseudonym, to the hour.
    fn name_person(&self, decided: DecidedAnswer) -> Decision {
        let DecidedAnswer { at, answer, person, placement, policy, strategies } = decided;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Decision {
            n: 0,
            at: known.text_of_hour(at),
            answer: answer.as_str().to_owned(),
            placement: placement.to_string(),
            policy: policy.to_string(),
            strategies: strategies.into_string(),
            person: person.and_then(|(id, number)| self.find_pseudonym(&mut known, &id, number)),
        }
    }

    fn find_pseudonym(&self, known: &mut KnownTexts, id: &SubjectId, number: PersonNumber) -> Option<String> {
        if let Some(pseudonym) = known.pseudonyms.get(&number) {
            return Some(pseudonym.clone());
        }
        let pseudonym = self.runtime.block_on(self.store.pseudonym_of(id)).ok().flatten()?.to_string();
        if known.pseudonyms.len() >= MAX_KNOWN {
            known.pseudonyms.clear();
        }
        known.pseudonyms.insert(number, pseudonym.clone());
        Some(pseudonym)
    }
}

impl KnownTexts {
    fn text_of_hour(&mut self, at: Timestamp) -> String {
        let hour = at.ms() - at.ms().rem_euclid(HOUR_MS);
        if self.hour.0 != hour || self.hour.1.is_empty() {
            self.hour = (hour, Timestamp::from_ms(hour).to_string());
        }
        self.hour.1.clone()
    }
}
