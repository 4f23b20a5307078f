//! A copy of a store over the control socket, page by page.

use std::sync::Arc;

use jardin_contract::{Store, StoreError};
use jardin_model::{ItemId, ItemIndex, ItemNumbering, PersonNumber};
use jardin_policy::{Stop, StrategyName};
use serde_json::{Value as Json, json};

use super::{
    StoreCopy,
    json::{Read, event_json, item_json, person_json, read_event, read_item, read_person},
    store_copy::EVENTS_PER_PAGE,
};
use crate::HostError;

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
            let (items, stop, ids) = (store.read_items().await?, store.read_stop().await?, store.item_ids());
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

/// The copy of a store that answers queries.
///
/// # Errors
/// What `ask` says, and where an answer is not of this program.
pub(crate) fn copy_served(
    mut ask: impl FnMut(Json) -> Result<Json, HostError>,
) -> Result<StoreCopy, HostError> {
    let foreign = || HostError::Unusable("the running shop is of another version of this program".into());
    let mut ask = |query: StoredQuery| ask(query.to_json());
    let mut copy = StoreCopy::default();
    loop {
        let page = ask(StoredQuery::Events(copy.last_sequence()))?;
        let events = page.as_array().ok_or_else(foreign)?;
        if events.is_empty() {
            break;
        }
        let read: Read<Vec<_>> = events.iter().map(read_event).collect();
        copy.events.extend(read.ok_or_else(foreign)?);
    }
    for people in copy.missing_people().chunks(PEOPLE_PER_PAGE) {
        let page = ask(StoredQuery::People(people.to_vec()))?;
        for json in page.as_array().ok_or_else(foreign)? {
            let record = read_person(json).ok_or_else(foreign)?;
            copy.people.insert(record.person, Arc::new(record));
        }
    }
    // items come last, so that every product of an event has its id
    read_catalogue(&ask(StoredQuery::Catalogue)?, &mut copy).ok_or_else(foreign)?;
    Ok(copy)
}

fn read_catalogue(json: &Json, copy: &mut StoreCopy) -> Read<()> {
    let id = |json: &Json| ItemId::new(json.as_str()?).ok();
    let ids: Vec<ItemId> = json.get("ids")?.as_array()?.iter().map(id).collect::<Read<_>>()?;
    let item = |json: &Json| {
        let [index, item] = json.as_array()?.as_slice() else { return None };
        Some((ItemIndex(u32::try_from(index.as_u64()?).ok()?), read_item(item)?))
    };
    copy.ids = Arc::clone(ItemNumbering::restored(ids).ids());
    copy.items = json.get("items")?.as_array()?.iter().map(item).collect::<Read<_>>()?;
    let stop = json.get("stop")?;
    let name = |json: &Json| StrategyName::new(json.as_str()?);
    copy.stop = Stop {
        everything: stop.get("everything")?.as_bool()?,
        strategies: stop.get("strategies")?.as_array()?.iter().map(name).collect::<Read<_>>()?,
    };
    Some(())
}
