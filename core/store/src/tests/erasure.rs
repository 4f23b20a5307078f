//! Erasing leaves nothing that can be read: no id, no value, no key, in any file, even after random inserts and updates.

use std::{
    collections::{BTreeSet, HashSet},
    fs,
    path::Path,
};

use jardin_model::SubjectId;
use jardin_strategy::{EventLog as _, Seed, StateStore as _};

use super::{Door, now};
use crate::{Options, Store, people};

const PEOPLE: u64 = 100_000;
const ERASED: u64 = 1_000;
/// By this every text of the test is found in a file.
const MARK: &[u8] = b"zq7~";

fn id(n: u64) -> String {
    format!("zq7~{n:08}@erase.example")
}

fn postcode(n: u64, version: u64) -> String {
    format!("zq7~{n:08}v{version}")
}

/// The texts behind the mark, and whether one of the needles stands anywhere.
fn search(folder: &Path, needles: &HashSet<[u8; 16]>) -> (BTreeSet<Vec<u8>>, bool) {
    let (mut texts, mut found) = (BTreeSet::new(), false);
    for entry in fs::read_dir(folder).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for (at, window) in bytes.windows(16).enumerate() {
            found |= needles.contains(window);
            if window.starts_with(MARK) {
                texts.insert(bytes[at..(at + 12).min(bytes.len())].to_vec());
            }
        }
    }
    (texts, found)
}

#[tokio::test]
async fn nothing_of_an_erased_person_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::new();
    let store = Store::open(folder.path(), Options::default()).unwrap();
    let subject = |n: u64| SubjectId::new(&id(n)).unwrap();
    let mut seed = Seed(1);
    store.hold().await.unwrap();
    for n in 0..PEOPLE {
        store
            .put_profile(&subject(n), door.profile(&postcode(n, 0)), true, now())
            .await
            .unwrap();
    }
    store.release().await.unwrap();
    // random updates and inserts, so that rows move and pages split
    store.hold().await.unwrap();
    for _ in 0..20_000 {
        let n = seed.next() % PEOPLE;
        store
            .put_profile(&subject(n), door.profile(&postcode(n, seed.next() % 9)), true, now())
            .await
            .unwrap();
        let event = door.purchase(None, &id(n), Some(&format!("zq7~{n:08}-visit")), "a", now());
        store.append(vec![event], now()).await.unwrap();
    }
    store.release().await.unwrap();

    let mut erased = BTreeSet::new();
    while (erased.len() as u64) < ERASED {
        erased.insert(seed.next() % PEOPLE);
    }
    let mut needles: HashSet<[u8; 16]> = HashSet::new();
    let slots = fs::read(folder.path().join("keys")).unwrap();
    for n in &erased {
        let (shared, name) = (std::sync::Arc::clone(&store.shared), id(*n));
        let row = store
            .readers
            .read(move |sql| people::find(sql, &shared, &name))
            .await
            .unwrap()
            .unwrap();
        needles.insert(row.key[..16].try_into().unwrap());
        // her wrapped key as it stands in its slot, without the nonce
        let start = usize::try_from(row.slot).unwrap() * 64 + 12;
        needles.insert(slots[start..start + 16].try_into().unwrap());
    }
    assert!(
        search(folder.path(), &needles).1,
        "the wrapped keys are where the test looks for them"
    );
    for n in &erased {
        assert!(store.erase(&subject(*n), now()).await.unwrap().is_some());
        assert_eq!(store.subject(&subject(*n)).await.unwrap(), None);
    }
    let (texts, keys) = search(folder.path(), &needles);
    assert!(texts.is_empty(), "texts in clear: {texts:?}");
    assert!(!keys, "a destroyed key can be read");
    let kept = (0..PEOPLE).find(|n| !erased.contains(n)).unwrap();
    assert!(store.subject(&subject(kept)).await.unwrap().is_some_and(|r| !r.fields.is_empty()));
    drop(store);
    let (texts, keys) = search(folder.path(), &needles);
    assert!(texts.is_empty() && !keys, "something is readable after the end");
}

#[tokio::test]
async fn somebody_who_comes_back_is_somebody_new() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::new();
    let store = Store::open(folder.path(), Options::default()).unwrap();
    let ada = SubjectId::new("ada").unwrap();
    store.put_profile(&ada, door.profile("38000"), true, now()).await.unwrap();
    let before = store.subject(&ada).await.unwrap().unwrap().person;
    let erasure = store.erase(&ada, now()).await.unwrap().unwrap();
    assert_eq!(store.erasure(&erasure.receipt).await.unwrap(), Some(erasure));
    assert_eq!(store.erase(&ada, now()).await.unwrap(), None);
    store
        .append(vec![door.purchase(None, "ada", None, "a", now())], now())
        .await
        .unwrap();
    let after = store.subject(&ada).await.unwrap().unwrap();
    assert_ne!(after.person, before);
    assert!(after.fields.is_empty() && after.events.len() == 1);
}
