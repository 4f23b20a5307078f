//! Choosing what session_knn counts and fitting its weights, on the last part of the training time.

use anyhow::Context as _;
use jardin_evaluate::{Axis, Settings, Step, Validation, tune};
use jardin_policy::lock::{digest, hex};
use session_knn::{Examples, Index, ItemFields, Params, PeopleRule, Plan, Reached, Scratch};

use super::{
    progress,
    visits::{Visit, index_of, laid_over},
};
use crate::print;

/// The last part of the training time: there settings are chosen, and never on the test.
const VALIDATION: f64 = 0.08;
/// Weights are fitted on about so many questions at most, and settings tried on so many; they are spread over
/// all visits.
const MAX_QUESTIONS: usize = 30_000;
const MAX_TRIED_QUESTIONS: usize = 6_000;
/// Fewer questions do not tell thirty weights apart, and fewer visits might tell of a person.
const LEAST_QUESTIONS: usize = 1_000;
const LEAST_VISITS: usize = 100;
/// The longest beginning that is asked.
const LONGEST: usize = 19;
/// How often weights see every question while settings are tried.
const TRIED_ROUNDS: usize = 3;
const ROUNDS: usize = 1;
/// Less is noise.
const MARGIN: f64 = 0.0005;

/// What was chosen.
pub(super) struct Tuned {
    /// Settings by name, as jardin.toml has them but for the quotes of a text; empty where nothing is better.
    pub(super) settings: Vec<(String, String)>,
    /// What they reach.
    pub(super) validation: Option<Validation>,
}

/// The visits of the last part, whose beginnings are asked.
struct Ask<'a> {
    index: Index,
    later: &'a [Visit],
    k: usize,
    scratch: Scratch,
}

impl Ask<'_> {
    /// About so many questions, with the candidates that these parameters give.
    fn examples(&mut self, params: Params, most: usize) -> Examples {
        let all: usize = self.later.iter().map(|v| v.items.len().min(LONGEST + 1).saturating_sub(1)).sum();
        let (plan, mut examples) = (Plan::new(params), Examples::default());
        for (n, visit) in (0_u32..).zip(self.later).step_by(all.div_ceil(most).max(1)) {
            let known: Vec<u32> =
                visit.items.iter().copied().filter(|item| self.index.count(*item) > 0).collect();
            // halves that nothing of a visit decides (Weyl)
            let half = n.wrapping_mul(0x9e37_79b9) >> 31 == 1;
            examples.add(&mut self.index, &known, LONGEST, half, &plan, &mut self.scratch);
        }
        examples
    }

    fn try_out(&mut self, params: Params) -> Reached {
        self.examples(params, MAX_TRIED_QUESTIONS).validated(self.k, TRIED_ROUNDS)
    }
}

/// What holds now.
pub(super) struct Present {
    pub(super) params: Params,
    /// What is granted of items.
    pub(super) fields: ItemFields,
    /// How people are counted.
    pub(super) rule: PeopleRule,
}

/// Settings and weights that reach most on the last part of these visits, which are in the order of time.
/// `revision` says where the visits are from.
pub(super) fn choose(visits: &[Visit], present: Present, k: usize, revision: &str) -> anyhow::Result<Tuned> {
    let Present { params: usual, fields, rule } = present;
    let later = (visits.len() as f64 * VALIDATION).round() as usize;
    let (earlier, later) = visits.split_at(visits.len() - later);
    let mut ask = Ask { index: index_of(earlier, rule)?, later, k, scratch: Scratch::default() };
    *ask.index.item_fields_mut() = fields;
    let before = ask.examples(usual, MAX_QUESTIONS);
    if before.len() < LEAST_QUESTIONS || later.len() < LEAST_VISITS {
        print::error(&format!(
            "warning: the last {} % of the training time hold {} questions of {} visits; weights are fitted on {LEAST_QUESTIONS} of {LEAST_VISITS} or more, so that nothing is chosen",
            VALIDATION * 100.0,
            before.len(),
            later.len()
        ));
        return Ok(Tuned { settings: Vec::new(), validation: None });
    }
    let reached = before.reached(&usual.weights, None, k);
    drop(before);
    let mut settings = search(&mut ask, usual, days(earlier))?;
    let examples = ask.examples(laid_over(usual, &settings)?, MAX_QUESTIONS);
    let fitted = examples.fit(k);
    let validation = Validation {
        questions: examples.len(),
        before: (reached.hr, reached.mrr),
        after: (fitted.reached.hr, fitted.reached.mrr),
    };
    if worth(fitted.reached) <= worth(reached) {
        return Ok(Tuned { settings: Vec::new(), validation: Some(validation) });
    }
    settings.push(("weights".to_owned(), fitted.weights.text()));
    settings.push(("weights_from".to_owned(), format!("{revision}, sha256 {}", digest_of(visits))));
    Ok(Tuned { settings, validation: Some(validation) })
}

/// Which visits they were, in their order.
fn digest_of(visits: &[Visit]) -> String {
    let words = visits.iter().flat_map(|visit| {
        let length = u32::try_from(visit.items.len()).unwrap_or(u32::MAX);
        [visit.hour, length].into_iter().chain(visit.items.iter().copied())
    });
    hex(&digest(&words.flat_map(u32::to_le_bytes).collect::<Vec<u8>>()))
}

/// How many days visits span.
fn days(visits: &[Visit]) -> f64 {
    let hours = visits.iter().map(|visit| visit.hour);
    let span = hours.clone().max().unwrap_or(0) - hours.min().unwrap_or(0);
    f64::from(span.max(24)) / 24.0
}

fn worth(reached: Reached) -> f64 {
    reached.mrr + 0.5 * reached.hr
}

/// Tries settings one after the other, each with weights of its own.
fn search(ask: &mut Ask<'_>, usual: Params, days: f64) -> anyhow::Result<Vec<(String, String)>> {
    let axes = axes(days);
    let bar = progress(1 + axes.iter().map(Axis::len).sum::<usize>(), "choosing settings");
    let best = tune(&[], &axes, ROUNDS, MARGIN, |step| {
        let reached = ask.try_out(laid_over(usual, &owned(step)).context("a setting is refused")?);
        bar.inc(1);
        anyhow::Ok(worth(reached))
    })?;
    bar.finish_and_clear();
    Ok(owned(&best))
}

fn owned(step: &Step) -> Vec<(String, String)> {
    step.settings.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

/// Settings that belong together, in the order in which they matter. What is old and what is new is told in
/// days, and which days there can be the visits tell.
fn axes(days: f64) -> Vec<Axis> {
    let settings = |text: &'static str| -> Settings {
        let parts = text.split(' ').filter_map(|part| part.split_once('='));
        parts.map(|(name, value)| (name, value.to_owned())).collect()
    };
    let times = |age: f64, trend: f64, short: f64| {
        let text = |part: f64| format!("{:.2}", (days * part).max(0.05));
        vec![("age_days", text(age)), ("trend_days", text(trend)), ("short_trend_days", text(short))]
    };
    vec![
        Axis::of(vec![times(0.5, 0.05, 0.012), times(0.15, 0.02, 0.005), times(1.5, 0.15, 0.03)]),
        Axis::of(vec![settings("distance_reach=5"), settings("distance_reach=20 distance_places=2.5")]),
        Axis::of(vec![settings("newest=300 neighbours=80"), settings("newest=1000 neighbours=300")]),
        Axis::of(vec![settings("position_places=1"), settings("length_exponent=0.5")]),
    ]
}
