//! The fit: its slope, that it is the same twice, and that it finds what is known to be there.

use session_knn::{Examples, FEATURE_NAMES, FEATURES, Params, Plan, Scratch, Weights, loss_and_gradient};

use crate::support::{Visit, made_up, trained};

/// The derivative is that of finite differences, by every weight.
#[test]
fn the_gradient_is_that_of_finite_differences() {
    let mut numbers = made_up::Numbers(5);
    let mut unit = || numbers.below(2_000) as f64 / 1_000.0 - 1.0;
    let rows: Vec<[f32; FEATURES]> = (0..9).map(|_| std::array::from_fn(|_| 3.0 * unit() as f32)).collect();
    let weights: [f64; FEATURES] = std::array::from_fn(|_| unit());
    let loss = |weights: &[f64; FEATURES]| {
        loss_and_gradient(&rows, 4, weights, &mut Vec::new(), &mut [0.0; FEATURES])
    };
    let mut gradient = [0.0; FEATURES];
    loss_and_gradient(&rows, 4, &weights, &mut Vec::new(), &mut gradient);
    for place in 0..FEATURES {
        let (mut up, mut down) = (weights, weights);
        up[place] += 1e-6;
        down[place] -= 1e-6;
        let difference = (loss(&up) - loss(&down)) / 2e-6;
        assert!((gradient[place] - difference).abs() < 1e-7, "{place}: {} {difference}", gradient[place]);
    }
    assert!(gradient.iter().any(|slope| slope.abs() > 0.1));
}

fn examples(visits: &[Visit]) -> Examples {
    let (earlier, later) = visits.split_at(visits.len() * 9 / 10);
    let (mut index, plan, mut scratch) = (trained(earlier), Plan::new(Params::default()), Scratch::default());
    let mut examples = Examples::default();
    for (n, visit) in later.iter().enumerate() {
        examples.add(&mut index, &visit.items, 19, n % 2 == 0, &plan, &mut scratch);
    }
    examples
}

#[test]
fn the_fit_is_the_same_twice_and_better_than_what_comes() {
    let visits = made_up::clicks(9, 5_000, 800);
    let (one, other) = (examples(&visits).fit(20), examples(&visits).fit(20));
    assert_eq!(one, other);
    let usual = examples(&visits).reached(&Weights::default(), None, 20);
    assert!(one.reached.mrr > usual.mrr, "{} is not above {}", one.reached.mrr, usual.mrr);
}

/// Visits that look at each item twice and never come back: the newest item is next where it was not just
/// repeated, and one that was seen before never is.
#[test]
fn the_fit_finds_what_is_known_to_be_there() {
    let visits: Vec<Visit> = made_up::visits(10, 4_000, 300)
        .into_iter()
        .map(|visit| Visit { items: visit.items.iter().flat_map(|i| [*i, *i]).collect(), ..visit })
        .collect();
    let weights = examples(&visits).fit(20).weights;
    let weight = |name: &str| weights.0[FEATURE_NAMES.iter().position(|known| *known == name).unwrap()];
    let seen = weight("seen") + weight("seen_by_length");
    assert!(weight("last") - seen > 2.0, "{}", weights.text());
}

#[test]
fn weights_come_back_from_their_text() {
    let mut weights = Weights::default();
    weights.0[3] = 0.0;
    weights.0[5] = -1.25;
    assert_eq!(Weights::read(&weights.text()), Ok(weights));
    for (text, says) in [
        ("near", "`near` has no weight"),
        ("far=1", "no feature `far`"),
        ("near=much", "weight of `near`"),
        ("near=1001", "weight of `near`"),
    ] {
        assert!(Weights::read(text).unwrap_err().contains(says), "{text}");
    }
}
