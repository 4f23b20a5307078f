//! What any list must be better than: answers that need no strategy at all.

use std::{convert::Infallible, time::Duration};

use crate::{Answers, Question, Shares, sessions::Item};

/// The visit's own items, its newest first.
#[derive(Debug, Clone, Copy)]
pub struct OwnItems {
    /// Whether the newest item itself may come.
    pub with_newest: bool,
}

impl Answers for OwnItems {
    type Error = Infallible;

    fn answer(&mut self, question: &Question, k: usize) -> Result<(Vec<Item>, Duration), Infallible> {
        let newest = question.shown.last();
        let mut items: Vec<Item> = Vec::new();
        for item in question.shown.iter().rev() {
            if (self.with_newest || Some(item) != newest) && !items.contains(item) {
                items.push(Item::clone(item));
            }
        }
        items.truncate(k);
        Ok((items, Duration::ZERO))
    }
}

/// What stands most often in the training, ties to the lower id.
#[derive(Debug, Clone)]
pub struct MostPopular {
    items: Vec<Item>,
    with_newest: bool,
}

impl MostPopular {
    /// From the training's items; `with_newest`: whether the newest item of a visit may come.
    #[must_use]
    pub fn new(shares: &Shares, with_newest: bool) -> Self {
        Self { items: shares.most_popular(), with_newest }
    }
}

impl Answers for MostPopular {
    type Error = Infallible;

    fn answer(&mut self, question: &Question, k: usize) -> Result<(Vec<Item>, Duration), Infallible> {
        let newest = question.shown.last().filter(|_| !self.with_newest);
        let items = self.items.iter().filter(|item| Some(*item) != newest).take(k);
        Ok((items.map(Item::clone).collect(), Duration::ZERO))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Vec<Item> {
        text.split_whitespace().map(Item::from).collect()
    }

    fn answer(answers: &mut impl Answers<Error = Infallible>, shown: &str) -> String {
        let question = Question { shown: items(shown), followed: items("z") };
        let Ok((found, _)) = answers.answer(&question, 3);
        found.join(" ")
    }

    #[test]
    fn own_items_come_newest_first_and_once() {
        assert_eq!(answer(&mut OwnItems { with_newest: true }, "a b c b d a"), "a d b");
        assert_eq!(answer(&mut OwnItems { with_newest: false }, "a b c b d a"), "d b c");
        assert_eq!(answer(&mut OwnItems { with_newest: false }, "a"), "");
    }

    #[test]
    fn what_is_most_popular_comes_first_and_ties_by_id() {
        let shares = Shares::count_visits([items("b c c a"), items("a d c")]);
        assert_eq!(answer(&mut MostPopular::new(&shares, true), "c"), "c a b");
        assert_eq!(answer(&mut MostPopular::new(&shares, false), "c"), "a b d");
    }
}
