//! Answers against a plain reading of the papers.

use session_knn::{Current, Distance, Params, Plan, Scratch};

use crate::support::{Visit, made_up, naive, retail, trained};

/// How many lists differ from the plain reading.
fn differing(visits: &[Visit], questions: &[Vec<u32>], params: Params) -> usize {
    let (index, plan, mut scratch) = (trained(visits), Plan::new(params), Scratch::default());
    let counts = naive::counts(visits);
    let differs = |question: &&Vec<u32>| {
        let expected = naive::answer(visits, &counts, question, 20, &params);
        let found: Vec<u32> = index.query(question, 20, &plan, &mut scratch).iter().map(|s| s.item).collect();
        found != expected
    };
    questions.iter().filter(differs).count()
}

fn variants() -> Vec<Params> {
    let joined = Params {
        rules: 0.3,
        rarity: 0.5,
        current: Current::Allow,
        distance: Distance::Exponential { scale: 2.5, before: 0.4, reach: 6 },
        ..Params::default()
    };
    vec![
        Params::vmis(50, 10, 9),
        Params::vmis(500, 100, 9),
        Params { current: Current::Allow, ..Params::vmis(200, 30, 2) },
        Params::stan(300, 40, 1.5, 20.0, 3.0),
        Params::stan(10_000, 10_000, 3.0, 60.0, 5.0),
        Params::default(),
        joined,
    ]
}

#[test]
fn no_list_differs_from_the_papers() {
    let visits = made_up::visits(1, 2_000, 300);
    let questions = made_up::questions(2, 450, 300);
    for params in variants() {
        assert_eq!(differing(&visits, &questions, params), 0, "{params:?}");
    }
}

#[test]
fn no_list_differs_on_a_real_shop() {
    let Some(split) = retail::split() else { return };
    let mut visits = split.train[split.train.len() - 3_000..].to_vec();
    visits.iter_mut().for_each(|v| v.items.truncate(1_000)); // as many as count
    let questions: Vec<Vec<u32>> =
        split.questions.iter().step_by(60).map(|(question, _)| question.clone()).collect();
    for params in [Params::vmis(500, 100, 9), Params::stan(1_000, 200, 1.5, 60.0, 3.0), Params::default()] {
        assert_eq!(differing(&visits, &questions, params), 0, "{params:?}");
    }
}

/// Worked by hand: three sessions, the question [1, 2], VMIS-kNN.
///
/// Positions: item 2 counts 2/2, item 1 counts 1/2. Session A = [1, 3] is 0.5 alike and matches 2 places from
/// the end: 1 - 0.2 = 0.8. B = [2, 4] is 1 alike, matches at 1: 0.9. C = [5, 3] shares nothing. Scores: item
/// 3 = 0.5 · 0.8 · ln(3/2) = 0.162, item 4 = 1 · 0.9 · ln(3/1) = 0.989, item 1 = 0.5 · 0.8 · ln(3/1) = 0.439;
/// item 2 is the current one.
#[test]
fn follows_a_table_worked_by_hand() {
    let visit = |items: &[u32]| Visit { hour: 1, items: items.to_vec() };
    let index = trained(&[visit(&[1, 3]), visit(&[2, 4]), visit(&[5, 3])]);
    let plan = Plan::new(Params::vmis(10, 10, 9));
    let mut scratch = Scratch::default();
    let found: Vec<(u32, f32)> =
        index.query(&[1, 2], 20, &plan, &mut scratch).iter().map(|s| (s.item, s.score)).collect();
    let expected = [(4, 0.988_751), (1, 0.439_445), (3, 0.162_186)];
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found.0, expected.0);
        assert!((found.1 - expected.1).abs() < 1e-5, "{found:?} {expected:?}");
    }
}

#[test]
fn ties_go_to_the_lower_item() {
    let visit = |items: &[u32]| Visit { hour: 1, items: items.to_vec() };
    let index = trained(&[visit(&[1, 9, 3]), visit(&[1, 4, 9]), visit(&[7])]);
    let plan = Plan::new(Params::vmis(10, 10, 9));
    let mut scratch = Scratch::default();
    let found: Vec<u32> = index.query(&[1], 20, &plan, &mut scratch).iter().map(|s| s.item).collect();
    // 3 and 4 are in one session each, 9 in two of three: ln(3/1) > 2 · ln(3/2)
    assert_eq!(found, [3, 4, 9]);
}

#[test]
fn the_same_bytes_on_every_thread() {
    let visits = made_up::visits(3, 3_000, 400);
    let questions = made_up::questions(4, 300, 400);
    let answers = || {
        let (index, plan, mut scratch) = (trained(&visits), Plan::new(Params::default()), Scratch::default());
        let each = questions.iter().map(|q| {
            index.query(q, 20, &plan, &mut scratch).iter().map(|s| (s.item, s.score.to_bits())).collect()
        });
        each.collect::<Vec<Vec<_>>>()
    };
    let all: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(answers)).collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert!(all.windows(2).all(|pair| pair[0] == pair[1]));
}
