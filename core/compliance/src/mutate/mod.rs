//! Mutation: edits that widen a policy, and who reports them: the check, the diff, the policy's own tests.

mod asking;
mod edits;
mod granting;
mod tree;

use std::fmt::Write as _;

use jardin_policy::{Policy, lock::Lock};
use tree::Tree;

use super::diff::compare_policies;

/// One edit that widens, and who reported it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// Which key it is about.
    pub key: String,
    /// What it does.
    pub does: String,
    /// The check refuses it.
    pub by_check: bool,
    /// The diff reports that something widened, changed or weakened.
    pub by_diff: bool,
    /// It shows in what runs, is read, stored or learned, so that a test could catch it.
    pub shows_in_a_test: bool,
    /// A test of the policy itself fails.
    pub by_tests: bool,
}

/// What came of a policy's mutants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutation {
    /// Every mutant, in the order of the language.
    pub mutants: Vec<Mutant>,
}

/// Edits a policy in every way that widens it, and looks who reports it. `None` where the text is no valid
/// policy.
#[must_use]
pub fn mutate_policy(file: &str, source: &str) -> Option<Mutation> {
    let tree = Tree::read(source)?;
    let (policy, _) = Policy::check(file, &tree.write()).ok()?;
    let mutants = edits::all(&tree).into_iter().map(|edit| {
        let mutated = Policy::check(file, &edit.tree.write());
        let (by_diff, by_tests) = mutated.as_ref().map_or((false, false), |(mutant, _)| {
            let changes = compare_policies((&policy, &Lock::default()), (mutant, &Lock::default()));
            (changes.exit_code() != 0, mutant.run_tests().iter().any(|o| !o.failures.is_empty()))
        });
        Mutant {
            shows_in_a_test: edit.shows_in_a_test(),
            key: edit.key,
            does: edit.does,
            by_check: mutated.is_err(),
            by_diff,
            by_tests,
        }
    });
    Some(Mutation { mutants: mutants.collect() })
}

impl Mutation {
    /// The mutants that neither the check nor the diff reports.
    pub fn unreported(&self) -> impl Iterator<Item = &Mutant> {
        self.mutants.iter().filter(|m| !m.by_check && !m.by_diff)
    }

    /// Of the mutants that a test could catch and that the check takes, how many the policy's own tests
    /// catch, and how many there are.
    #[must_use]
    pub fn caught_by_tests(&self) -> (usize, usize) {
        let taken = || self.mutants.iter().filter(|m| !m.by_check && m.shows_in_a_test);
        (taken().filter(|m| m.by_tests).count(), taken().count())
    }

    /// What came of it, as JSON: `{edits, refused, visible, caught, missed: [{key, does}], unreported: [{key,
    /// does}]}`.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        let told = |m: &Mutant| serde_json::json!({ "key": m.key, "does": m.does });
        let (caught, visible) = self.caught_by_tests();
        serde_json::json!({
            "edits": self.mutants.len(),
            "refused": self.mutants.iter().filter(|m| m.by_check).count(),
            "visible": visible,
            "caught": caught,
            "missed": self.missed().map(told).collect::<Vec<_>>(),
            "unreported": self.unreported().map(told).collect::<Vec<_>>(),
        })
    }

    /// The mutants that a test could catch and that the policy's own tests miss.
    pub fn missed(&self) -> impl Iterator<Item = &Mutant> {
        self.mutants.iter().filter(|m| !m.by_check && !m.by_tests && m.shows_in_a_test)
    }

    /// What came of it, for a terminal: the mutants that the tests miss, by key.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for mutant in self.missed() {
            let _ = writeln!(text, "missed by the tests   {}: {}", mutant.key, mutant.does);
        }
        let unreported: Vec<&Mutant> = self.unreported().collect();
        for mutant in &unreported {
            let _ = writeln!(text, "REPORTED BY NOBODY    {}: {}", mutant.key, mutant.does);
        }
        let (caught, testable) = self.caught_by_tests();
        let refused = self.mutants.iter().filter(|m| m.by_check).count();
        let taken = self.mutants.len() - refused;
        let share = (caught * 100).checked_div(testable).unwrap_or(100);
        let _ = writeln!(text, "{} edits that widen", self.mutants.len());
        let _ = writeln!(
            text,
            "  {refused} refused by `check`, {} of the other {taken} reported by `diff`",
            taken - unreported.len()
        );
        let _ = writeln!(
            text,
            "  {caught} of the {testable} that a test can see caught by the policy's own tests ({share} %)"
        );
        text
    }
}

#[cfg(test)]
mod tests {
    use jardin_model::FieldPath;
    use jardin_policy::rules::{FieldRule, PolicyRules, StrategyName};

    use super::*;
    use crate::{Change, ChangeKind};

    const FULL: &str = include_str!("../../../policy/tests/policies/full.toml");
    const SHOP: &str = include_str!("../../../../examples/shop/policy.toml");

    /// Keys whose narrowings wait for the approval: what is stored and for how long, whose midnight counts, what is said
    /// for the record and enforces nothing.
    fn acts_later(key: &str) -> bool {
        let begins = ["fields.", "policy.ends_after_idle", "policy.time_zone", "policy.record."];
        begins.iter().any(|begin| key.starts_with(begin)) || key.ends_with(".rests_for")
    }

    /// Whether a change is one of who is read, learned from or left out. On which ground a purpose rests is none by itself:
    /// where the two grounds differ, nothing runs for it.
    fn reaches(change: &Change) -> bool {
        let is_ground = change.message.starts_with("it would rest on") || change.message.contains("profil");
        change.kind == ChangeKind::WiderReach && !(change.about.starts_with("purpose ") && is_ground)
    }

    /// What may hide products in `met` may in `other` too, and no field is of a looser class.
    fn is_no_looser(met: &Policy, other: &Policy) -> bool {
        let (met, other) = (met.rules(), other.rules());
        let path = |rules: &PolicyRules, id| rules.field(id).map(|field| field.path.clone());
        let may_hide = |name: &StrategyName, field: &Option<FieldPath>| {
            let grants = other.strategies.get(name).into_iter().flat_map(|rule| &rule.may_read);
            grants.filter(|grant| grant.may_hide).any(|grant| path(other, grant.field) == *field)
        };
        let hides = met
            .strategies
            .iter()
            .flat_map(|(name, rule)| rule.may_read.iter().map(move |grant| (name, grant)));
        let hides = hides
            .filter(|(_, grant)| grant.may_hide)
            .all(|(name, grant)| may_hide(name, &path(met, grant.field)));
        let class = |field: &FieldRule| {
            other.declared(field.path.namespace, &field.path.name).map(|theirs| theirs.class)
        };
        hides && met.fields.iter().all(|field| class(field).is_none_or(|theirs| field.class >= theirs))
    }

    #[test]
    fn what_waits_hides_no_more_and_makes_no_secret_public() {
        let mut tried = 0;
        for source in [FULL, SHOP] {
            let tree = Tree::read(source).unwrap();
            let (policy, _) = Policy::check("policy.toml", &tree.write()).unwrap();
            for edit in edits::all(&tree) {
                let Ok((edited, _)) = Policy::check("policy.toml", &edit.tree.write()) else { continue };
                if is_no_looser(&edited, &policy) && is_no_looser(&policy, &edited) {
                    continue;
                }
                tried += 1;
                for met in [policy.meet(&edited), edited.meet(&policy)] {
                    assert!(
                        is_no_looser(&met, &policy) && is_no_looser(&met, &edited),
                        "{}: {}",
                        edit.key,
                        edit.does
                    );
                }
            }
        }
        assert!(tried > 0, "no edit loosens anything");
    }

    /// The law of a policy that waits: an edit that widens acts nowhere, and is taken back at once when it is undone.
    #[test]
    fn what_two_policies_both_permit_reaches_no_further_than_the_narrower() {
        let mut tried = 0;
        for source in [FULL, SHOP] {
            let tree = Tree::read(source).unwrap();
            let (policy, _) = Policy::check("policy.toml", &tree.write()).unwrap();
            let edits = edits::all(&tree).into_iter();
            for edit in edits.filter(|edit| !acts_later(&edit.key)) {
                let Ok((wider, _)) = Policy::check("policy.toml", &edit.tree.write()) else { continue };
                tried += 1;
                for met in [policy.meet(&wider), wider.meet(&policy)] {
                    let changes =
                        compare_policies((&policy, &Lock::default()), (&met, &Lock::default())).changes;
                    // what is stopped reads nothing, whatever it was granted
                    let is_stopped = |about: &str| {
                        met.rules().stop.strategies.iter().any(|stopped| stopped.as_str() == about)
                    };
                    let acts = |change: &&Change| reaches(change) && !is_stopped(&change.about);
                    let further: Vec<_> = changes.iter().filter(acts).collect();
                    assert!(further.is_empty(), "{}: {}: {further:#?}", edit.key, edit.does);
                }
            }
        }
        assert!(tried > 100, "{tried}");
    }
}
