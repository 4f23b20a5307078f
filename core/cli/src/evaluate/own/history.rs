//! A shop's own past, and where it is cut in two.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::Arc,
};

use anyhow::{Context as _, bail};
use jardin_contract::{Clock as _, FeedEvent, ProfileChange, StateStore as _, SystemClock};
use jardin_engine::{PastSession, past_sessions};
use jardin_model::{ChoiceStatus, Item, ItemChange, ItemIds, ItemIndex, SubjectId, SubjectRecord, Timestamp};
use jardin_policy::Policy;
use jardin_store_sqlite::{Options, Store};
use tokio::runtime::Runtime;

use crate::folder::Folder;

/// What a shop's store holds that strategies may learn from.
pub(super) struct History {
    /// In the order of their ends.
    pub(super) sessions: Vec<PastSession>,
    items: Vec<Item>,
    ids: Arc<ItemIds>,
}

/// The two parts of a history.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    pub(super) train: &'a [PastSession],
    pub(super) test: &'a [PastSession],
}

/// When a session ended.
pub(super) fn end(session: &PastSession) -> Timestamp {
    session.events.last().map_or(Timestamp::from_ms(i64::MIN), |event| event.at)
}

/// Sessions in the order of their ends, the last `share` of them (0 to 1) apart.
pub(super) fn cut(sessions: &[PastSession], share: f64) -> Parts<'_> {
    let later = (sessions.len() as f64 * share).round() as usize;
    let (train, test) = sessions.split_at(sessions.len() - later.min(sessions.len()));
    Parts { train, test }
}

/// What a person is called in the throwaway store: nothing leads back from it to her id.
pub(super) fn name_of(record: &SubjectRecord) -> String {
    format!("person-{}", record.person.0)
}

impl History {
    /// Reads a shop's store. A server must not be running on it.
    pub(super) fn read(folder: &Folder, data: &Path, runtime: &Runtime) -> anyhow::Result<Self> {
        if !data.join("store.db").is_file() {
            bail!(
                "`{}` holds no data: import events first, or name its folder with `--data FOLDER`",
                data.display()
            );
        }
        let store = Store::open(data, Options::default()).with_context(|| {
            format!(
                "`{}` cannot be opened; where a server runs on it, evaluate on a copy: `--data COPY`",
                data.display()
            )
        })?;
        let (mut sessions, items) = runtime.block_on(async {
            let sessions = past_sessions(&store, &folder.policy, SystemClock.now()).await?;
            anyhow::Ok((sessions, store.items().await?))
        })?;
        sessions.sort_by_key(end);
        Ok(Self { sessions, items, ids: store.item_ids() })
    }

    /// The id of an item.
    pub(super) fn id(&self, item: ItemIndex) -> Option<Arc<str>> {
        self.ids.id(item).map(|id| Arc::from(id.as_str()))
    }

    /// The ids of an event's products.
    pub(super) fn ids_of(&self, event: &FeedEvent) -> Vec<Arc<str>> {
        event.lines.iter().filter_map(|line| self.id(line.item)).collect()
    }

    /// Fills a new store with the items, and with the people of these sessions as they were known at `cut`.
    pub(super) async fn fill(
        &self,
        store: &Store,
        policy: &Policy,
        sessions: &[PastSession],
        cut: Timestamp,
    ) -> anyhow::Result<()> {
        let items = self.items.iter().cloned().map(ItemChange::Put).collect();
        store.change_items(items).await?;
        store.hold().await?;
        let people: BTreeMap<u64, &Arc<SubjectRecord>> = sessions
            .iter()
            .filter_map(|s| s.subject.as_ref())
            .map(|record| (record.person.0, record))
            .collect();
        for record in people.into_values() {
            tell(store, policy, record, cut).await?;
        }
        store.release().await?;
        Ok(())
    }

    /// How often each item stands in these sessions.
    pub(super) fn items_in<'a>(&'a self, sessions: &'a [PastSession]) -> impl Iterator<Item = Arc<str>> + 'a {
        // one text for each item, however often it is named
        let mut known: HashMap<ItemIndex, Arc<str>> = HashMap::new();
        let lines = sessions.iter().flat_map(|s| &s.events).flat_map(|e| e.lines.iter());
        lines.filter_map(move |line| {
            if let Some(id) = known.get(&line.item) {
                return Some(Arc::clone(id));
            }
            let id = self.id(line.item)?;
            known.insert(line.item, Arc::clone(&id));
            Some(id)
        })
    }
}

/// What was known of a person at `cut`. An answer that she took back since then was never given here.
async fn tell(store: &Store, policy: &Policy, record: &SubjectRecord, cut: Timestamp) -> anyhow::Result<()> {
    let id = SubjectId::new(&name_of(record)).context("a person has no name")?;
    for (name, stored) in record.fields.iter().filter(|(_, stored)| stored.stored_at <= cut) {
        let field = policy.admit_profile([(Arc::clone(name), stored.value.clone())].into());
        let change = ProfileChange::part(field, Vec::new());
        store.put_profile(&id, change, stored.stored_at).await?;
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
