//! Erasing leaves nothing that can be read: no id, no value, no key, in any file, even after random inserts
//! and updates.

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    path::Path,
    sync::Arc,
};

use jardin_contract::{EventLog as _, ProfileChange, Seed, StateStore as _, Store as _};
use jardin_model::{Choice, ChoiceStatus};
use jardin_store_kit::laws::{TestShop, noon};

use super::subject;
use crate::{Options, SqliteStore, people};

const PEOPLE: u64 = if cfg!(debug_assertions) { 10_000 } else { 100_000 };
const ERASED: u64 = PEOPLE / 100;
/// So many live at once, so that many commits are shared.
const TASKS: u64 = 512;
/// Each text of the test begins with it, and by it each is found in a file.
const MARK: &[u8] = b"zq7~";

fn id(n: u64) -> String {
    format!("zq7~{n:08}@erase.example")
}

fn postcode(n: u64, version: u64) -> String {
    format!("zq7~{n:08}v{version}")
}

/// A yes whose source says more of somebody than it should.
fn agreed_by_phone(n: u64) -> Choice {
    let source = format!("zq7~{n:08} by phone").into();
    Choice { status: ChoiceStatus::Granted, text_version: "2026-10".into(), at: noon(), source }
}

/// Bytes to find, each longer than eight, by their first eight.
#[derive(Default)]
struct Needles(HashMap<[u8; 8], Vec<Vec<u8>>>);

impl Needles {
    fn add(&mut self, needle: &[u8]) {
        let head = *needle.first_chunk().unwrap();
        self.0.entry(head).or_default().push(needle.to_vec());
    }
}

/// How many texts of the test and how many needles stand in the files of a folder.
fn search(folder: &Path, needles: &Needles) -> (usize, usize) {
    // most places are ruled out by their first two bytes
    let mut begins = vec![false; 1 << 16];
    let place = |a: u8, b: u8| usize::from(a) << 8 | usize::from(b);
    needles.0.keys().for_each(|head| begins[place(head[0], head[1])] = true);
    let (mut texts, mut keys) = (0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for (at, pair) in bytes.windows(2).enumerate() {
            let rest = &bytes[at..];
            texts += usize::from(pair == &MARK[..2] && rest.starts_with(MARK));
            if begins[place(pair[0], pair[1])]
                && let Some(head) = rest.first_chunk::<8>()
                && let Some(found) = needles.0.get(head)
            {
                keys += found.iter().filter(|needle| rest.starts_with(needle)).count();
            }
        }
    }
    (texts, keys)
}

/// Four in five people come at once, as by an import; then others come while all of them change their profile
/// and buy, in a random order and many commits, so that rows move and pages split.
async fn random_lives(store: &Arc<SqliteStore>, shop: &Arc<TestShop>) {
    let import = store.begin_import().await.unwrap();
    for n in 0..PEOPLE / 5 * 4 {
        let first = shop.profile_with(&postcode(n, 0));
        store.put_profile(&subject(&id(n)), ProfileChange::replace_all(first), noon()).await.unwrap();
    }
    import.commit().await.unwrap();
    let tasks = (0..TASKS).map(|task| {
        let (store, shop) = (Arc::clone(store), Arc::clone(shop));
        tokio::spawn(async move {
            let mut seed = Seed(task);
            for n in (PEOPLE / 5 * 4..PEOPLE).skip(task as usize).step_by(TASKS as usize) {
                for person in [n, seed.next() % PEOPLE] {
                    let profile = shop.profile_with(&postcode(person, seed.next() % 9));
                    let who = subject(&id(person));
                    store.put_profile(&who, ProfileChange::replace_all(profile), noon()).await.unwrap();
                    store.put_choice(&who, "personalisation", agreed_by_phone(person)).await.unwrap();
                }
                let event =
                    shop.detailed_purchase(&id(n - seed.next() % n), &format!("zq7~{n:08}-visit"), noon());
                store.append_events(vec![event], noon()).await.unwrap();
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
}

/// The key of each of these people: as it is, and as it stands in the file in three parts.
async fn keys_of(store: &SqliteStore, folder: &Path, people: &BTreeSet<u64>) -> Needles {
    let file = fs::read(folder.join("keys")).unwrap();
    let mut needles = Needles::default();
    for n in people {
        let (shared, name) = (Arc::clone(&store.shared), id(*n));
        let row =
            store.readers.read(move |sql| people::find_person(sql, &shared, &name)).await.unwrap().unwrap();
        needles.add(&store.shared.keys.read_key(row.slot).unwrap().unwrap());
        let slot = &file[usize::try_from(row.slot.0).unwrap() * 64..][..60];
        // nonce, key, tag
        [&slot[..12], &slot[12..44], &slot[44..]].into_iter().for_each(|part| needles.add(part));
    }
    needles
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_erased_person_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Arc::new(TestShop::open());
    let store = Arc::new(SqliteStore::open(folder.path(), Options::default()).unwrap());
    random_lives(&store, &shop).await;
    let mut seed = Seed(1);
    let mut erased = BTreeSet::new();
    while (erased.len() as u64) < ERASED {
        erased.insert(seed.next() % PEOPLE);
    }
    let needles = keys_of(&store, folder.path(), &erased).await;
    let wrapped = 3 * erased.len();
    assert_eq!(
        search(folder.path(), &needles),
        (0, wrapped),
        "the wrapped keys, and nothing else, stand in the files"
    );
    let erasing: Vec<_> = erased
        .iter()
        .map(|n| {
            let (store, id) = (Arc::clone(&store), subject(&id(*n)));
            tokio::spawn(async move { store.erase_subject(&id, noon()).await.unwrap() })
        })
        .collect();
    for task in erasing {
        assert!(task.await.unwrap().is_some());
    }
    assert_eq!(search(folder.path(), &needles), (0, 0), "something of an erased person can be read");
    for n in &erased {
        assert_eq!(store.read_subject(&subject(&id(*n))).await.unwrap(), None);
    }
    let kept = (0..PEOPLE).find(|n| !erased.contains(n)).unwrap();
    assert!(!store.read_subject(&subject(&id(kept))).await.unwrap().unwrap().fields.is_empty());
    drop(store);
    assert_eq!(search(folder.path(), &needles), (0, 0), "something can be read after the end");
}
