//! What a person is shown: the findings of a policy that has many.

use jardin_policy::Policy;

const BROKEN: &str = include_str!("broken.toml");

#[test]
fn a_broken_policy_is_told_everything_at_once() {
    let report = Policy::load("policy.toml", BROKEN).unwrap_err();
    insta::assert_snapshot!(report.rendered());
}
