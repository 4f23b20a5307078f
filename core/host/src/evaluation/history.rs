//! A shop's own past, and where it is cut in two.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::Arc,
};

use jardin_contract::{Clock as _, FeedEvent, ProfileChange, Store, SystemClock};
use jardin_engine::{PastSession, past_sessions};
use jardin_model::{
    Choice, ChoiceStatus, Item, ItemChange, ItemIds, ItemIndex, SubjectId, SubjectRecord, Timestamp,
};
use jardin_policy::{Policy, ProfileOwner, Stop};

use crate::{HostError, ShopContent, StoreConfig, reach_store};

/// What a shop's store holds that strategies may learn from.
pub struct History {
    /// In the order of their ends.
    pub sessions: Vec<PastSession>,
    items: Vec<(ItemIndex, Item)>,
    ids: Arc<ItemIds>,
}

/// The two parts of a history.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    /// The earlier part.
    pub train: &'a [PastSession],
    /// The later part.
    pub test: &'a [PastSession],
}

/// When a session ended.
pub fn session_end(session: &PastSession) -> Timestamp {
    session.events.last().map_or(Timestamp::from_ms(i64::MIN), |event| event.at)
}

/// Sessions in the order of their ends, the last `share` of them (0 to 1) apart.
pub fn cut_by_time(sessions: &[PastSession], share: f64) -> Parts<'_> {
    let later = (sessions.len() as f64 * share).round() as usize;
    let (train, test) = sessions.split_at(sessions.len() - later.min(sessions.len()));
    Parts { train, test }
}

/// What a person is called in the throwaway store: nothing leads back from it to their id.
pub fn made_up_name(record: &SubjectRecord) -> String {
    format!("person-{}", record.person.0)
}

impl History {
    /// Reads a shop's store, whoever holds it: what `strategy` may learn from, or else what any of them may.
    ///
    /// # Errors
    /// Where the folder holds no data, or the store cannot be reached.
    pub async fn read(content: &ShopContent, data: &Path, strategy: Option<&str>) -> Result<Self, HostError> {
        if !data.join("store.db").is_file() {
            return Err(HostError::Unusable(format!(
                "`{}` holds no data: import events first, or name its folder with `--data FOLDER`",
                data.display()
            )));
        }
        let store =
            reach_store(content, StoreConfig::for_one_reader(data, &content.folder, &content.server))?;
        let policy = content.policy.clone().bind(content.config.finishes(), None);
        let mut sessions = past_sessions(&*store, &policy, SystemClock.now(), strategy).await?;
        sessions.sort_by_key(session_end);
        Ok(Self { sessions, items: store.read_items().await?, ids: store.item_ids() })
    }

    /// Every item of the shop.
    pub fn items(&self) -> &[(ItemIndex, Item)] {
        &self.items
    }

    /// The id of an item.
    pub fn item_id(&self, item: ItemIndex) -> Option<Arc<str>> {
        self.ids.id(item).map(|id| Arc::from(id.as_str()))
    }

    /// The ids of an event's products.
    pub fn item_ids(&self, event: &FeedEvent) -> Vec<Arc<str>> {
        event.lines.iter().filter_map(|line| self.item_id(line.item)).collect()
    }

    /// Fills a new store with the items, and with the people of these sessions as they were known at `cut`.
    ///
    /// # Errors
    /// What the store says.
    pub async fn fill_store(
        &self,
        store: &dyn Store,
        policy: &Policy,
        sessions: &[PastSession],
        cut: Timestamp,
    ) -> Result<(), HostError> {
        let items = self.items.iter().map(|(_, item)| ItemChange::Put(item.clone())).collect();
        store.change_items(items).await?;
        let import = store.begin_import().await?;
        let people: BTreeMap<u64, &Arc<SubjectRecord>> = sessions
            .iter()
            .filter_map(|s| s.subject.as_ref())
            .map(|record| (record.person.0, record))
            .collect();
        for record in people.into_values() {
            put_person(store, policy, record, cut).await?;
        }
        Ok(import.commit().await?)
    }

    /// How often each item stands in these sessions.
    pub fn items_in<'a>(&'a self, sessions: &'a [PastSession]) -> impl Iterator<Item = Arc<str>> + 'a {
        // one text for each item, however often it is named
        let mut known: HashMap<ItemIndex, Arc<str>> = HashMap::new();
        let lines = sessions.iter().flat_map(|s| &s.events).flat_map(|e| e.lines.iter());
        lines.filter_map(move |line| {
            if let Some(id) = known.get(&line.item) {
                return Some(Arc::clone(id));
            }
            let id = self.item_id(line.item)?;
            known.insert(line.item, Arc::clone(&id));
            Some(id)
        })
    }
}

/// What somebody had answered and objected to until then.
fn as_of(record: &SubjectRecord, cut: Timestamp) -> SubjectRecord {
    let until = |choices: &Vec<Choice>| choices.iter().filter(|choice| choice.at <= cut).cloned().collect();
    let choices = record.choices.iter().map(|(name, choices)| (Arc::clone(name), until(choices)));
    SubjectRecord {
        choices: choices.collect(),
        objected: record.objected.filter(|since| *since <= cut),
        ..record.clone()
    }
}

/// What was known of a person at `cut`. An answer that they took back since then was never given here.
async fn put_person(
    store: &dyn Store,
    policy: &Policy,
    record: &SubjectRecord,
    cut: Timestamp,
) -> Result<(), HostError> {
    let id = SubjectId::new(&made_up_name(record))
        .map_err(|error| HostError::Unusable(format!("a person has no name: {error}")))?;
    let known = as_of(record, cut);
    for (name, stored) in record.fields.iter().filter(|(_, stored)| stored.stored_at <= cut) {
        let field = [(Arc::clone(name), stored.value.clone())].into();
        let owner = ProfileOwner { record: Some(&known), stop: &Stop::default(), now: cut };
        match policy.admit_profile(field, owner, &policy.empty_catalogue()) {
            Ok(field) => {
                let change = ProfileChange::change_fields(field, Vec::new());
                store.put_profile(&id, change, stored.stored_at).await?;
            }
            // their age is lost: nothing of them may be used
            Err(_) => drop(store.put_restriction(&id, true, cut).await?),
        }
    }
    for (consent, choices) in &record.choices {
        let counts = choices.last().is_some_and(|last| last.status == ChoiceStatus::Granted);
        for choice in choices.iter().filter(|choice| counts && choice.at <= cut) {
            store.put_choice(&id, consent, choice.clone()).await?;
        }
    }
    if record.objected.is_some() {
        store.put_objection(&id, true, cut).await?;
    }
    if record.restricted.is_some() {
        store.put_restriction(&id, true, cut).await?;
    }
    Ok(())
}
