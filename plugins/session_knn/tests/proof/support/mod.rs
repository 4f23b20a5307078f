pub mod made_up;
pub mod retail;

use jardin_sdk::PeopleRule;
use session_knn::{Index, Row};

/// A session as tests make it: its hour and its items.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    pub hour: u32,
    pub items: Vec<u32>,
    pub person: Option<u32>,
}

/// The rows of visits in their order. A session's id says nothing of its place.
pub fn rows(visits: &[Visit]) -> Vec<Vec<Row>> {
    let mut sequence = 1_000;
    let mut all = Vec::new();
    for (n, visit) in visits.iter().enumerate() {
        let items = visit.items.iter().zip(0..);
        all.push(
            items
                .map(|(item, ordinal)| Row {
                    session: id(n),
                    sequence,
                    ordinal,
                    item: *item,
                    kind: 8,
                    hour: visit.hour,
                    person: visit.person,
                })
                .collect(),
        );
        sequence += visit.items.len() as u64;
    }
    all
}

/// The id of the n-th visit.
pub fn id(n: usize) -> u64 {
    (n as u64 + 1).wrapping_mul(0xd129_42c7_5bf4_3d6b)
}

pub fn trained(visits: &[Visit]) -> Index {
    trained_by(ANYBODY, visits)
}

/// Every visit counts, and what one person did is shown.
pub const ANYBODY: PeopleRule = PeopleRule { at_least: 1, a_person_counts: usize::MAX };
/// As shops have it where they say nothing.
pub const SHIPPED: PeopleRule = PeopleRule { at_least: 3, a_person_counts: 1 };

pub fn trained_by(rule: PeopleRule, visits: &[Visit]) -> Index {
    let mut index = Index::default().counting_people(rule);
    for rows in rows(visits) {
        index.observe(&rows).unwrap();
    }
    index
}
