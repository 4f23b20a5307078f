//! Choosing the settings of session-knn, through the same engine and worker that serve.

use jardin_evaluate::{
    Answers, Axis, Question, Session, Settings, Shares, measure, questions_of, split_last, tune,
};

use super::{
    EvaluateArgs,
    asking::Asking,
    progress,
    table::{self, Teaching, placement},
};
use crate::print;

/// The last part of the training time: there settings are chosen, and never on the test.
pub(super) const VALIDATION: f64 = 0.08;
/// At most so many validation questions are asked for each setting; they are spread over all sessions.
pub(super) const QUESTIONS: usize = 4_000;
/// The longest beginning that is asked.
const LONGEST: usize = 19;
const ROUNDS: usize = 2;
/// Less is noise.
const MARGIN: f64 = 0.0003;

const STRATEGY: &str = "session-knn";

/// The settings that reach most on the last part of the training time, as jardin.toml writes them.
pub(super) fn choose(args: &EvaluateArgs, sessions: &[Session]) -> anyhow::Result<Vec<(String, String)>> {
    let (learn, check) = split_last(sessions.to_vec(), VALIDATION);
    let questions = spread(&learn, &check);
    let strategies = [STRATEGY.to_owned()];
    let teaching = Teaching { policy: &table::policy_of(&strategies), sessions: &learn, consent: None };
    let shop = table::taught(&table::config(args, &strategies, &[]), &teaching)?;
    let name = placement(STRATEGY);
    search(&questions, usize::from(args.k), days(&learn), |trial| Asking {
        shop: &shop,
        placement: &name,
        trial: Some(trial).filter(|text| !text.is_empty()),
    })
}

/// How many days sessions span.
fn days(sessions: &[Session]) -> f64 {
    let ends = sessions.iter().map(|s| s.at);
    let span = ends.clone().max().unwrap_or(0).saturating_sub(ends.min().unwrap_or(0));
    span as f64 / 86_400.0
}

/// Searches for settings by questions. `asking` makes whoever answers under settings that are told as
/// `name=value name=value`.
pub(super) fn search<A: Answers<Error = anyhow::Error>>(
    questions: &[Question],
    k: usize,
    days: f64,
    asking: impl Fn(String) -> A,
) -> anyhow::Result<Vec<(String, String)>> {
    if questions.is_empty() {
        print::error(
            "warning: the last part of the training time holds no question, so that nothing is chosen",
        );
        return Ok(Vec::new());
    }
    let (starts, axes) = (starts(), axes(days));
    let most = 1 + starts.len() + ROUNDS * axes.iter().map(Axis::len).sum::<usize>();
    let bar = progress(most, &format!("choosing on {} questions", questions.len()));
    let shares = Shares::default();
    let best = tune(&starts, &axes, ROUNDS, MARGIN, |step| {
        let figures = measure(&mut asking(step.text()), questions, k, &shares, || {})?.figures;
        bar.inc(1);
        Ok::<f64, anyhow::Error>(figures.mrr.mean + 0.5 * figures.hr.mean)
    })?;
    bar.finish_and_clear();
    print::error(&format!(
        "chosen on {} questions of the last {} % of the training time: {}",
        questions.len(),
        VALIDATION * 100.0,
        best.text()
    ));
    Ok(best.settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// What the search may begin at beside the defaults: STAN as its authors run it, VMIS-kNN as its authors run
/// it for clicks, and a mixture of both for clicks.
fn starts() -> Vec<Settings> {
    let settings = |text: &'static str| -> Settings {
        let parts = text.split(' ').filter_map(|part| part.split_once('='));
        parts.map(|(name, value)| (name, value.to_owned())).collect()
    };
    vec![
        settings(
            "newest=1000 neighbours=400 last_items=7 position_places=1.5 distance_places=3 distance_reach=40 age_days=14",
        ),
        settings(
            "newest=1500 neighbours=500 last_items=9 position_places=1 distance_places=2 distance_reach=40 age_days=30 rarity=0 rules=0",
        ),
        settings(
            "newest=1500 neighbours=200 last_items=2 position_places=0 length_exponent=0 age_days=0 distance_places=0 match_decay=true rules=0",
        ),
    ]
}

/// Settings in the order in which they matter, cheaper values first. An age beyond what was learned is no
/// age.
fn axes(days: f64) -> Vec<Axis> {
    let scopes = [
        (250, 100),
        (500, 50),
        (500, 100),
        (500, 150),
        (1000, 100),
        (1000, 200),
        (1000, 400),
        (1500, 200),
        (1500, 500),
        (2500, 500),
        (2500, 1500),
        (5000, 500),
        (5000, 1500),
    ];
    let scope = |(newest, neighbours): (u32, u32)| {
        vec![("newest", newest.to_string()), ("neighbours", neighbours.to_string())]
    };
    let ages = [1.0, 2.0, 4.0, 7.0, 14.0, 30.0, 60.0, 120.0, 365.0];
    let ages = ages.into_iter().filter(|age| *age < 3.0 * days.max(1.0));
    vec![
        Axis::of(scopes.map(scope).to_vec()),
        Axis::new("position_places", [0.0, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0]),
        Axis::new("distance_places", [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 9.0, 20.0]),
        Axis::new("length_exponent", [0.0, 0.3, 0.5, 0.75, 1.0]),
        Axis::new("age_days", ages.chain([0.0])),
        Axis::new("rules", [0.0, 0.03, 0.1, 0.2, 0.5, 1.0, 2.0]),
        Axis::new("distance_before", [0.2, 0.5, 0.8, 1.0]),
        Axis::new("last_items", [1, 2, 3, 4, 5, 7, 9]),
        Axis::new("rarity", [0.0, 0.5, 1.0]),
        Axis::new("distance_reach", [6, 12, 15, 40]),
    ]
}

/// Questions of sessions spread over the whole part, of items that were learned.
fn spread(learn: &[Session], check: &[Session]) -> Vec<Question> {
    let known: std::collections::HashSet<_> = learn.iter().flat_map(|s| &s.items).collect();
    let kept = |s: &Session| Session {
        at: s.at,
        items: s.items.iter().filter(|item| known.contains(item)).cloned().collect(),
    };
    let check: Vec<Session> = check.iter().map(kept).filter(|s| s.items.len() > 1).collect();
    let all: usize = check.iter().map(|s| (s.items.len() - 1).min(LONGEST)).sum();
    let step = all.div_ceil(QUESTIONS).max(1);
    check.iter().step_by(step).flat_map(|s| questions_of(s, LONGEST)).collect()
}
