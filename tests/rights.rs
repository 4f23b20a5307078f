//! The page of rights names routes and tests that there are.

use std::{fs, path::Path};

use crate::support::{names_without_test, quoted_in};

const PAGE: &str = "docs/rights.md";

#[test]
fn every_route_that_it_names_is_one_of_the_api() {
    let api = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let api: serde_json::Value = serde_json::from_str(&fs::read_to_string(api).unwrap()).unwrap();
    let mut routes = 0;
    for said in quoted_in(PAGE, 1) {
        let Some((verb, path)) = said.split_once(' ').filter(|(_, path)| path.starts_with("/v1")) else {
            continue;
        };
        assert!(api["paths"][path][verb.to_lowercase()].is_object(), "`{said}` is not a route");
        routes += 1;
    }
    assert!(routes > 5, "{routes}");
}

#[test]
fn every_test_that_it_names_is_there() {
    let tests = quoted_in(PAGE, 2);
    assert!(tests.len() > 10);
    assert_eq!(names_without_test(&tests), Vec::<&String>::new());
}
