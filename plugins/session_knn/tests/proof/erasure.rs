//! Exact erasure: what was forgotten leaves no trace in any answer, nor in the size.

use std::collections::BTreeSet;

use jardin_sdk::PeopleRule;
use proptest::prelude::*;
use session_knn::{Index, Params, Plan, Row, Scratch};

use crate::support::{ANYBODY, SHIPPED, Visit, id, made_up, retail, rows, trained, trained_by};

type Answers = Vec<Vec<(u32, u32)>>;

fn answers(index: &mut Index, questions: &[Vec<u32>], params: Params) -> Answers {
    let (plan, mut scratch) = (Plan::new(params), Scratch::default());
    let one = |q: &Vec<u32>| {
        index.query(q, None, 20, &plan, &mut scratch).iter().map(|s| (s.item, s.score.to_bits())).collect()
    };
    questions.iter().map(one).collect()
}

fn make_all_lists(index: &mut Index) {
    index.make_lists(0..index.items() as u32, &mut Scratch::default());
}

fn same(forgot: &mut Index, never: &mut Index, questions: &[Vec<u32>]) {
    assert!(forgot.sessions().eq(never.sessions()), "the learned sessions differ");
    assert_eq!(forgot.size(), never.size());
    let lists = |index: &mut Index| {
        make_all_lists(index);
        let items = 0..index.items() as u32;
        items.map(|item| index.companions_of(item).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    assert_eq!(lists(forgot), lists(never), "the companions differ");
    let narrow =
        Params { last_items: 2, newest: 60, neighbours: 20, trend_days: [3.0, 0.5], ..Params::default() };
    for params in [Params::default(), narrow] {
        assert_eq!(answers(forgot, questions, params), answers(never, questions, params));
    }
}

/// Trains, forgets a random 1 % one at a time, and compares with a training without them.
fn forgets_exactly(visits: &[Visit], questions: &[Vec<u32>], rule: PeopleRule) {
    assert!(questions.len() >= 1_000);
    let mut numbers = made_up::Numbers(99);
    let mut gone = BTreeSet::new();
    while gone.len() < visits.len().div_ceil(100) {
        gone.insert(numbers.below(visits.len() as u64) as usize);
    }
    let mut forgot = trained_by(rule, visits);
    // every list stands there, so that a stale one would be seen
    make_all_lists(&mut forgot);
    gone.iter().for_each(|n| forgot.forget(&[id(*n)]));
    let mut never = Index::default().counting_people(rule);
    for (_, rows) in rows(visits).iter().enumerate().filter(|(n, _)| !gone.contains(n)) {
        never.observe(rows).unwrap();
    }
    same(&mut forgot, &mut never, questions);
    // and what was forgotten may be learned again, in the middle of the others
    let rows = rows(visits);
    gone.iter().for_each(|n| forgot.observe(&rows[*n]).unwrap());
    same(&mut forgot, &mut trained_by(rule, visits), questions);
}

#[test]
fn forgets_exactly_in_a_made_up_shop() {
    forgets_exactly(&made_up::visits(5, 8_000, 700), &made_up::questions(6, 1_000, 700), ANYBODY);
}

#[test]
fn forgets_exactly_where_people_are_counted() {
    let visits = made_up::of_people(made_up::clicks(5, 8_000, 700), 600);
    let questions = made_up::beginnings(&made_up::clicks(8, 400, 700));
    forgets_exactly(&visits, &questions[..1_000], SHIPPED);
    forgets_exactly(&visits, &questions[..1_000], PeopleRule { at_least: 5, a_person_counts: 2 });
}

#[test]
fn forgets_exactly_where_people_come_back() {
    let questions = made_up::beginnings(&made_up::clicks(8, 400, 700));
    forgets_exactly(&made_up::clicks(7, 8_000, 700), &questions[..1_000], ANYBODY);
}

#[test]
fn forgets_exactly_in_a_real_shop() {
    let Some(split) = retail::split() else { return };
    let questions: Vec<Vec<u32>> =
        split.questions.iter().step_by(15).map(|(question, _)| question.clone()).collect();
    forgets_exactly(&split.train, &questions, SHIPPED);
}

#[test]
fn an_index_that_forgot_everything_is_empty() {
    let visits = made_up::visits(7, 3_000, 200);
    let mut index = trained(&visits);
    (0..visits.len()).rev().for_each(|n| index.forget(&[id(n)]));
    assert_eq!(index.size(), Index::default().size());
}

#[test]
fn an_unknown_session_is_forgotten_without_effect() {
    let visits = made_up::visits(8, 100, 50);
    let mut index = trained(&visits);
    index.forget(&[1, 2, 3]);
    assert!(index.sessions().eq(trained(&visits).sessions()));
}

proptest! {
    /// However sessions come, grow, go and come back, only the set of those that are left counts.
    #[test]
    fn the_way_leaves_no_trace(
        seed in 0_u64..1_000,
        order in proptest::collection::vec((0_usize..120, any::<bool>()), 1..400),
        chunk in 1_usize..5,
    ) {
        let visits = made_up::of_people(made_up::clicks(seed, 120, 40), 30);
        let rule = PeopleRule { at_least: 2, a_person_counts: 1 + (seed % 2) as usize };
        let rows = rows(&visits);
        let mut index = Index::default().counting_people(rule);
        let mut left: Vec<usize> = vec![0; visits.len()];
        for (n, learn) in order {
            make_all_lists(&mut index);
            if learn {
                let more: &[Row] = rows[n].get(left[n]..rows[n].len().min(left[n] + chunk)).unwrap();
                index.observe(more).unwrap();
                left[n] += more.len();
            } else {
                index.forget(&[id(n)]);
                left[n] = 0;
            }
        }
        let mut never = Index::default().counting_people(rule);
        for n in 0..visits.len() {
            never.observe(&rows[n][..left[n]]).unwrap();
        }
        prop_assert!(index.sessions().eq(never.sessions()));
        prop_assert_eq!(index.size(), never.size());
        let questions = made_up::questions(seed, 30, 40);
        prop_assert_eq!(answers(&mut index, &questions, Params::default()), answers(&mut never, &questions, Params::default()));
    }
}

#[test]
fn a_feed_that_runs_backwards_or_far_ahead_is_the_same() {
    let row = |session: u64, sequence: u64, ordinal, item| Row {
        session,
        sequence,
        ordinal,
        item,
        kind: 1,
        hour: 5,
        person: None,
    };
    let sequences = [5_000_000_000_u64, 5_000_000_001, 4_999_000_000, 7, 8_000_000_000 - 1];
    let all: Vec<[Row; 2]> = sequences
        .iter()
        .zip(1_u64..)
        .map(|(s, n)| [row(n, *s, 0, 1), row(n, *s, 1, 10 + n as u32)])
        .collect();
    // the oldest and the newest lie more than 2^32 apart
    let mut index = Index::default();
    let learned: Vec<bool> = all.iter().map(|rows| index.observe(rows).is_ok()).collect();
    assert_eq!(learned, [true, true, true, false, true]);
    assert!(index.sessions().map(|s| s.0).eq([3, 1, 2, 5]));
    // with the newest ones forgotten the old one fits
    index.forget(&[1, 2, 3, 5]);
    index.observe(&all[3]).unwrap();
    assert!(index.sessions().map(|s| (s.0, s.1)).eq([(4, 7)]));
}
