//! A naive evaluator, written from the description of the language alone, and the engine agree on random
//! policies, people and requests: who runs and why not, what each strategy sees of each field, what of an
//! event is kept, who is learned from.

use std::collections::BTreeSet;

use crate::naive::{Kept, Known, Naive, Products, Seen, Switches};
use crate::random::{self, Dice, person, policy::RandomPolicy};
use crate::support::{Engine, cases};
use jardin_model::FieldPath;
use jardin_policy::{Access, Decision, KeptUnder};

/// Policies a run, each with so many people and requests.
const POLICIES: u64 = 1_000;
const PEOPLE: u64 = 25;

#[test]
fn the_engine_does_what_the_description_says() {
    let mut seen = Tally::default();
    for seed in 0..cases(POLICIES) {
        let mut dice = Dice::new(seed);
        let policy = random::policy::policy(&mut dice);
        let naive = Naive::new(&policy.text);
        let products = person::products(&mut dice);
        let switches = person::switches(&mut dice, &policy.strategies);
        let engine = Engine::new(&policy, &products, &switches);
        for number in 0..PEOPLE {
            let known = person::known(&mut dice);
            let case = Case {
                naive: &naive,
                engine: &engine,
                policy: &policy,
                products: &products,
                switches: &switches,
                known: &known,
            };
            case.decisions(&mut dice, &mut seen)
                .unwrap_or_else(|e| panic!("seed {seed}, person {number}: {e}\n{}", policy.text));
            case.door(&mut dice, &mut seen)
                .unwrap_or_else(|e| panic!("seed {seed}, person {number}: {e}\n{}", policy.text));
            case.learning().unwrap_or_else(|e| panic!("seed {seed}, person {number}: {e}\n{}", policy.text));
        }
    }
    seen.everything_was_met();
}

/// What was met in a run: a comparison of cases that never happen proves nothing.
#[derive(Default)]
struct Tally {
    words: BTreeSet<&'static str>,
    runs: usize,
    values: usize,
    cut: usize,
}

impl Tally {
    fn everything_was_met(&self) {
        let expected = BTreeSet::from([
            "stopped",
            "not-pinned",
            "child",
            "restricted",
            "objection",
            "global-privacy-control",
            "consent",
            "ahead",
            "too-old",
            "never",
            "discreet",
            "no-purpose",
            "subject",
            "session",
        ]);
        assert_eq!(self.words, expected);
        assert!(self.cut > 100, "{} events lost a line", self.cut);
        assert!(self.runs > 20_000 && self.values > 20_000, "{} runs, {} values", self.runs, self.values);
    }
}

struct Case<'a> {
    naive: &'a Naive,
    engine: &'a Engine,
    policy: &'a RandomPolicy,
    products: &'a Products,
    switches: &'a Switches,
    known: &'a Known,
}

impl Case<'_> {
    fn decisions(&self, dice: &mut Dice, tally: &mut Tally) -> Result<(), String> {
        // now and then what is known is of somebody else than the one decided upon
        let stranger = dice.percent(3) && self.known.record.is_some();
        for strategy in &self.policy.strategies {
            let expected = self.naive.refusal(strategy, self.known, self.switches);
            match (self.engine.decide(strategy, self.known), expected) {
                (Decision::Refused(reason), Some(word)) if reason.word() == word => {
                    tally.words.insert(word);
                }
                (Decision::Run(grant), None) => {
                    tally.runs += 1;
                    let view = grant.view(
                        &self.engine.profile(self.known, stranger),
                        &self.engine.screened,
                        self.engine.at(self.known),
                    );
                    self.values(strategy, &view, stranger, tally)?;
                }
                (found, expected) => {
                    return Err(format!(
                        "{strategy}: expected {expected:?}, found {found:?}\n{:#?}",
                        self.known
                    ));
                }
            }
        }
        Ok(())
    }

    fn values(
        &self,
        strategy: &str,
        view: &jardin_policy::View,
        stranger: bool,
        tally: &mut Tally,
    ) -> Result<(), String> {
        let undeclared = ["subject.email", "subject.bith_date", "context.nothing"].map(str::to_owned);
        let declared = self.engine.policy.rules().fields.iter().map(|f| f.path.to_string());
        for path in declared.chain(undeclared) {
            let expected = self.naive.sees(strategy, &path, self.known, stranger, self.products);
            let named: FieldPath = path.parse().unwrap();
            let found = if path.starts_with("item.") {
                let granted = view.column(&named.name).is_some();
                if granted { Seen::Absent } else { Seen::Denied }
            } else {
                match view.get(named.namespace, &named.name) {
                    Access::Denied => Seen::Denied,
                    Access::Absent => Seen::Absent,
                    Access::Value(value) => self.engine.seen(value, &expected),
                }
            };
            tally.values += usize::from(!matches!(found, Seen::Denied | Seen::Absent));
            if found != expected {
                return Err(format!(
                    "{strategy} sees {path}: expected {expected:?}, found {found:?}\n{:#?}",
                    self.known
                ));
            }
        }
        Ok(())
    }

    fn door(&self, dice: &mut Dice, tally: &mut Tally) -> Result<(), String> {
        let event = person::event(dice, self.known.now);
        let expected = self.naive.admits(&event, self.known, self.products, self.switches);
        let shown = format!("{event:#?}");
        let then = self.engine.flags_then(self.known, event.occurred_at);
        let found = self.engine.policy.admit(
            event,
            &self.engine.flags(self.known),
            &then,
            &self.engine.screened,
            self.engine.at(self.known),
            &self.engine.stop,
        );
        let found = found.map_err(|r| r.word()).map(|admitted| {
            let space = if admitted.kept_under() == KeptUnder::Subject { "subject" } else { "session" };
            let names = admitted.redacted().iter().flat_map(|r| r.fields.iter().map(ToString::to_string));
            let lines = admitted.event().lines.iter().map(|line| line.item.as_str().to_owned()).collect();
            Kept { space, lines, dropped: names.collect() }
        });
        tally.words.insert(match &expected {
            Ok(kept) => {
                tally.cut += usize::from(kept.dropped.contains("items"));
                kept.space
            }
            Err(word) => word,
        });
        if found == expected {
            Ok(())
        } else {
            Err(format!("expected {expected:?}, found {found:?}\n{shown}\n{:#?}", self.known))
        }
    }

    fn learning(&self) -> Result<(), String> {
        for strategy in &self.policy.strategies {
            let expected = self.naive.may_learn(strategy, self.known, &self.switches.finishes);
            let found = self.engine.may_learn(strategy, self.known);
            if found != expected {
                return Err(format!(
                    "{strategy} learns: expected {expected}, found {found}\n{:#?}",
                    self.known
                ));
            }
        }
        let expected = self.naive.groundless(self.known);
        let found = self.engine.groundless(self.known);
        if found != expected {
            return Err(format!("groundless: expected {expected:?}, found {found:?}\n{:#?}", self.known));
        }
        let expected = self.naive.sets_aside(self.known, self.switches);
        let found = self.engine.sets_aside(self.known);
        if found.as_ref().is_some_and(|found| *found != expected) {
            return Err(format!("set aside: expected {expected:?}, found {found:?}\n{:#?}", self.known));
        }
        for (index, id) in self.products.ids.iter().enumerate() {
            let item = jardin_model::ItemIndex(u32::try_from(index).unwrap());
            let (screened, products) = (&self.engine.screened, self.products);
            let found = (screened.is_never(item), screened.is_discreet(item));
            let expected = (self.naive.is_never(id, products), self.naive.is_discreet(id, products));
            let is_learned = screened.may_be_learned_from(item);
            if found != expected || is_learned != (expected == (false, false)) {
                return Err(format!(
                    "{id} is never, is discreet: found {found:?}; learned from: {is_learned}"
                ));
            }
        }
        Ok(())
    }
}
