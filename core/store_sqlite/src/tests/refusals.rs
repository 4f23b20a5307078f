//! What was refused stays refused: whatever copy is put back, and whatever the disk does.

use std::{fs, path::Path, process::Command};

use jardin_contract::{Erasure, EventLog as _, ProfileChange, StateStore as _, StoreError};
use jardin_model::{Choice, ChoiceStatus, OwnSwitch, SubjectRecord, Timestamp};
use jardin_store_kit::laws::{TestShop, bought_items, noon};

use super::subject;
use crate::{Options, SqliteStore};

const CONSENT: &str = "personalisation";
/// Each of them agreed and bought something; what they do then is in [`refuse_everything`].
const PEOPLE: [&str; 5] = ["withdraws", "objects", "restricts", "erased", "agrees"];

fn later(ms: i64) -> Timestamp {
    noon().plus_ms(ms)
}

fn answer(status: ChoiceStatus, at: Timestamp) -> Choice {
    Choice { status, text_version: "2026-10".into(), at, source: "banner".into() }
}

pub(super) fn open(folder: &Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(folder, Options::default())
}

fn open_with_copy(folder: &Path, copy: &Path) -> SqliteStore {
    SqliteStore::open(folder, Options { refusals_copy: Some(copy.to_owned()), ..Options::default() }).unwrap()
}

pub(super) async fn agree_and_buy(store: &SqliteStore) {
    let shop = TestShop::open();
    for who in PEOPLE {
        store
            .put_profile(&subject(who), ProfileChange::replace_all(shop.profile_with("38000")), noon())
            .await
            .unwrap();
        store.put_choice(&subject(who), CONSENT, answer(ChoiceStatus::Granted, noon())).await.unwrap();
        store.append_events(vec![shop.purchase(None, who, None, "a", noon())], noon()).await.unwrap();
    }
}

/// Every kind of refusal, one of somebody who was never seen, and one that is taken back.
pub(super) async fn refuse_everything(store: &SqliteStore) -> Erasure {
    store
        .put_choice(&subject("withdraws"), CONSENT, answer(ChoiceStatus::Withdrawn, later(1)))
        .await
        .unwrap();
    store.put_objection(&subject("objects"), true, later(2)).await.unwrap();
    store.put_restriction(&subject("restricts"), true, later(3)).await.unwrap();
    store.put_objection(&subject("stranger"), true, later(4)).await.unwrap();
    // of a switch nothing said means on
    let off = answer(ChoiceStatus::Refused, later(4));
    store.put_choice(&subject("agrees"), OwnSwitch::Learning.name(), off).await.unwrap();
    store.erase_subject(&subject("erased"), later(5)).await.unwrap().unwrap()
}

pub(super) async fn record_of(store: &SqliteStore, who: &str) -> Option<SubjectRecord> {
    store.read_subject(&subject(who)).await.unwrap().map(|record| SubjectRecord::clone(&record))
}

/// Every refusal is obeyed, and nobody else's record has changed.
pub(super) async fn obeys_everything(store: &SqliteStore, erasure: &Erasure) {
    let last = |record: &SubjectRecord| record.choices[CONSENT].last().unwrap().clone();
    let withdrawn = last(&record_of(store, "withdraws").await.unwrap());
    assert_eq!((withdrawn.status, withdrawn.at), (ChoiceStatus::Withdrawn, later(1)));
    assert_eq!(record_of(store, "objects").await.unwrap().objected, Some(later(2)));
    assert_eq!(record_of(store, "restricts").await.unwrap().restricted, Some(later(3)));
    assert_eq!(record_of(store, "stranger").await.unwrap().objected, Some(later(4)));
    assert_eq!(record_of(store, "erased").await, None);
    assert_eq!(store.subject_by_number(erasure.person).await.unwrap(), None);
    assert_eq!(store.export_subject(&subject("erased")).await.unwrap(), None);
    assert_eq!(store.find_erasure(&erasure.receipt).await.unwrap().as_ref(), Some(erasure));
    let agrees = record_of(store, "agrees").await.unwrap();
    assert_eq!(
        (last(&agrees).status, agrees.objected, agrees.restricted),
        (ChoiceStatus::Granted, None, None)
    );
    assert!(OwnSwitch::Learning.is_off(&agrees.choices, later(4)));
    assert!(!OwnSwitch::PersonalLists.is_off(&agrees.choices, later(4)));
    assert_eq!(bought_items(store, "agrees").await, ["a"]);
}

#[tokio::test]
async fn no_older_copy_of_the_tables_revives_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    {
        agree_and_buy(&open(folder.path()).unwrap()).await;
    }
    let older = fs::read(path("store.db")).unwrap();
    let erasure = refuse_everything(&open(folder.path()).unwrap()).await;
    let keys = fs::read(path("keys")).unwrap();
    fs::write(path("store.db"), &older).unwrap();
    let store = open(folder.path()).unwrap();
    obeys_everything(&store, &erasure).await;
    assert!(store.shared.outstanding.is_settled());
    assert_eq!(fs::read(path("keys")).unwrap(), keys, "a key came back, or one more went");
    // an objection of somebody unknown to the copy holds for the row that is made, and may be taken back
    let event = TestShop::open().purchase(None, "stranger", None, "b", noon());
    store.append_events(vec![event], noon()).await.unwrap();
    assert_eq!(record_of(&store, "stranger").await.unwrap().objected, Some(later(4)));
    store.put_objection(&subject("stranger"), false, later(9)).await.unwrap();
    store.shared.forget_cached();
    assert_eq!(record_of(&store, "stranger").await.unwrap().objected, None);
    // whoever was erased comes back as somebody new
    let event = TestShop::open().purchase(None, "erased", None, "b", noon());
    store.append_events(vec![event], noon()).await.unwrap();
    assert_eq!(bought_items(&store, "erased").await, ["b"]);
    drop(store);
    let store = open(folder.path()).unwrap();
    assert_eq!(bought_items(&store, "erased").await, ["b"]);
    assert_eq!(record_of(&store, "stranger").await.unwrap().objected, None);
}

#[tokio::test]
async fn no_older_folder_revives_anybody_where_a_copy_of_the_journal_is_elsewhere() {
    let (folder, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    {
        agree_and_buy(&open_with_copy(folder.path(), second.path())).await;
    }
    let older: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let older: Vec<_> = older.into_iter().map(|path| (fs::read(&path).unwrap(), path)).collect();
    let erasure = refuse_everything(&open_with_copy(folder.path(), second.path())).await;
    for (bytes, path) in &older {
        fs::write(path, bytes).unwrap();
    }
    obeys_everything(&open_with_copy(folder.path(), second.path()), &erasure).await;
    // the folder alone holds it from now on
    obeys_everything(&open(folder.path()).unwrap(), &erasure).await;
}

#[tokio::test]
async fn a_journal_that_is_older_than_the_tables_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("refusals");
    agree_and_buy(&open(folder.path()).unwrap()).await;
    let older = fs::read(&path).unwrap();
    let erasure = refuse_everything(&open(folder.path()).unwrap()).await;
    let newest = fs::read(&path).unwrap();
    for bytes in [older, Vec::new()] {
        fs::write(&path, &bytes).unwrap();
        let error = open(folder.path()).err().expect("a journal that lacks refusals is taken");
        assert!(error.to_string().contains("put the newest journal back"), "{error}");
    }
    fs::remove_file(&path).unwrap();
    assert!(open(folder.path()).is_err());
    fs::write(&path, &newest).unwrap();
    obeys_everything(&open(folder.path()).unwrap(), &erasure).await;
}

/// Has the tables take no change until the next opening.
async fn refuse_changes(store: &SqliteStore) {
    let work = |place: &mut crate::writer::Place<'_>| {
        place.sql.pragma_update(None, "query_only", true).map_err(StoreError::failed)
    };
    store.writer.write(1, work, |()| {}).await.unwrap();
}

#[tokio::test]
async fn tables_that_take_no_change_hold_no_refusal_up() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    agree_and_buy(&store).await;
    refuse_changes(&store).await;
    let event = || vec![TestShop::open().purchase(None, "agrees", None, "b", noon())];
    assert!(store.append_events(event(), noon()).await.is_err());
    let erasure = refuse_everything(&store).await;
    obeys_everything(&store, &erasure).await;
    // what is taken back must be durable first
    assert!(store.put_objection(&subject("objects"), false, later(9)).await.is_err());
    drop(store);
    let store = open(folder.path()).unwrap();
    obeys_everything(&store, &erasure).await;
    store.append_events(event(), noon()).await.unwrap();
    drop(store);
    // the tables hold it all by now
    let folder_of_tables = folder.path().join("store.db");
    let sql = rusqlite::Connection::open(folder_of_tables).unwrap();
    let count = |query: &str| sql.query_row(query, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM people WHERE objected IS NOT NULL"), 1);
    assert_eq!(count("SELECT count(*) FROM people"), 4);
    assert_eq!(count("SELECT count(*) FROM erasures"), 1);
}

/// A disk of a few megabytes; it goes with the test.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None` where mounting is not permitted.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=8m", "jardin-test"]).arg(folder.path());
        let is_mounted = mount.output().is_ok_and(|output| output.status.success());
        if !is_mounted {
            eprintln!("skipped: mounting a small disk is not permitted here");
        }
        is_mounted.then_some(Self(folder))
    }

    fn fill(&self) {
        let filler = fs::File::create(self.0.path().join("filler")).unwrap();
        while std::io::Write::write_all(&mut &filler, &[1; 4096]).is_ok() {}
    }

    fn empty(&self) {
        fs::remove_file(self.0.path().join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).output();
    }
}

#[tokio::test]
async fn on_a_full_disk_refusals_are_durable_until_the_room_set_aside_is_used_up_and_obeyed_after() {
    let Some(disk) = SmallDisk::mount() else { return };
    let folder = disk.0.path().join("data");
    let store = open(&folder).unwrap();
    agree_and_buy(&store).await;
    assert_eq!(store.store_warnings(), [""; 0]);
    disk.fill();
    // events find no room; the log of the tables may have had some left
    let event = |n: usize| vec![TestShop::open().purchase(None, &format!("p{n}"), None, "a", noon())];
    let mut n = 0;
    while store.append_events(event(n), noon()).await.is_ok() {
        n += 1;
        assert!(n < 100_000, "the disk is not full");
    }
    let told = store.store_warnings().join("; ");
    assert!(told.contains("no change is stored") && told.contains("full"), "{told}");
    let erasure = refuse_everything(&store).await;
    obeys_everything(&store, &erasure).await;
    // the room that was set aside holds some thousands more, and then they are obeyed all the same
    let mut written = 0;
    let ended = loop {
        match store.put_objection(&subject(&format!("p{written}")), true, later(7)).await {
            Ok(_) => written += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(ended, StoreError::InForceNotDurable);
    assert!(written > 8_000, "{written} refusals were durable");
    assert_eq!(record_of(&store, &format!("p{written}")).await.unwrap().objected, Some(later(7)));
    assert!(
        store.store_warnings().iter().any(|warning| warning.contains("not durable")),
        "{:?}",
        store.store_warnings()
    );
    disk.empty();
    store.append_events(event(1_000_000), noon()).await.unwrap();
    obeys_everything(&store, &erasure).await;
    drop(store);
    let store = open(&folder).unwrap();
    obeys_everything(&store, &erasure).await;
    assert_eq!(record_of(&store, "p0").await.unwrap().objected, Some(later(7)));
    assert_eq!(store.store_warnings(), [""; 0]);
}
