//! Frames and answers whose bytes were written by another implementation (`data/golden.py`).
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use jardin_abi::{
    AnswerReader, AnswerWriter, ColumnType, Event, FrameKind, FrameReader, FrameWriter, Pick, STATUS_FAILED,
    STATUS_OK,
};

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

const VIEWED: [Event; 2] = [
    Event { at: 1_795_514_400_000, item: 3, quantity: 2, kind: 1 },
    Event { at: 5, item: 6, quantity: 7, kind: 8 },
];

#[test]
fn a_frame_of_every_type_is_read() {
    let golden = bytes(include_str!("data/every_type.hex"));
    let frame = FrameReader::new(&golden).unwrap();
    assert_eq!((frame.kind(), frame.rows()), (FrameKind::Recommend, 3));
    let column = |name| frame.column(name).unwrap();
    let rows = 0..4;
    let all = |name: &'static str| (column(name), rows.clone());
    let (limit, at) = all("limit");
    assert_eq!(at.map(|r| limit.word32_at(r)).collect::<Vec<_>>(), [Some(10), Some(4), Some(1), None]);
    let (seed, at) = all("seed");
    assert_eq!(at.map(|r| seed.word64_at(r)).collect::<Vec<_>>(), [Some(1), Some(u64::MAX), Some(0), None]);
    let (time, at) = all("time");
    assert_eq!(
        at.map(|r| time.time_at(r)).collect::<Vec<_>>(),
        [Some(1_795_514_400_000), Some(-1), None, None]
    );
    let (number, at) = all("number");
    assert_eq!(at.map(|r| number.number_at(r)).collect::<Vec<_>>(), [Some(1.5), None, Some(-0.25), None]);
    let (flag, at) = all("flag");
    assert_eq!(at.map(|r| flag.flag_at(r)).collect::<Vec<_>>(), [Some(true), Some(false), None, None]);
    let (date, at) = all("date");
    assert_eq!(at.map(|r| date.date_at(r)).collect::<Vec<_>>(), [Some(20_777), Some(-1), None, None]);
    let (text, at) = all("text");
    assert_eq!(at.map(|r| text.text_at(r)).collect::<Vec<_>>(), [Some("héllo"), Some(""), None, None]);
    let texts = |r| column("texts").texts_at(r).map(Iterator::collect::<Vec<_>>);
    assert_eq!(
        rows.clone().map(texts).collect::<Vec<_>>(),
        [Some(vec!["a", "", "été"]), Some(vec![]), None, None]
    );
    let candidates = |r| column("candidates").words32_at(r).map(Iterator::collect::<Vec<_>>);
    assert_eq!(
        rows.clone().map(candidates).collect::<Vec<_>>(),
        [Some(vec![7, 8, 9]), None, Some(vec![0]), None]
    );
    let viewed = |r| column("session.viewed").events_at(r).map(Iterator::collect::<Vec<_>>);
    assert_eq!(rows.map(viewed).collect::<Vec<_>>(), [Some(VIEWED.to_vec()), Some(vec![]), None, None]);
    // asked for another type a column has nothing
    assert_eq!(column("limit").number_at(0), None);
    assert_eq!(column("limit").kind(), ColumnType::Word32);
}

#[test]
fn the_writer_writes_the_same_bytes() {
    let mut writer = FrameWriter::new(FrameKind::Recommend, 3);
    writer.write_words32("limit", &[10, 4, 1]);
    writer.write_words64("seed", &[1, u64::MAX, 0]);
    writer.write_times("time", &[Some(1_795_514_400_000), Some(-1), None]);
    writer.write_numbers("number", &[Some(1.5), None, Some(-0.25)]);
    writer.write_flags("flag", &[Some(true), Some(false), None]);
    writer.write_dates("date", &[Some(20_777), Some(-1), None]);
    writer.write_text("text", &[Some("héllo"), Some(""), None]);
    writer.write_texts("texts", &[Some(vec!["a", "", "été"]), Some(vec![]), None]);
    writer.write_item_lists("candidates", &[Some(&[7, 8, 9]), None, Some(&[0])]);
    writer.write_events("session.viewed", &[Some(VIEWED.to_vec()), Some(vec![]), None]);
    assert_eq!(writer.finish().bytes(), bytes(include_str!("data/every_type.hex")));
    let mut writer = FrameWriter::new(FrameKind::Forget, 0);
    writer.write_words64("session", &[]);
    assert_eq!(writer.finish().bytes(), bytes(include_str!("data/empty.hex")));
}

#[test]
fn an_answer_is_written_and_read() {
    let golden = bytes(include_str!("data/answer.hex"));
    let picks = [Pick { index: 5, reason: 0, score: 2.5 }, Pick { index: 6, reason: 1, score: -1.0 }];
    let read = AnswerReader::read(&golden, 3).unwrap();
    assert_eq!(read, [Some(picks.to_vec()), None, Some(vec![])]);
    let mut room = vec![0xa5; 256];
    let mut writer = AnswerWriter::new(&mut room).unwrap();
    assert!(writer.push(STATUS_OK, &picks) && writer.push(STATUS_FAILED, &[]) && writer.push(STATUS_OK, &[]));
    let length = writer.length();
    assert_eq!(room.get(..length).unwrap(), golden);
}
