//! Whatever a stranger sends is refused or read within its bounds; nothing panics.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use jardin_abi::{AnswerReader, FrameReader};
use proptest::prelude::*;

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

/// One change of a message.
#[derive(Debug, Clone)]
enum Change {
    Byte(usize, u8),
    Word(usize, u32),
    Long(usize, u64),
    Cut(usize),
    Longer(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let place = 0..4096_usize;
    // the header and the entries are where lies pay
    let early = 0..192_usize;
    let edges = prop_oneof![
        Just(0),
        Just(1),
        Just(63),
        Just(64),
        Just(u64::MAX),
        Just(u64::MAX - 63),
        Just(1 << 63),
        any::<u64>()
    ];
    prop_oneof![
        (place.clone(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        (early.clone(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        (0..1024_usize, prop_oneof![Just(u32::MAX), Just(0), 0..200_u32, any::<u32>()])
            .prop_map(|(at, word)| Change::Word(at * 4, word)),
        (0..96_usize, edges).prop_map(|(at, long)| Change::Long(at * 8, long)),
        place.prop_map(Change::Cut),
        early.prop_map(Change::Longer),
    ]
}

fn changed(golden: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = golden.to_vec();
    let mut put = |at: usize, word: &[u8]| {
        let at = at % golden.len();
        bytes.iter_mut().skip(at).zip(word).for_each(|(place, byte)| *place = *byte);
    };
    let mut length = golden.len();
    for change in changes {
        match change {
            Change::Byte(at, byte) => put(*at, &[*byte]),
            Change::Word(at, word) => put(*at, &word.to_le_bytes()),
            Change::Long(at, long) => put(*at, &long.to_le_bytes()),
            Change::Cut(to) => length = to % golden.len(),
            Change::Longer(by) => length = golden.len() + by,
        }
    }
    bytes.resize(length, 0xa5);
    bytes
}

/// Reads everything that a frame holds, by every type; gives how many values there were.
fn read_all(frame: &FrameReader<'_>) -> usize {
    let mut values = 0;
    for column in frame.columns() {
        // a reader that trusts the row count is asked beyond it as well
        for row in (0..frame.rows().min(100)).chain([frame.rows(), usize::MAX, usize::MAX / 8]) {
            values += usize::from(column.is_present(row));
            values +=
                usize::from(column.number_at(row).is_some_and(assert_finite) | column.flag_at(row).is_some());
            values += usize::from(column.date_at(row).is_some() | column.time_at(row).is_some());
            values += usize::from(column.word32_at(row).is_some() | column.word64_at(row).is_some());
            values += column.text_at(row).map_or(0, str::len);
            values += column.texts_at(row).map_or(0, |texts| texts.map(str::len).sum());
            values += column.words32_at(row).map_or(0, Iterator::count);
            values += column.events_at(row).map_or(0, Iterator::count);
        }
    }
    values
}

fn assert_finite(number: f64) -> bool {
    assert!(number.is_finite());
    true
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn a_changed_frame_is_refused_or_read_within_its_bounds(changes in prop::collection::vec(change(), 0..4)) {
        let golden = bytes(include_str!("data/every_type.hex"));
        let changed = changed(&golden, &changes);
        if let Ok(frame) = FrameReader::new(&changed) {
            // a value takes part of the frame: there cannot be more of them than its bytes allow, whatever it
            // claims
            prop_assert!(read_all(&frame) <= 120 * changed.len());
        }
    }

    #[test]
    fn a_changed_answer_is_refused_or_holds_finite_scores(changes in prop::collection::vec(change(), 0..4), requests in 0..5_usize) {
        let golden = bytes(include_str!("data/answer.hex"));
        let changed = changed(&golden, &changes);
        if let Ok(answers) = AnswerReader::read(&changed, requests) {
            prop_assert_eq!(answers.len(), requests);
            let picks: Vec<_> = answers.into_iter().flatten().flatten().collect();
            prop_assert!(picks.len() * 16 <= changed.len());
            prop_assert!(picks.iter().all(|p| p.score.is_finite()));
        }
    }

    #[test]
    fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(FrameReader::new(&bytes).is_err() || bytes.starts_with(b"JDF1"));
        prop_assert!(AnswerReader::read(&bytes, 1).is_err() || bytes.starts_with(b"JDA1"));
    }
}

#[test]
fn every_cut_of_a_frame_or_answer_is_refused() {
    let frame = bytes(include_str!("data/every_type.hex"));
    assert!(FrameReader::new(&frame).is_ok());
    assert!((0..frame.len()).all(|to| FrameReader::new(frame.get(..to).unwrap()).is_err()));
    let answer = bytes(include_str!("data/answer.hex"));
    assert!(AnswerReader::read(&answer, 3).is_ok());
    assert!((0..answer.len()).all(|to| AnswerReader::read(answer.get(..to).unwrap(), 3).is_err()));
}
