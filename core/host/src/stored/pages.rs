//! A copy of a store over the control socket, page by page.

use std::collections::BTreeSet;

use jardin_contract::{FeedEvent, StoppedBy, Store, StoreError};
use jardin_model::{ItemId, ItemIndex, PersonNumber};
use jardin_policy::{Stop, StrategyName};
use jardin_store_memory::{MemoryStore, StoreCopy};
use serde_json::{Value as Json, json};

use super::json::{Read, event_json, item_json, person_json, read_event, read_item, read_person};
use crate::HostError;

/// How many events are asked for at a time.
const EVENTS_PER_PAGE: usize = 10_000;

/// How many people are asked for at a time.
const PEOPLE_PER_PAGE: usize = 500;

/// What is asked of a store: one page of its copy.
pub(crate) enum StoredQuery {
    /// The events after a running number.
    Events(u64),
    /// The people of these numbers.
    People(Vec<PersonNumber>),
    /// Every item, every item id, and what is stopped.
    Catalogue,
}

impl StoredQuery {
    fn to_json(&self) -> Json {
        match self {
            Self::Events(after) => json!({ "events": after }),
            Self::People(people) => {
                json!({ "people": people.iter().map(|person| person.0).collect::<Vec<_>>() })
            }
            Self::Catalogue => json!({ "catalogue": true }),
        }
    }

    pub(crate) fn from_json(json: &Json) -> Read<Self> {
        if let Some(after) = json.get("events") {
            return after.as_u64().map(Self::Events);
        }
        if let Some(people) = json.get("people") {
            let number = |json: &Json| json.as_u64().map(PersonNumber);
            return people.as_array()?.iter().map(number).collect::<Read<_>>().map(Self::People);
        }
        json.get("catalogue").map(|_| Self::Catalogue)
    }
}

/// One page of a store.
pub(crate) async fn answer_stored<S: Store + ?Sized>(
    store: &S,
    query: StoredQuery,
) -> Result<Json, StoreError> {
    Ok(match query {
        StoredQuery::Events(after) => {
            store.read_feed(after, EVENTS_PER_PAGE).await?.iter().map(event_json).collect()
        }
        StoredQuery::People(people) => {
            let mut records = Vec::with_capacity(people.len());
            for person in people {
                records.extend(store.subject_by_number(person).await?.as_deref().map(person_json));
            }
            records.into()
        }
        StoredQuery::Catalogue => {
            let by_switch = store.read_stop(StoppedBy::Switch).await?;
            let stop = by_switch.union(&store.read_stop(StoppedBy::PolicyFile).await?);
            let (items, ids) = (store.read_items().await?, store.item_ids());
            let ids: Vec<&str> =
                (0..).map_while(|n| ids.id(jardin_model::ItemIndex(n))).map(ItemId::as_str).collect();
            let strategies: Vec<&str> = stop.strategies.iter().map(StrategyName::as_str).collect();
            json!({
                "items": items.iter().map(|(index, item)| json!([index.0, item_json(item)])).collect::<Vec<_>>(),
                "ids": ids,
                "stop": { "everything": stop.everything, "strategies": strategies },
            })
        }
    })
}

/// A copy in memory of a store that answers queries.
///
/// # Errors
/// What `ask` says, and where an answer is not of this program.
pub(crate) fn copy_served(
    mut ask: impl FnMut(Json) -> Result<Json, HostError>,
) -> Result<MemoryStore, HostError> {
    let mut ask = |query: StoredQuery| ask(query.to_json());
    let mut copy = StoreCopy::default();
    loop {
        let page = ask(StoredQuery::Events(copy.events.last().map_or(0, |event| event.sequence)))?;
        let events = read_list(&page, read_event)?;
        if events.is_empty() {
            break;
        }
        copy.events.extend(events);
    }
    for people in people_of(&copy.events).chunks(PEOPLE_PER_PAGE) {
        copy.people.extend(read_list(&ask(StoredQuery::People(people.to_vec()))?, read_person)?);
    }
    // items come last, so that every product of an event has its id
    read_catalogue(&ask(StoredQuery::Catalogue)?, &mut copy).ok_or_else(other_version)?;
    Ok(MemoryStore::of_copy(copy)?)
}

fn other_version() -> HostError {
    HostError::Unusable("the running shop is of another version of this program".into())
}

fn read_list<T>(page: &Json, read: impl Fn(&Json) -> Read<T>) -> Result<Vec<T>, HostError> {
    let list: Read<Vec<T>> = page.as_array().and_then(|list| list.iter().map(read).collect());
    list.ok_or_else(other_version)
}

/// The people of the events, each once.
fn people_of(events: &[FeedEvent]) -> Vec<PersonNumber> {
    events.iter().filter_map(|event| event.subject).collect::<BTreeSet<_>>().into_iter().collect()
}

fn read_catalogue(json: &Json, copy: &mut StoreCopy) -> Read<()> {
    let id = |json: &Json| ItemId::new(json.as_str()?).ok();
    let item = |json: &Json| {
        let [index, item] = json.as_array()?.as_slice() else { return None };
        Some((ItemIndex(u32::try_from(index.as_u64()?).ok()?), read_item(item)?))
    };
    copy.item_ids = json.get("ids")?.as_array()?.iter().map(id).collect::<Read<_>>()?;
    copy.items = json.get("items")?.as_array()?.iter().map(item).collect::<Read<_>>()?;
    let stop = json.get("stop")?;
    let name = |json: &Json| StrategyName::new(json.as_str()?);
    copy.stop = Stop {
        everything: stop.get("everything")?.as_bool()?,
        strategies: stop.get("strategies")?.as_array()?.iter().map(name).collect::<Read<_>>()?,
    };
    Some(())
}

#[cfg(test)]
mod tests {
    use jardin_contract::{ChosenEvents, EventLog as _, ProfileChange, StateStore as _};
    use jardin_model::{
        Choice, ChoiceStatus, DAY_MS, EventKind, HistoryEvent, Item, ItemChange, SubjectId, Value,
    };
    use jardin_store_kit::laws::{TestShop, noon};

    use super::*;

    /// People who did everything that a record can hold, a visit of nobody, items, and a switch.
    async fn busy_store() -> MemoryStore {
        let (shop, store) = (TestShop::open(), MemoryStore::default());
        let person = |n: u64| SubjectId::new(&format!("p{n}")).unwrap();
        for n in 0..1_203 {
            let at = noon().plus_ms(-(n as i64) * 7_919);
            let bought =
                (0..5).map(|k| shop.purchase(None, &format!("p{n}"), Some("visit"), &format!("i{k}"), at));
            let viewed = (0..5).map(|k| shop.view(&format!("v{n}"), &format!("i{k}"), noon()));
            store.append_events(bought.chain(viewed).collect(), noon()).await.unwrap();
        }
        let answer = |status, at| Choice { status, text_version: "2".into(), at, source: "banner".into() };
        store
            .put_profile(&person(1), ProfileChange::replace_all(shop.profile_with("é \"38000")), noon())
            .await
            .unwrap();
        store
            .put_profile(&person(2), ProfileChange::replace_all(shop.wishes(&["i1", "i9"], "i9")), noon())
            .await
            .unwrap();
        store.put_choice(&person(1), "news", answer(ChoiceStatus::Granted, noon())).await.unwrap();
        store
            .put_choice(&person(1), "news", answer(ChoiceStatus::Withdrawn, noon().plus_ms(1)))
            .await
            .unwrap();
        store.put_objection(&person(2), true, noon()).await.unwrap();
        store.put_restriction(&person(3), true, noon()).await.unwrap();
        let fields = [("stock".into(), Value::Number(-0.1)), ("new".into(), Value::Flag(true))];
        let put = Item { id: ItemId::new("i3").unwrap(), fields: fields.into() };
        store.change_items(vec![ItemChange::Put(put)]).await.unwrap();
        let stopped = vec![StrategyName::new("for-you").unwrap()];
        store
            .put_stop(StoppedBy::PolicyFile, &Stop { everything: false, strategies: stopped })
            .await
            .unwrap();
        store
    }

    #[test]
    fn a_copy_answers_its_readers_as_the_store_does() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let store = runtime.block_on(busy_store());
        let answer = |query: Json| {
            let query = StoredQuery::from_json(&query).unwrap();
            Ok(runtime.block_on(answer_stored(&store, query)).unwrap())
        };
        let copy = copy_served(answer).unwrap();
        runtime.block_on(async {
            let feed = store.read_feed(0, usize::MAX).await.unwrap();
            assert!(feed.len() > EVENTS_PER_PAGE && people_of(&feed).len() > PEOPLE_PER_PAGE);
            assert_eq!(copy.read_feed(0, usize::MAX).await.unwrap(), feed);
            for person in people_of(&feed) {
                let [one, other] = [&copy, &store].map(|store| store.subject_by_number(person));
                assert_eq!(one.await.unwrap(), other.await.unwrap());
            }
            assert_eq!(copy.read_items().await.unwrap(), store.read_items().await.unwrap());
            let ids = |store: &MemoryStore| store.item_ids().iter().cloned().collect::<Vec<_>>();
            assert_eq!(ids(&copy), ids(&store));
            assert_eq!(
                copy.read_stop(StoppedBy::Switch).await.unwrap(),
                store.read_stop(StoppedBy::PolicyFile).await.unwrap()
            );
            let counted = async |store: &MemoryStore| {
                let bought = |e: &&HistoryEvent| e.kind == EventKind::Purchase;
                let counted: &ChosenEvents<'_> =
                    &|r| r.events.iter().filter(|event| r.objected.is_none() && bought(event)).collect();
                let count = store.people_per_item(DAY_MS, noon(), counted);
                // both add the same numbers, in the order of their people
                let rounded = |(item, people, weight): (ItemIndex, u32, f64)| {
                    (item, people, (weight * 1e6_f64).round())
                };
                count.await.unwrap().into_iter().map(rounded).collect::<Vec<_>>()
            };
            assert_eq!(counted(&copy).await, counted(&store).await);
            // what is written to a copy is new to it
            copy.append_events(vec![TestShop::open().view("v", "i1", noon())], noon()).await.unwrap();
            assert_eq!(copy.read_feed(0, usize::MAX).await.unwrap().len(), feed.len() + 1);
        });
    }
}
