//! Whatever is done in whatever order: what is cached equals what is read, what is read equals a plain model
//! of it, and an opening in between changes nothing.

use std::{collections::BTreeMap, path::Path};

use jardin_contract::{Appended, Cached, EventLog as _, ProfileChange, StateStore as _};
use jardin_model::{Choice, ChoiceStatus, SubjectRecord, Timestamp, Value};
use jardin_store_kit::laws::{TestShop, noon};
use proptest::{prelude::*, test_runner::TestCaseError};

use super::{session, subject};
use crate::{Options, SqliteStore};

const PEOPLE: [&str; 4] = ["ada", "bob", "cleo", "dora"];

#[derive(Debug, Clone)]
enum Deed {
    Buy { who: usize, item: u8, ago: i64, id: Option<u8>, visit: bool },
    Tell { who: usize, postcode: u32, replace: bool },
    Answer { who: usize, ago: i64 },
    Object { who: usize, active: bool },
    Restrict { who: usize, active: bool },
    Erase { who: usize },
    Reopen,
}

fn deed() -> impl Strategy<Value = Deed> {
    let who = 0..PEOPLE.len();
    let ago = 0..1_000_000_i64;
    let id = proptest::option::of(0..6_u8);
    prop_oneof![
        8 => (who.clone(), 0..5_u8, ago.clone(), id, any::<bool>()).prop_map(|(who, item, ago, id, visit)| Deed::Buy { who, item, ago, id, visit }),
        3 => (who.clone(), 0..99_999_u32, any::<bool>()).prop_map(|(who, postcode, replace)| Deed::Tell { who, postcode, replace }),
        2 => (who.clone(), ago).prop_map(|(who, ago)| Deed::Answer { who, ago }),
        1 => (who.clone(), any::<bool>()).prop_map(|(who, active)| Deed::Object { who, active }),
        1 => (who.clone(), any::<bool>()).prop_map(|(who, active)| Deed::Restrict { who, active }),
        2 => who.prop_map(|who| Deed::Erase { who }),
        1 => Just(Deed::Reopen),
    ]
}

/// A person as plainly as can be.
#[derive(Debug, Clone, Default, PartialEq)]
struct Plain {
    bought: Vec<(Timestamp, u64, String)>,
    postcode: Option<String>,
    answers: Vec<Timestamp>,
    objected: bool,
    restricted: bool,
    last_seen: Option<Timestamp>,
}

#[derive(Default)]
struct Model {
    people: BTreeMap<&'static str, Plain>,
    /// The ids of events that came, with whose they were.
    known: Vec<(usize, u8)>,
    visits: BTreeMap<&'static str, Timestamp>,
}

impl Model {
    fn seen(&mut self, who: usize, at: Timestamp) -> &mut Plain {
        let person = self.people.entry(PEOPLE[who]).or_default();
        person.last_seen = person.last_seen.max(Some(at));
        person
    }
}

fn plain_of(store: &SqliteStore, record: &SubjectRecord) -> Plain {
    let ids = store.item_ids();
    let name = |event: &jardin_model::HistoryEvent| ids.id(event.lines[0].item).unwrap().as_str().to_owned();
    Plain {
        bought: record.events.iter().map(|e| (e.at, e.sequence, name(e))).collect(),
        postcode: record.fields.get("postcode").map(|stored| match &stored.value {
            Value::Text(text) => text.to_string(),
            other => panic!("{other:?}"),
        }),
        answers: record.choices.values().flatten().map(|c| c.at).collect(),
        objected: record.objected.is_some(),
        restricted: record.restricted.is_some(),
        last_seen: Some(record.last_seen),
    }
}

async fn do_deed(store: &SqliteStore, shop: &TestShop, model: &mut Model, deed: &Deed) {
    match *deed {
        Deed::Buy { who, item, ago, id, visit } => {
            let (at, item) = (noon().plus_ms(-ago), format!("item-{item}"));
            let (name, id_text) = (PEOPLE[who], id.map(|id| format!("e{id}")));
            let event = shop.purchase(id_text.as_deref(), name, visit.then_some(name), &item, at);
            let appended = store.append_events(vec![event], noon()).await.unwrap();
            if id.is_some_and(|id| model.known.contains(&(who, id))) {
                assert_eq!(appended, [Appended::Duplicate]);
                return;
            }
            model.known.extend(id.map(|id| (who, id)));
            let [Appended::Stored(stored)] = appended.as_slice() else { panic!("it was not stored") };
            let person = model.seen(who, at);
            person.bought.push((at, stored.sequence, item));
            person.bought.sort();
            if visit {
                let seen = model.visits.entry(name).or_insert(at);
                *seen = (*seen).max(at);
            }
        }
        Deed::Tell { who, postcode, replace } => {
            let text = postcode.to_string();
            store
                .put_profile(
                    &subject(PEOPLE[who]),
                    if replace {
                        ProfileChange::replace_all(shop.profile_with(&text))
                    } else {
                        ProfileChange::change_fields(shop.profile_with(&text), Vec::new())
                    },
                    noon(),
                )
                .await
                .unwrap();
            model.seen(who, noon()).postcode = Some(text);
        }
        Deed::Answer { who, ago } => {
            let choice = Choice {
                status: ChoiceStatus::Granted,
                text_version: "2026-10".into(),
                at: noon().plus_ms(-ago),
                source: "banner".into(),
            };
            let at = choice.at;
            store.put_choice(&subject(PEOPLE[who]), "personalisation", choice).await.unwrap();
            let person = model.seen(who, at);
            person.answers.push(at);
            person.answers.sort();
        }
        Deed::Object { who, active } => {
            store.put_objection(&subject(PEOPLE[who]), active, noon()).await.unwrap();
            model.seen(who, noon()).objected = active;
        }
        Deed::Restrict { who, active } => {
            store.put_restriction(&subject(PEOPLE[who]), active, noon()).await.unwrap();
            model.seen(who, noon()).restricted = active;
        }
        Deed::Erase { who } => {
            let erased = store.erase_subject(&subject(PEOPLE[who]), noon()).await.unwrap();
            let person = model.people.remove(PEOPLE[who]);
            assert_eq!(erased.map(|e| e.events as usize), person.map(|p| p.bought.len()));
        }
        Deed::Reopen => {}
    }
}

async fn check_agreement(store: &SqliteStore, model: &Model) -> Result<(), TestCaseError> {
    for name in PEOPLE {
        let read = store.read_subject(&subject(name)).await.unwrap();
        prop_assert_eq!(read.as_ref().map(|r| plain_of(store, r)), model.people.get(name).cloned());
        let cached = store.cached_subject(&subject(name));
        prop_assert!(matches!(&cached, Cached::Missing) || cached == Cached::Known(read.clone()));
        let visit = store.read_session(&session(name)).await.unwrap();
        prop_assert_eq!(visit.map(|v| v.last_seen), model.visits.get(name).copied());
        // as it is on the disk
        store.shared.subjects.clear();
        prop_assert_eq!(store.read_subject(&subject(name)).await.unwrap(), read);
    }
    let all: Vec<u64> = store.read_feed(0, 1000).await.unwrap().iter().map(|e| e.sequence).collect();
    let mut known: Vec<u64> = model.people.values().flat_map(|p| p.bought.iter().map(|b| b.1)).collect();
    known.sort_unstable();
    prop_assert_eq!(all, known);
    Ok(())
}

async fn live_through(deeds: &[Deed], cache_bytes: usize) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().unwrap();
    let open = |folder: &Path| {
        let options = Options { cache_bytes, ..Options::default() };
        SqliteStore::open(folder, options).unwrap()
    };
    let (shop, mut model) = (TestShop::open(), Model::default());
    let mut store = open(folder.path());
    for deed in deeds {
        do_deed(&store, &shop, &mut model, deed).await;
        if matches!(deed, Deed::Reopen) {
            drop(store);
            store = open(folder.path());
        }
        check_agreement(&store, &model).await?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn what_is_cached_what_is_read_and_what_was_done_agree(
        deeds in proptest::collection::vec(deed(), 1..40),
        cache_bytes in prop_oneof![Just(1 << 20), Just(20_000), Just(0)],
    ) {
        tokio::runtime::Runtime::new().unwrap().block_on(live_through(&deeds, cache_bytes))?;
    }
}
