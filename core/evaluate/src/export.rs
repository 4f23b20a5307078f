//! What followed and what was answered, as other evaluators read it.
//!
//! Questions are numbered from 1 in their order, and stand in it; a list has each item once, at its first place.

use std::io::{self, Write};

use crate::{Question, judgement::first_occurrences, sessions::Item};

/// One list a question, the best item first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lists(Vec<Vec<Item>>);

impl Lists {
    /// All that followed, in its order.
    #[must_use]
    pub fn of_followed(questions: &[Question]) -> Self {
        let mut lists = Self::default();
        questions.iter().for_each(|question| lists.add(&question.followed, usize::MAX));
        lists
    }

    /// The next items alone.
    #[must_use]
    pub fn of_next(questions: &[Question]) -> Self {
        let mut lists = Self::default();
        questions.iter().for_each(|question| lists.add(&question.followed, 1));
        lists
    }

    /// Adds the list of the next question: its first `k` different items.
    pub fn add(&mut self, list: &[Item], k: usize) {
        self.0.push(first_occurrences(list, k).into_iter().map(Item::clone).collect());
    }

    /// Writes what is right as trec_eval reads it: `question 0 item 1`.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_qrels(&self, mut out: impl Write) -> io::Result<()> {
        self.rows().try_for_each(|row| writeln!(out, "{} 0 {} 1", row.question, row.item))
    }

    /// Writes a run as trec_eval reads it, `question Q0 item rank score name`. A score is the rank from below, so that
    /// no two of a question are equal and a higher one is better.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_run(&self, mut out: impl Write, name: &str) -> io::Result<()> {
        self.rows().try_for_each(|row| {
            writeln!(out, "{} Q0 {} {} {} {name}", row.question, row.item, row.rank, row.from_below)
        })
    }

    /// Writes a table: header `user,item,rank`, a question a user.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_csv(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "user,item,rank")?;
        self.rows().try_for_each(|row| writeln!(out, "{},{},{}", row.question, quoted(row.item), row.rank))
    }

    /// Writes the numbers of the questions whose list is empty, one a line: no other file names them.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_unanswered(&self, mut out: impl Write) -> io::Result<()> {
        let unanswered = (1_usize..).zip(&self.0).filter(|(_, list)| list.is_empty());
        unanswered.map(|(question, _)| question).try_for_each(|question| writeln!(out, "{question}"))
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (1..).zip(&self.0).flat_map(|(question, list)| {
            (0..).zip(list).map(move |(place, item)| Row {
                question,
                item,
                rank: place + 1,
                from_below: list.len() - place,
            })
        })
    }
}

/// One item of a list; ranks count from 1.
struct Row<'a> {
    question: usize,
    item: &'a str,
    rank: usize,
    from_below: usize,
}

/// A cell as RFC 4180 writes it.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Vec<Item> {
        text.split_whitespace().map(Item::from).collect()
    }

    fn written(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_answer_has_each_item_once_and_scores_that_fall() {
        let mut lists = Lists::default();
        for list in ["b a b c", "", "a"] {
            lists.add(&items(list), 2);
        }
        assert_eq!(
            written(|out| lists.write_run(out, "knn")),
            "1 Q0 b 1 2 knn\n1 Q0 a 2 1 knn\n3 Q0 a 1 1 knn\n"
        );
        assert_eq!(written(|out| lists.write_csv(out)), "user,item,rank\n1,b,1\n1,a,2\n3,a,1\n");
        assert_eq!(written(|out| lists.write_unanswered(out)), "2\n");
    }

    #[test]
    fn what_followed_is_right_once() {
        let questions =
            ["b a b", "c"].map(|followed| Question { shown: items("x"), followed: items(followed) });
        let all = Lists::of_followed(&questions);
        assert_eq!(written(|out| all.write_qrels(out)), "1 0 b 1\n1 0 a 1\n2 0 c 1\n");
        let next = Lists::of_next(&questions);
        assert_eq!(written(|out| next.write_qrels(out)), "1 0 b 1\n2 0 c 1\n");
    }

    #[test]
    fn a_comma_and_a_quote_stay_in_their_cell() {
        let mut lists = Lists::default();
        lists.add(&items("1,5\" 7"), 3);
        assert_eq!(written(|out| lists.write_csv(out)), "user,item,rank\n1,\"1,5\"\"\",1\n1,7,2\n");
    }
}
