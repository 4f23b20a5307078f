//! Choosing the settings of session-knn, through the same engine and worker that serve.

use jardin_evaluate::{Axis, Question, Session, Shares, measure, questions_of, split_last, tune};

use super::{
    EvaluateArgs,
    asking::Asking,
    progress,
    table::{self, Teaching, placement},
};
use crate::cli::print;

/// The last part of the training time: there settings are chosen, and never on the test.
const VALIDATION: f64 = 0.08;
/// At most so many validation questions are asked for each setting; they are spread over all sessions.
const QUESTIONS: usize = 4_000;
/// The longest beginning that is asked.
const LONGEST: usize = 19;
const ROUNDS: usize = 2;
/// Less is noise.
const MARGIN: f64 = 0.0003;

const STRATEGY: &str = "session-knn";

/// The settings that reach most on the last part of the training time, as jardin.toml writes them.
pub(super) fn choose(args: &EvaluateArgs, sessions: &[Session]) -> anyhow::Result<Vec<(&'static str, String)>> {
    let (learn, check) = split_last(sessions.to_vec(), VALIDATION);
    let questions = spread(&learn, &check);
    if questions.is_empty() {
        print::error("warning: the last part of the training time holds no question, so that nothing is chosen");
        return Ok(Vec::new());
    }
    let teaching = Teaching {
        policy: table::POLICY,
        sessions: &learn,
        consent: None,
    };
    let ground = table::taught(&table::config(args, &[STRATEGY.to_owned()], &[]), &teaching)?;
    let axes = axes();
    let most = 1 + ROUNDS * axes.iter().map(|axis| axis.values.len()).sum::<usize>();
    let bar = progress(most, &format!("choosing on {} questions", questions.len()));
    let (name, shares) = (placement(STRATEGY), Shares::default());
    let best = tune(&axes, ROUNDS, MARGIN, |step| {
        let mut asking = Asking {
            ground: &ground,
            placement: &name,
            trial: Some(step.text()).filter(|text| !text.is_empty()),
        };
        let figures = measure(&mut asking, &questions, usize::from(args.k), &shares, || {})?.figures;
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
    Ok(best.settings)
}

/// Settings in the order in which they matter, cheaper values first.
fn axes() -> Vec<Axis> {
    vec![
        Axis::new("position_places", [0.3, 0.5, 0.7, 1.0, 1.5, 2.5, 4.0]),
        Axis::new("distance_places", [1.0, 2.0, 3.0, 5.0, 9.0, 20.0]),
        Axis::new("length_exponent", [0.0, 0.3, 0.5, 0.75, 1.0]),
        Axis::new("age_days", [1, 3, 7, 14, 30, 60, 120, 365]),
        Axis::new("rules", [0.0, 0.03, 0.1, 0.2, 0.5, 1.0]),
        Axis::new("distance_before", [0.2, 0.5, 0.8, 1.0]),
        Axis::new("last_items", [1, 2, 3, 4, 6, 9]),
        Axis::new("rarity", [true, false]),
        Axis::new("distance_reach", [6, 12, 15]),
        Axis::new("neighbours", [50, 100, 150]),
        Axis::new("newest", [250, 500, 1000]),
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
