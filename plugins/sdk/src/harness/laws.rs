//! What every plugin must do, whatever it recommends: the part of the host's conformance kit that needs no
//! host.

use std::collections::BTreeSet;

use jardin_abi::Pick;

use super::Harness;

/// How many items are asked for.
const LIMIT: u32 = 10;

type Answer = Option<Vec<Pick>>;

impl<S> Harness<S> {
    /// Asks the present request in several ways, and then others that a plugin may get, and gives every
    /// breach of the contract in words; none where the plugin conforms.
    ///
    /// - The same question has the same answer, alone and with others in one message.
    /// - A panic is a failed answer; there is none.
    /// - An item is picked once, exists, and is one of the candidates where the host gave some.
    /// - Nothing is wanted (0 items), no candidate is left, an unknown candidate is given: answered all the
    ///   same.
    pub fn breaches(&mut self) -> Vec<String> {
        let mut found = Vec::new();
        let live = self.live.clone();
        self.check_answers(&live, "the request", &mut found);
        let granted = self.request.candidates();
        if let Some(candidates) = &granted {
            let known: BTreeSet<u32> =
                candidates.iter().copied().filter(|item| live.contains(item)).collect();
            self.check_answers(&known, "its candidates", &mut found);
            for (what, candidates) in [("no candidates", &[][..]), ("an unknown candidate", &[u32::MAX - 1])]
            {
                self.request.items("candidates", candidates);
                self.check_answers(&BTreeSet::new(), what, &mut found);
            }
            self.request.items("candidates", candidates);
        }
        if self.ask_batch(0, 1) != self.ask_batch(0, 1) {
            found.push("where nothing is wanted the same question has two answers".to_owned());
        }
        found
    }

    fn check_answers(&mut self, allowed: &BTreeSet<u32>, what: &str, found: &mut Vec<String>) {
        let first = self.ask_batch(LIMIT, 1).pop().flatten();
        let second = self.ask_batch(LIMIT, 1).pop().flatten();
        let together = self.ask_batch(LIMIT, 3);
        if first != second {
            found.push(format!("{what}: the same question has two answers"));
        }
        if together.iter().any(|answer| *answer != first) {
            found.push(format!("{what}: the answer is another one with others in one message"));
        }
        check_picks(&first, allowed, what, found);
    }
}

fn check_picks(answer: &Answer, allowed: &BTreeSet<u32>, what: &str, found: &mut Vec<String>) {
    let Some(picks) = answer else {
        found.push(format!("{what}: it panics"));
        return;
    };
    let different: BTreeSet<u32> = picks.iter().map(|pick| pick.index).collect();
    if different.len() != picks.len() {
        found.push(format!("{what}: it picks an item twice"));
    }
    if !different.is_subset(allowed) {
        found.push(format!("{what}: it picks an item that it may not"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CatalogueRows, Params, Picks, Request, Strategy};

    /// Breaks the law that its setting names.
    struct Breaking(String, u32);

    impl Strategy for Breaking {
        fn create(params: &Params<'_>) -> Result<Self, String> {
            Ok(Self(params.text("law").unwrap_or_default().to_owned(), 0))
        }

        fn catalogue(&mut self, _: &CatalogueRows<'_>) {}

        fn recommend(&mut self, request: &Request<'_>, picks: &mut Picks) {
            self.1 += 1;
            let first = request.candidates().and_then(|list| list.first().copied()).filter(|item| *item < 9);
            first.into_iter().for_each(|item| picks.add(item, 1.0));
            match self.0.as_str() {
                "twice" => (0..2).for_each(|_| picks.add(1, 1.0)),
                "foreign" => picks.add(7, 1.0),
                "changing" => picks.add(2, f64::from(self.1)),
                "panic" => panic!("as asked"),
                _ => {}
            }
        }
    }

    fn breaches(law: &str) -> Vec<String> {
        let mut harness = Harness::<Breaking>::with_settings(|p| {
            p.text("law", law);
        });
        for index in 1..=3 {
            harness.item(index).number("item.price", 1.0);
        }
        harness.request.items("candidates", &[1, 2]);
        harness.breaches()
    }

    #[test]
    fn each_breach_is_found_and_nothing_else() {
        assert_eq!(breaches("none"), Vec::<String>::new());
        for (law, phrase) in [
            ("twice", "an item twice"),
            ("foreign", "that it may not"),
            ("changing", "two answers"),
            ("panic", "panics"),
        ] {
            let found = breaches(law);
            assert!(found.iter().any(|f| f.contains(phrase)), "{law}: {found:?}");
        }
    }
}
