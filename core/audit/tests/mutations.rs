//! Whatever is done to a log within its proved part is found; what was not touched is proved.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::{
    cell::Cell,
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use jardin_audit::{
    Checkpoint, Decision, FaultKind, FileAudit, Record, read_acts, read_decisions, remove_days_before,
    verify_folder,
};
use jardin_contract::{Act, ActQuery, Pseudonym, RecordedAct};
use jardin_model::Timestamp;
use proptest::{prelude::*, test_runner::TestRunner};

const SECRET: [u8; 32] = [7; 32];
/// 2026-11-28T12:00:00Z
const NOON: i64 = 1_795_867_200_000;
const DAY: i64 = 86_400_000;

fn act(n: i64) -> Act {
    let person = (n % 3 == 0).then_some(Pseudonym([u8::try_from(n % 251).unwrap(); 16]));
    Act {
        at: Timestamp::from_ms(NOON + n),
        what: "export_subject".into(),
        by: "crm".into(),
        person,
        status: 200,
    }
}

/// Writes batches of acts; gives the checkpoints that left the folder.
fn write(folder: &Path, batches: &[Vec<Act>]) -> Vec<Checkpoint> {
    let outside: Arc<Mutex<Vec<Checkpoint>>> = Arc::default();
    for batch in batches {
        let kept = Arc::clone(&outside);
        let keep = Box::new(move |checkpoint: &Checkpoint| kept.lock().unwrap().push(checkpoint.clone()));
        let audit = FileAudit::open(folder, &SECRET, keep).unwrap();
        batch.iter().for_each(|act| audit.record_act(act.clone()));
    }
    let outside = outside.lock().unwrap();
    outside.clone()
}

/// A log of six batches with 21 entries in all.
fn new_log() -> (tempfile::TempDir, Vec<Checkpoint>) {
    let folder = tempfile::tempdir().unwrap();
    let batches: Vec<Vec<Act>> =
        (1..=6).map(|size| (0..size).map(|n| act(size * 10 + n)).collect()).collect();
    let outside = write(folder.path(), &batches);
    (folder, outside)
}

fn day_file(folder: &Path) -> std::path::PathBuf {
    folder.join("2026-11-28.jsonl")
}

fn fault_of(folder: &Path, outside: &[Checkpoint]) -> Option<FaultKind> {
    verify_folder(folder, None, outside).unwrap().fault.map(|fault| fault.what)
}

/// What somebody does to a file.
#[derive(Debug, Clone)]
enum Mutation {
    Flip(usize, u8),
    Insert(usize, u8),
    Remove(usize),
    RemoveLine(usize),
    DoubleLine(usize),
    SwapLines(usize, usize),
    Cut(usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let place = any::<prop::sample::Index>().prop_map(|index| index.index(1 << 30));
    prop_oneof![
        (place.clone(), 1_u8..).prop_map(|(at, bits)| Mutation::Flip(at, bits)),
        (place.clone(), any::<u8>()).prop_map(|(at, byte)| Mutation::Insert(at, byte)),
        place.clone().prop_map(Mutation::Remove),
        place.clone().prop_map(Mutation::RemoveLine),
        place.clone().prop_map(Mutation::DoubleLine),
        (place.clone(), place.clone()).prop_map(|(one, other)| Mutation::SwapLines(one, other)),
        place.prop_map(Mutation::Cut),
    ]
}

fn mutate(bytes: &[u8], mutation: &Mutation) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let count = lines.len();
    match *mutation {
        Mutation::Flip(at, bits) => changed[at % bytes.len()] ^= bits,
        Mutation::Insert(at, byte) => changed.insert(at % bytes.len(), byte),
        Mutation::Remove(at) => drop(changed.remove(at % bytes.len())),
        Mutation::RemoveLine(at) => {
            lines.remove(at % count);
            changed = lines.concat();
        }
        Mutation::DoubleLine(at) => {
            lines.insert(at % count, lines[at % count].clone());
            changed = lines.concat();
        }
        Mutation::SwapLines(one, other) => {
            lines.swap(one % count, other % count);
            changed = lines.concat();
        }
        Mutation::Cut(at) => changed.truncate(at % bytes.len()),
    }
    changed
}

#[test]
fn every_change_within_the_proved_part_is_found() {
    let (folder, outside) = new_log();
    let whole = fs::read(day_file(folder.path())).unwrap();
    let untouched = verify_folder(folder.path(), None, &outside).unwrap();
    assert_eq!((untouched.entries, untouched.proved, untouched.fault), (21, 21, None));
    let cases = std::env::vars()
        .find(|(name, _)| name == "JARDIN_TEST_CASES")
        .map_or(10_000, |(_, n)| n.parse().unwrap());
    let mut runner =
        TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() });
    let (tried, held) = (Cell::new(0), Cell::new(0));
    let all = runner.run(&mutation(), |mutation| {
        let changed = mutate(&whole, &mutation);
        if changed == whole {
            return Ok(());
        }
        tried.set(tried.get() + 1);
        fs::write(day_file(folder.path()), &changed).unwrap();
        let verified = verify_folder(folder.path(), None, &outside).unwrap();
        prop_assert!(verified.fault.is_some() && verified.proved == 0, "{mutation:?} is not found");
        held.set(held.get() + 1);
        Ok(())
    });
    println!("{} tried, {} held", tried.get(), held.get());
    all.unwrap();
}

#[test]
fn a_cut_behind_the_last_checkpoint_is_not_covered_and_the_rest_is_proved() {
    let (folder, mut outside) = new_log();
    outside.truncate(4);
    let whole = fs::read(day_file(folder.path())).unwrap();
    let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    // 1 + 2 + 3 + 4 + 5 entries with a chain line each: the sixth batch goes, and the folder's own checkpoint of it
    fs::write(day_file(folder.path()), lines[..20].concat()).unwrap();
    let own = fs::read_to_string(folder.path().join("checkpoints")).unwrap();
    let kept: Vec<&str> = own.lines().take(5).collect();
    fs::write(folder.path().join("checkpoints"), kept.join("\n")).unwrap();
    let verified = verify_folder(folder.path(), None, &outside).unwrap();
    assert_eq!((verified.entries, verified.proved, verified.fault), (15, 10, None));
    // with a checkpoint of what is gone it is told
    let (_, all) = new_log();
    assert_eq!(fault_of(folder.path(), &all), Some(FaultKind::Cut));
}

#[test]
fn a_log_that_was_written_anew_by_another_key_or_with_the_same_one_is_found_from_outside() {
    let (folder, outside) = new_log();
    let key = fs::read_to_string(folder.path().join("public.key")).unwrap();
    let forged = tempfile::tempdir().unwrap();
    let acts: Vec<Act> = (100..121).map(act).collect();
    write(forged.path(), &[acts]);
    // whoever has the secret signs what they like; a checkpoint from outside says otherwise
    assert_eq!(fault_of(forged.path(), &[]), None);
    assert_eq!(fault_of(forged.path(), &outside[5..]), Some(FaultKind::OtherThanCheckpoint));
    let other = tempfile::tempdir().unwrap();
    drop(FileAudit::open(other.path(), &[8; 32], Box::new(|_| ())).unwrap());
    let audit = FileAudit::open(other.path(), &[8; 32], Box::new(|_| ())).unwrap();
    audit.record_act(act(1));
    drop(audit);
    let verified = verify_folder(other.path(), Some(&key), &[]).unwrap();
    assert_eq!(verified.fault.map(|fault| fault.what), Some(FaultKind::NotSigned));
}

#[test]
fn an_end_in_the_midst_of_a_batch_costs_that_batch_alone_and_is_told() {
    let (folder, outside) = new_log();
    let path = day_file(folder.path());
    let whole = fs::read(&path).unwrap();
    // an end after two entries and half of a third, of which no chain line was written
    let torn = [
        &whole[..],
        b"{\"n\":22,\"at\":\"2026-11-28T13:00:00Z\",\"act\":\"a\",\"by\":\"b\",\"status\":200}\n{\"n\":23",
    ]
    .concat();
    fs::write(&path, &torn).unwrap();
    let verified = verify_folder(folder.path(), None, &outside).unwrap();
    assert_eq!((verified.entries, verified.unfinished, verified.fault), (21, 2, None));
    write(folder.path(), &[vec![act(99)]]);
    let verified = verify_folder(folder.path(), None, &outside).unwrap();
    assert_eq!((verified.entries, verified.proved, verified.unfinished, verified.fault), (23, 21, 0, None));
    let newest = read_acts(folder.path(), &ActQuery::newest(2)).unwrap();
    assert_eq!((&*newest[1].act.by, &*newest[1].act.what), ("audit", "entries_cut_by_an_end: 2"));
}

#[test]
fn days_that_are_too_old_go_whole_and_the_rest_stays_proved() {
    let folder = tempfile::tempdir().unwrap();
    let day = |days: i64| vec![Act { at: Timestamp::from_ms(NOON + days * DAY), ..act(0) }, act(days * DAY)];
    let outside = write(folder.path(), &[day(0), day(1), day(2)]);
    assert_eq!(remove_days_before(folder.path(), &SECRET, "2026-11-30").unwrap(), 2);
    let verified = verify_folder(folder.path(), None, &outside).unwrap();
    assert_eq!((verified.entries, verified.removed, verified.proved, verified.fault), (6, 4, 6, None));
    // the newest day stays, whatever its age, and nothing goes twice
    assert_eq!(remove_days_before(folder.path(), &SECRET, "2027-11-30").unwrap(), 0);
    // it goes on behind
    write(folder.path(), &[day(3)]);
    assert_eq!(verify_folder(folder.path(), None, &outside).unwrap().entries, 8);
    // a stub that somebody wrote is not taken
    let stubs = fs::read_to_string(folder.path().join("stubs")).unwrap();
    fs::write(folder.path().join("stubs"), stubs.replace("entries=4", "entries=3")).unwrap();
    assert!(fault_of(folder.path(), &outside).is_some());
}

#[test]
fn a_day_that_was_written_by_somebody_else_is_neither_signed_for_nor_removed() {
    let folder = tempfile::tempdir().unwrap();
    let day = |days: i64| vec![Act { at: Timestamp::from_ms(NOON + days * DAY), ..act(0) }];
    let outside = write(folder.path(), &[day(0), day(1)]);
    let forged = format!("{{\"through\":1000000,\"chain\":\"{}\"}}\n", "ab".repeat(32));
    fs::write(folder.path().join("2020-01-01.jsonl"), forged).unwrap();
    assert!(remove_days_before(folder.path(), &SECRET, "2026-11-29").is_err());
    assert!(!folder.path().join("stubs").exists() && day_file(folder.path()).exists());
    fs::remove_file(folder.path().join("2020-01-01.jsonl")).unwrap();
    assert_eq!(remove_days_before(folder.path(), &SECRET, "2026-11-29").unwrap(), 1);
    // what is older than the days that are left was compared with nothing, and proves nothing
    let verified = verify_folder(folder.path(), None, &outside[..1]).unwrap();
    assert_eq!((verified.removed, verified.proved, verified.fault), (1, 1, None));
    let older = write(&folder.path().join("other"), &[day(0), day(1), day(2)]);
    assert_eq!(remove_days_before(&folder.path().join("other"), &SECRET, "2026-11-30").unwrap(), 2);
    let verified = verify_folder(&folder.path().join("other"), None, &older[..1]).unwrap();
    assert_eq!((verified.removed, verified.proved), (2, 0));
}

#[test]
fn acts_are_found_newest_first_by_person_by_name_and_page_after_page() {
    let (folder, _) = new_log();
    let numbers = |query: &ActQuery| -> Vec<u64> {
        read_acts(folder.path(), query).unwrap().iter().map(|recorded| recorded.number).collect()
    };
    let newest = ActQuery::newest;
    assert_eq!(numbers(&newest(3)), [21, 20, 19]);
    assert_eq!(numbers(&ActQuery { before: Some(19), ..newest(3) }), [18, 17, 16]);
    assert_eq!(numbers(&ActQuery { before: Some(3), ..newest(3) }), [2, 1]);
    assert_eq!(numbers(&ActQuery { person: act(30).person, ..newest(10) }), [4]);
    assert_eq!(numbers(&ActQuery { what: Some("erase_subject".into()), ..newest(10) }), [0; 0]);
    assert_eq!(numbers(&ActQuery { what: Some("export_subject".into()), ..newest(99) }).len(), 21);
    assert_eq!(numbers(&newest(0)), [0; 0]);
}

#[test]
fn what_is_recorded_reads_as_it_was_and_the_head_covers_it() {
    let folder = tempfile::tempdir().unwrap();
    let audit = FileAudit::open(folder.path(), &SECRET, Box::new(|_| ())).unwrap();
    assert_eq!(audit.read_head().unwrap().checkpoint, None);
    audit.record_act(act(3));
    let read = audit.read_acts(&ActQuery::newest(9)).unwrap();
    assert_eq!(read, [RecordedAct { number: 1, act: act(3) }]);
    let head = audit.read_head().unwrap();
    let outside = Checkpoint::find_in(&head.checkpoint.unwrap());
    let verified = verify_folder(folder.path(), Some(&head.public_key), &outside).unwrap();
    assert_eq!((verified.proved, verified.fault), (1, None));
}

#[test]
fn decisions_stand_under_the_same_chain_and_are_found_by_their_answer() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("decisions");
    let outside: Arc<Mutex<Vec<Checkpoint>>> = Arc::default();
    let kept = Arc::clone(&outside);
    let keep = Box::new(move |checkpoint: &Checkpoint| kept.lock().unwrap().push(checkpoint.clone()));
    let audit = FileAudit::open(&folder, &SECRET, keep).unwrap();
    let decision = |answer: &str| Decision {
        n: 0,
        at: "2026-11-28T20:00:00Z".into(),
        answer: answer.into(),
        placement: "home".into(),
        policy: "2026-11".into(),
        strategies: "for-you ran; deals refused: no-consent".into(),
        person: Some("ab".repeat(16)),
    };
    for answer in ["one", "two", "three"] {
        let decision = decision(answer);
        assert!(audit.record_later(move || Record::Decision(decision)));
    }
    drop(audit);
    let found = read_decisions(&folder, 9, Some("two")).unwrap();
    assert_eq!(found, [Decision { n: 2, ..decision("two") }]);
    assert_eq!(read_decisions(&folder, 2, None).unwrap().len(), 2);
    assert_eq!(read_acts(&folder, &ActQuery::newest(9)).unwrap(), []);
    let outside = outside.lock().unwrap().clone();
    // the log of a service holds checkpoints of acts as well: neither speaks of the other
    let acts = write(&root.path().join("acts"), &[vec![act(1)]]);
    let both = [outside.clone(), acts].concat();
    let verified = verify_folder(&folder, None, &both).unwrap();
    assert_eq!((verified.entries, verified.proved, verified.fault), (3, 3, None));
    let verified = verify_folder(&root.path().join("acts"), None, &both).unwrap();
    assert_eq!((verified.entries, verified.proved, verified.fault), (1, 1, None));
    let path = day_file(&folder);
    let altered = fs::read_to_string(&path).unwrap().replacen("no-consent", "stopped", 1);
    fs::write(&path, altered).unwrap();
    assert_eq!(fault_of(&folder, &outside), Some(FaultKind::Altered));
}

#[test]
fn an_end_at_any_byte_leaves_the_last_whole_batch_and_says_which_it_is() {
    let (folder, _) = new_log();
    let whole = fs::read(day_file(folder.path())).unwrap();
    // the last entry of each batch, as the batches were written, with where its chain line ends
    let mut ends = vec![(0, 0)];
    for (at, batch) in (0..).zip([1, 3, 6, 10, 15, 21]) {
        let lines = batch + at + 1;
        let end: usize = whole.split_inclusive(|byte| *byte == b'\n').take(lines).map(<[u8]>::len).sum();
        ends.push((batch as u64, end));
    }
    for cut in 0..whole.len() {
        let cut_folder = tempfile::tempdir().unwrap();
        fs::write(day_file(cut_folder.path()), &whole[..cut]).unwrap();
        fs::copy(folder.path().join("public.key"), cut_folder.path().join("public.key")).unwrap();
        let last_good = ends.iter().filter(|(_, end)| *end <= cut).map(|(n, _)| *n).max().unwrap();
        let verified = verify_folder(cut_folder.path(), None, &[]).unwrap();
        assert_eq!((verified.entries, verified.fault), (last_good, None), "cut at byte {cut}");
        if cut % 61 == 0 {
            // who opens it goes on behind that entry
            drop(FileAudit::open(cut_folder.path(), &SECRET, Box::new(|_| ())).unwrap());
            let left = fs::read(day_file(cut_folder.path())).unwrap();
            assert!(ends.iter().any(|(n, end)| *n == last_good && *end == left.len()), "cut at byte {cut}");
        }
    }
}
