//! The page about threats names tests that there are.

use crate::support::{names_without_test, quoted_in};

#[test]
fn every_claim_of_the_threat_model_rests_on_a_test_that_is_there() {
    let tests = quoted_in("docs/threat-model.md", 1);
    assert!(tests.len() > 30, "{}", tests.len());
    assert_eq!(names_without_test(&tests), Vec::<&String>::new());
}
