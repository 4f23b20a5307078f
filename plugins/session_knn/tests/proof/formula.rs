//! Answers against a plain reading of what they are.

use std::collections::BTreeSet;

use jardin_sdk::PeopleRule;
use session_knn::{Current, FEATURE_NAMES, Params, Plan, Scratch, Weights};

use crate::{
    naive::Shop,
    support::{ANYBODY, SHIPPED, Visit, made_up, retail, trained, trained_by},
};

/// How many lists differ from the plain reading.
fn differing(visits: &[Visit], questions: &[Vec<u32>], params: Params, rule: PeopleRule) -> usize {
    let (mut index, plan, mut scratch) = (trained_by(rule, visits), Plan::new(params), Scratch::default());
    let shop = Shop::new(visits, rule);
    let mut differs = |question: &&Vec<u32>| {
        let found = index.query(question, None, 20, &plan, &mut scratch);
        found.iter().map(|s| s.item).collect::<Vec<_>>() != shop.answer(question, 20, &params)
    };
    questions.iter().filter(|question| differs(question)).count()
}

/// Parameters with every term in another place.
fn variants() -> Vec<Params> {
    let usual = Params::default();
    let near = Weights::read("near=1").unwrap();
    let steps = Weights::read("after_last=1 freshness=0.3").unwrap();
    let hops = Weights::read("near=0.4 hops=1 trend=0.1").unwrap();
    vec![
        usual,
        Params { current: Current::Exclude, ..usual },
        Params { last_items: 2, newest: 40, neighbours: 12, distance_reach: 3, steps: 20, ..usual },
        Params { position_places: 0.7, length_exponent: 0.5, age_days: 2.0, ..usual },
        Params { distance_places: 4.0, distance_before: 0.3, trend_days: [3.0, 0.5], ..usual },
        Params { weights: near, length_exponent: 0.0, age_days: Params::AGELESS_DAYS, ..usual },
        Params { weights: near, length_exponent: 0.0, ..usual },
        Params { weights: steps, age_days: Params::AGELESS_DAYS, ..usual },
        Params { weights: hops, ..usual },
    ]
}

#[test]
fn no_list_differs_from_the_plain_reading() {
    let baskets = (made_up::visits(1, 800, 200), made_up::questions(2, 200, 200));
    let clicks = (made_up::clicks(3, 1_000, 200), made_up::beginnings(&made_up::clicks(4, 80, 205)));
    let rules = [ANYBODY, SHIPPED, PeopleRule { at_least: 5, a_person_counts: 2 }];
    let mut asked = 0;
    for (visits, questions) in [baskets, clicks] {
        let visits = made_up::of_people(visits, 150);
        for (params, rule) in variants().into_iter().zip(rules.into_iter().cycle()) {
            asked += questions.len();
            assert_eq!(differing(&visits, &questions, params, rule), 0, "{params:?} {rule:?}");
        }
    }
    assert!(asked >= 3_000, "{asked} questions");
}

#[test]
fn no_list_differs_on_a_real_shop() {
    let Some(split) = retail::split() else { return };
    let mut visits = split.train[split.train.len() - 1_500..].to_vec();
    visits.iter_mut().for_each(|v| v.items.truncate(1_000)); // as many as count
    let questions: Vec<Vec<u32>> =
        split.questions.iter().step_by(150).map(|(question, _)| question.clone()).collect();
    for current in [Current::Allow, Current::Exclude] {
        assert_eq!(differing(&visits, &questions, Params { current, ..Params::default() }, SHIPPED), 0);
    }
}

/// Worked by hand: visits [1 2 3], [1 2], [4 1 2 2 5], all in one hour; the question [1, 2].
///
/// All three visits share 2 and 1: position 1 + e^(-1/3) = 1.716531. Lengths 3, 2, 5 to the power of -1/4:
/// .759836, .840896, .668740. Similarities 1.304282, 1.443425, 1.147913.
///
/// They meet the question at 2. Item 5: in the third two places after the first 2, but one after the second:
/// 1.147913 · e^(-1/1.2) = .498880. Item 2: 1.304282 + 1.443425 + 1.147913 · (1 + e^(-1/1.2)) = 4.394500; it
/// is the highest, so that near(5) = ln(.113524 + .001) = -2.167.
///
/// After 2 came 3, 2 and 5, once each: next(5) = ln(1/4 + .001) = -1.382302. After the pair 1, 2 came 3 and 2, for
/// before the second 2 stands 2: next_of_pair(5) = ln(.01) and of 3 ln(1/3 + .01) = -1.069024. After 2, by nearness: 3 has 1, 2 has 1
/// and 5 has 1, of 3 in all: after_last(3) = ln(1/4 + .001).
#[test]
fn follows_a_table_worked_by_hand() {
    let visit = |items: &[u32]| Visit { hour: 1, items: items.to_vec(), person: None };
    let mut index = trained(&[visit(&[1, 2, 3]), visit(&[1, 2]), visit(&[4, 1, 2, 2, 5])]);
    let (plan, mut scratch) = (Plan::new(Params::default()), Scratch::default());
    let described = index.describe(&[1, 2], None, &plan, &mut scratch);
    let value = |item: u32, name: &str| {
        let place = FEATURE_NAMES.iter().position(|known| *known == name).unwrap();
        described.iter().find(|candidate| candidate.item == item).unwrap().features[place]
    };
    for (item, name, expected) in [
        (5, "near", -2.167_0),
        (2, "near", 0.001_0),
        (5, "next", -1.382_302),
        (5, "next_of_pair", -4.605_17),
        (3, "next_of_pair", -1.069_024),
        (3, "after_last", -1.382_302),
        (2, "popularity", 1.098_612),
        (2, "last", 1.0),
        (1, "seen", 1.0),
        (1, "seen_by_back", std::f32::consts::LN_2),
        (1, "last", 0.0),
        (5, "times_seen", 0.0),
    ] {
        let found = value(item, name);
        assert!((found - expected).abs() < 2e-4, "{name} of {item}: {found}, not {expected}");
    }
}

/// Nothing tells these two apart but their numbers.
#[test]
fn ties_go_to_the_lower_item() {
    let visit = |items: &[u32]| Visit { hour: 1, items: items.to_vec(), person: None };
    let mut index = trained(&[visit(&[1, 9]), visit(&[1, 4])]);
    let plan = Plan::new(Params { current: Current::Exclude, newest: 2, ..Params::default() });
    let mut scratch = Scratch::default();
    let found: Vec<u32> = index.query(&[1], None, 20, &plan, &mut scratch).iter().map(|s| s.item).collect();
    assert_eq!(found, [4, 9]);
}

#[test]
fn only_what_is_allowed_comes_and_what_too_few_people_had_never() {
    let visits = made_up::of_people(made_up::clicks(5, 2_000, 400), 300);
    let rule = PeopleRule { at_least: 25, a_person_counts: 1 };
    let mut index = trained_by(rule, &visits);
    let people = |item: u32| {
        let holding = visits.iter().enumerate().filter(|(_, visit)| visit.items.contains(&item));
        holding.map(|(n, visit)| visit.person.ok_or(n)).collect::<BTreeSet<_>>().len()
    };
    let plan = Plan::new(Params::default());
    let mut scratch = Scratch::default();
    let allowed: Vec<u32> = (0..400).filter(|item| item % 3 == 0).collect();
    let enough: BTreeSet<u32> = allowed.iter().copied().filter(|item| people(*item) >= 25).collect();
    assert!((10..allowed.len() - 10).contains(&enough.len()), "{}", enough.len());
    let mut answered = 0;
    for question in made_up::beginnings(&made_up::clicks(6, 300, 400)) {
        for scored in index.query(&question, Some(&allowed), 20, &plan, &mut scratch) {
            answered += 1;
            assert!(enough.contains(&scored.item));
        }
    }
    assert!(answered > 1_000);
}

#[test]
fn the_same_bytes_on_every_thread() {
    let visits = made_up::clicks(3, 3_000, 400);
    let questions = made_up::questions(4, 300, 400);
    let answers = || {
        let (mut index, plan, mut scratch) =
            (trained(&visits), Plan::new(Params::default()), Scratch::default());
        let each = questions.iter().map(|q| {
            let found = index.query(q, None, 20, &plan, &mut scratch);
            found.iter().map(|s| (s.item, s.score.to_bits())).collect()
        });
        each.collect::<Vec<Vec<_>>>()
    };
    let all: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(answers)).collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert!(all.windows(2).all(|pair| pair[0] == pair[1]));
}

/// Sums, products, quotients and square roots are rounded alike by every machine (IEEE 754); all else comes from
/// a library that may be another one there. So none of it is called: the plugin has functions of its own, which
/// are compared with the system's in `number.rs`.
#[test]
fn no_number_comes_from_a_library_of_the_system() {
    let calls = [
        ".ln(",
        ".ln_1p(",
        ".log(",
        ".log2(",
        ".log10(",
        ".exp(",
        ".exp2(",
        ".exp_m1(",
        ".powf(",
        ".powi(",
        ".cbrt(",
        ".sin(",
        ".cos(",
        ".tan(",
        ".tanh(",
        ".hypot(",
        ".mul_add(",
    ];
    let (mut open, mut read) = (vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")], 0);
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let shipped = text.split("#[cfg(test)]").next().unwrap();
        for call in calls {
            assert!(!shipped.contains(call), "`{call}` in {}", path.display());
        }
        read += 1;
    }
    assert!(read > 20, "{read} files");
}
