//! The laws of forgetting, which every plugin that learns must keep.

use super::Harness;
use crate::{Observation, Strategy};

/// The items of the made-up sessions are 0 to one less than this.
pub const ITEMS: u32 = 100;
/// The hours of the made-up sessions are 0 to one less than this.
pub const HOURS: u32 = 500;
const SESSIONS: u64 = 1_000;
const QUESTIONS: u64 = 500;

/// How a plugin that learns is tried.
pub struct Forgetting<S: Strategy> {
    /// A plugin that has learned nothing; it knows the items 0 to [`ITEMS`] - 1 if it needs a catalogue.
    pub untaught: fn() -> Harness<S>,
    /// Sets the fields (and the time) of a question about these items, at that hour.
    pub question: fn(&mut Harness<S>, items: &[u32], hour: u32),
    /// True where two plugins hold the same of what they learned.
    pub is_same_state: fn(&S, &S) -> bool,
}

impl<S: Strategy> Forgetting<S> {
    /// Teaches made-up sessions and gives every breach of the laws in words; none where the plugin keeps them.
    ///
    /// - What was forgotten leaves no trace: state and answers, bit for bit, are those of a plugin that never
    ///   saw it.
    /// - What was forgotten can be learned again, as if nothing had happened.
    /// - To forget an unknown session changes nothing.
    /// - A session that grows equals one that came whole.
    ///
    /// A plugin that answers fewer than half of the questions is a breach as well: nothing was tried then.
    #[must_use]
    pub fn breaches(&self) -> Vec<String> {
        let sessions = made_up_sessions();
        let is_gone = |session: u64| session % 7 == 3;
        let mut found = Vec::new();
        let mut learned = self.taught_harness(&sessions, |_| true);
        let answered = self.answers(&mut learned).iter().filter(|answer| !answer.is_empty()).count() as u64;
        if answered * 2 < QUESTIONS {
            found.push(format!("it answers {answered} of {QUESTIONS} questions, so that nothing was tried"));
        }
        (0..SESSIONS).filter(|session| is_gone(*session)).for_each(|session| learned.forget(&[session]));
        let mut never = self.taught_harness(&sessions, |session| !is_gone(session));
        self.compare(&mut learned, &mut never, "what was forgotten left a trace", &mut found);
        learned.forget(&[SESSIONS, SESSIONS + 1]);
        self.compare(&mut learned, &mut never, "to forget an unknown session changed something", &mut found);
        let gone = sessions.iter().zip(0..).filter(|(_, session)| is_gone(*session));
        gone.for_each(|(rows, _)| learned.observe(rows));
        let mut whole = self.taught_harness(&sessions, |_| true);
        self.compare(&mut learned, &mut whole, "what was learned again is not what it was", &mut found);
        let mut grown = (self.untaught)();
        sessions.iter().flatten().for_each(|row| grown.observe(std::slice::from_ref(row)));
        self.compare(&mut grown, &mut whole, "a session that grew is not one that came whole", &mut found);
        found
    }

    fn taught_harness(&self, sessions: &[Vec<Observation>], is_taught: impl Fn(u64) -> bool) -> Harness<S> {
        let mut harness = (self.untaught)();
        let taught = sessions.iter().zip(0..).filter(|(_, session)| is_taught(*session));
        taught.for_each(|(rows, _)| harness.observe(rows));
        harness
    }

    /// The picks of each question, scores by their bits.
    fn answers(&self, harness: &mut Harness<S>) -> Vec<Vec<(u32, u64)>> {
        let mut numbers = Numbers::new();
        (0..QUESTIONS)
            .map(|_| {
                let items: Vec<u32> = (0..=numbers.below(3)).map(|_| numbers.below(ITEMS)).collect();
                (self.question)(harness, &items, numbers.below(HOURS));
                harness.picks(50).iter().map(|pick| (pick.index, pick.score.to_bits())).collect()
            })
            .collect()
    }

    fn compare(&self, one: &mut Harness<S>, other: &mut Harness<S>, what: &str, found: &mut Vec<String>) {
        if self.answers(one) != self.answers(other) {
            found.push(format!("{what}: its answers differ"));
        }
        let is_same = match (one.strategy(), other.strategy()) {
            (Some(one), Some(other)) => (self.is_same_state)(one, other),
            _ => false,
        };
        if !is_same {
            found.push(format!("{what}: its state differs"));
        }
    }
}

/// Whose a made-up session is: of every four one is of nobody known, one of somebody who has no other, and two of people
/// who have some ten.
fn person_of(session: u64) -> Option<u32> {
    let person = match session % 4 {
        0 => None,
        1 => Some(SESSIONS + session),
        _ => Some(session * session % 97),
    };
    person.and_then(|person| u32::try_from(person).ok())
}

fn made_up_sessions() -> Vec<Vec<Observation>> {
    let mut numbers = Numbers::new();
    (0..SESSIONS)
        .map(|session| {
            let hour = numbers.below(HOURS);
            let length = 1 + numbers.below(8);
            (0..length)
                .map(|ordinal| Observation {
                    session,
                    sequence: session,
                    item: numbers.below(ITEMS),
                    kind: 8,
                    hour,
                    ordinal,
                    person: person_of(session),
                })
                .collect()
        })
        .collect()
}

/// A fixed sequence of pseudo-random numbers: xorshift64 (Marsaglia 2003).
struct Numbers(u64);

impl Numbers {
    const fn new() -> Self {
        Self(88_172_645_463_325_252)
    }

    fn below(&mut self, bound: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from(self.0 % u64::from(bound)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::{CatalogueRows, Observations, Params, Picks, Request};

    /// Counts in how many sessions an item was; breaks the law that its setting names.
    struct Counting {
        law: String,
        sessions: BTreeMap<u64, BTreeSet<u32>>,
    }

    impl Strategy for Counting {
        fn create(params: &Params<'_>) -> Result<Self, String> {
            let law = params.text("law").unwrap_or_default().to_owned();
            Ok(Self { law, sessions: BTreeMap::new() })
        }

        fn catalogue(&mut self, _: &CatalogueRows<'_>) {}

        fn recommend(&mut self, request: &Request<'_>, picks: &mut Picks) {
            for item in request.items("session.basket").unwrap_or_default() {
                let count = self.sessions.values().filter(|items| items.contains(&item)).count();
                if self.law != "mute" {
                    picks.add(item, f64::from(u32::try_from(count).unwrap()));
                }
            }
        }

        fn observe(&mut self, rows: &Observations<'_>) {
            for row in rows.iter() {
                let items = self.sessions.entry(row.session).or_default();
                if self.law == "whole" && row.ordinal > 0 && rows.iter().next() == Some(row) {
                    items.clear();
                }
                items.insert(row.item);
            }
        }

        fn forget(&mut self, sessions: &[u64]) {
            for session in sessions {
                match self.law.as_str() {
                    "keeps" => {}
                    "unknown" if !self.sessions.contains_key(session) => self.sessions.clear(),
                    "marks" => drop(self.sessions.insert(*session, BTreeSet::new())),
                    _ => drop(self.sessions.remove(session)),
                }
            }
        }
    }

    fn breaches(untaught: fn() -> Harness<Counting>) -> Vec<String> {
        let question = |harness: &mut Harness<Counting>, items: &[u32], _: u32| {
            let different: BTreeSet<u32> = items.iter().copied().collect();
            harness.request.items("session.basket", &different.into_iter().collect::<Vec<_>>());
        };
        let is_same_state = |one: &Counting, other: &Counting| one.sessions == other.sessions;
        Forgetting { untaught, question, is_same_state }.breaches()
    }

    macro_rules! breaking {
        ($law:literal) => {
            breaches(|| {
                Harness::with_settings(|settings| {
                    settings.text("law", $law);
                })
            })
        };
    }

    #[test]
    fn each_breach_is_found_and_nothing_else() {
        assert_eq!(breaking!("none"), Vec::<String>::new());
        for (found, phrase) in [
            (breaking!("keeps"), "left a trace: its answers"),
            (breaking!("marks"), "left a trace: its state"),
            (breaking!("unknown"), "to forget an unknown session"),
            (breaking!("whole"), "a session that grew"),
            (breaking!("mute"), "nothing was tried"),
        ] {
            assert!(found.iter().any(|breach| breach.contains(phrase)), "{phrase}: {found:?}");
        }
    }
}
