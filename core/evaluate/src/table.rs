//! Training sessions and questions from tab-separated text.

use std::{
    collections::{HashMap, HashSet},
    io::BufRead,
};

use crate::{Question, Session, sessions::Item};

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file breaks off.
    #[error("line {line} cannot be read")]
    Broken {
        /// Which line, from 1.
        line: usize,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The first line of the training is another one.
    #[error("line 1 is not `SessionId`, `ItemId`, `Time`, separated by tabs")]
    Header,
    /// A line has another shape.
    #[error("line {line}: {what}")]
    Line {
        /// Which line, from 1.
        line: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// Nothing is in it.
    #[error("there is no {what}")]
    Empty {
        /// What is missing.
        what: &'static str,
    },
}

/// The longest id of an item, in bytes.
const LONGEST_ID: usize = 256;
/// The year 3000, in seconds: a later time is written in another unit.
const LATEST: f64 = 32_503_680_000.0;

/// Each id once in memory, however often it is named.
#[derive(Default)]
struct Ids(HashSet<Item>);

impl Ids {
    fn get(&mut self, id: &str) -> Item {
        if let Some(known) = self.0.get(id) {
            return Item::clone(known);
        }
        let new = Item::from(id);
        self.0.insert(Item::clone(&new));
        new
    }
}

/// Training sessions: a header `SessionId`, `ItemId`, `Time` (seconds since 1970-01-01 UTC), a row an item. The rows of
/// a session come in the order of their times, and sessions in that of the time at which they ended; equal ones in the
/// order of the file.
///
/// # Errors
/// [`TableError`], at the first line that cannot be read.
pub fn sessions(text: impl BufRead) -> Result<Vec<Session>, TableError> {
    let mut lines = numbered(text);
    let header = lines.next().ok_or(TableError::Empty { what: "training session" })??.1;
    let mut names = header.trim_start_matches('\u{feff}').split('\t').map(str::trim_end);
    if [names.next(), names.next(), names.next()] != [Some("SessionId"), Some("ItemId"), Some("Time")] {
        return Err(TableError::Header);
    }
    let mut ids = Ids::default();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut sessions: Vec<Vec<(f64, Item)>> = Vec::new();
    for line in lines {
        let (number, line) = line?;
        let wrong = |what| TableError::Line { line: number, what };
        let mut cells = line.split('\t');
        let (Some(session), Some(item), Some(time)) = (cells.next(), cells.next(), cells.next()) else {
            return Err(wrong("three cells separated by tabs are expected"));
        };
        let (item, at) = (checked(item).map_err(wrong)?, seconds(time).map_err(wrong)?);
        let place = match places.get(session) {
            Some(place) => *place,
            None => {
                sessions.push(Vec::new());
                places.insert(session.to_owned(), sessions.len() - 1);
                sessions.len() - 1
            }
        };
        if let Some(session) = sessions.get_mut(place) {
            session.push((at, ids.get(item)));
        }
    }
    if sessions.is_empty() {
        return Err(TableError::Empty { what: "training session" });
    }
    let mut sessions: Vec<Session> = sessions.into_iter().map(in_order_of_time).collect();
    sessions.sort_by_key(|s| s.at);
    Ok(sessions)
}

fn in_order_of_time(mut rows: Vec<(f64, Item)>) -> Session {
    rows.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let at = rows.last().map_or(0, |(at, _)| *at as i64);
    Session { at, items: rows.into_iter().map(|(_, item)| item).collect() }
}

/// Seconds since 1970-01-01 UTC; some sets write them with a fraction.
fn seconds(text: &str) -> Result<f64, &'static str> {
    match text.trim().parse::<f64>() {
        Ok(time) if time.abs() <= LATEST => Ok(time),
        Ok(time) if time.is_finite() => {
            Err("the time is no number of seconds since 1970; are these milliseconds?")
        }
        _ => Err("the time is no number of seconds"),
    }
}

/// An item's id that can be asked about.
fn checked(item: &str) -> Result<&str, &'static str> {
    let item = item.trim_end();
    if item.is_empty() {
        Err("the item is empty")
    } else if item.len() > LONGEST_ID {
        Err("the item's id is longer than 256 bytes")
    } else if item.contains(char::is_whitespace) {
        Err("the item's id has a space in it, which separates items in questions")
    } else {
        Ok(item)
    }
}

/// Questions: a line each, without a header: the items so far, oldest first, separated by spaces, a tab, the
/// items that really followed.
///
/// # Errors
/// [`TableError`], at the first line that cannot be read.
pub fn questions(text: impl BufRead) -> Result<Vec<Question>, TableError> {
    let mut ids = Ids::default();
    let mut questions = Vec::new();
    for line in numbered(text) {
        let (number, line) = line?;
        let line = line.trim_start_matches('\u{feff}');
        let (shown, followed) = line.split_once('\t').ok_or(TableError::Line {
            line: number,
            what: "a tab between the items so far and those that followed is expected",
        })?;
        let mut items = |text: &str| text.split_whitespace().map(|id| ids.get(id)).collect::<Vec<Item>>();
        let question = Question { shown: items(shown), followed: items(followed) };
        if question.shown.iter().chain(&question.followed).any(|id| id.len() > LONGEST_ID) {
            return Err(TableError::Line { line: number, what: "an item's id is longer than 256 bytes" });
        }
        if question.shown.is_empty() || question.followed.is_empty() {
            return Err(TableError::Line {
                line: number,
                what: "at least one item on each side of the tab is expected",
            });
        }
        questions.push(question);
    }
    if questions.is_empty() {
        return Err(TableError::Empty { what: "question" });
    }
    Ok(questions)
}

/// Lines by their number, without empty ones.
fn numbered(text: impl BufRead) -> impl Iterator<Item = Result<(usize, String), TableError>> {
    (1..)
        .zip(text.lines())
        .map(|(number, line)| {
            line.map(|text| (number, text)).map_err(|cause| TableError::Broken { line: number, cause })
        })
        .filter(|line| line.as_ref().map_or(true, |(_, text)| !text.trim().is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_end_with_their_latest_row_and_keep_their_order() {
        let text = "SessionId\tItemId\tTime\n2\tb\t20\n1\ta\t10\n1\tc\t30.0\n2\ta\t21\r\n\n3\tz\t5\n";
        let found = sessions(text.as_bytes()).unwrap();
        let plain: Vec<(i64, String)> = found.iter().map(|s| (s.at, s.items.join(" "))).collect();
        assert_eq!(plain, [(5, "z".to_owned()), (21, "b a".to_owned()), (30, "a c".to_owned())]);
    }

    /// An export without `ORDER BY` is the same table.
    #[test]
    fn rows_of_a_session_come_in_the_order_of_their_times() {
        let text = "SessionId\tItemId\tTime\n1\tlast\t30\n1\tsecond\t20.5\n2\tx\t9\n1\tfirst\t20.25\n1\tthird\t20.5\n";
        let found = sessions(text.as_bytes()).unwrap();
        let plain: Vec<(i64, String)> = found.iter().map(|s| (s.at, s.items.join(" "))).collect();
        assert_eq!(plain, [(9, "x".to_owned()), (30, "first second third last".to_owned())]);
    }

    #[test]
    fn a_mark_at_the_beginning_and_windows_ends_of_lines_are_no_part_of_an_id() {
        let text = "\u{feff}SessionId\tItemId\tTime\r\n1\ta\t10\r\n1\t99999999999999999999\t11\r\n";
        assert_eq!(sessions(text.as_bytes()).unwrap()[0].items.join(" "), "a 99999999999999999999");
        let found = questions("\u{feff}a\tb\r\n".as_bytes()).unwrap();
        assert_eq!((found[0].shown.join(" "), found[0].followed.join(" ")), ("a".to_owned(), "b".to_owned()));
    }

    #[test]
    fn questions_have_two_sides() {
        let found = questions("a b\tc d\n\nx\ty\n".as_bytes()).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].shown.join(" "), "a b");
        assert_eq!(found[0].followed.join(" "), "c d");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, expected) in [
            ("session\titem\ttime\n", "line 1 is not `SessionId`"),
            ("SessionId,ItemId,Time\n1,a,3\n", "line 1 is not"),
            ("SessionId\tItemId\n1\ta\n", "line 1 is not"),
            ("", "there is no training session"),
            ("SessionId\tItemId\tTime\n1\ta\n", "line 2: three cells"),
            ("SessionId\tItemId\tTime\n1\ta\tnoon\n", "line 2: the time"),
            ("SessionId\tItemId\tTime\n1\t\t3\n", "line 2: the item"),
            ("SessionId\tItemId\tTime\n1\ta\t3\n1\ta b\t3\n", "line 3: the item's id has a space"),
            (
                "SessionId\tItemId\tTime\n1\ta\t1600000000000\n",
                "line 2: the time is no number of seconds since 1970; are these milli",
            ),
            ("SessionId\tItemId\tTime\n", "there is no training session"),
        ] {
            assert!(sessions(text.as_bytes()).unwrap_err().to_string().starts_with(expected), "{text:?}");
        }
        for (text, expected) in [
            ("a b c\n", "line 1: a tab"),
            ("a\tb\n\t c\n", "line 2: at least one"),
            ("\n", "there is no question"),
        ] {
            assert!(questions(text.as_bytes()).unwrap_err().to_string().starts_with(expected), "{text:?}");
        }
    }
}
