//! Choosing the settings of a shop's own session_knn, on the last part of the training.

use std::sync::Arc;

use jardin_engine::PastSession;
use jardin_evaluate::{Answers, Question};
use jardin_host::evaluation::{ThrowawayShop, cut_by_time, session_end};
use jardin_model::SessionId;
use serde_json::{Value, json};

use super::{
    super::{asking, table::placement, tuning},
    Own,
    replay::{Asked, Sent, questions},
    settings::with_trial,
};

/// Asks the questions of visits that were told to the engine before.
struct Visits<'a> {
    shop: &'a ThrowawayShop,
    asked: &'a [Asked],
    placement: String,
    sent: Sent,
    trial: String,
    next: usize,
}

impl Answers for Visits<'_> {
    type Error = anyhow::Error;

    fn answer(&mut self, _: &Question, k: usize) -> anyhow::Result<(Vec<Arc<str>>, std::time::Duration)> {
        let number = self.next;
        self.next += 1;
        let Some(asked) = self.asked.get(number) else {
            return Ok(<_>::default());
        };
        let mut request = asked.request(self.sent, k);
        self.placement.clone_into(&mut request.placement);
        request.session = SessionId::new(&visit_name(number)).ok();
        if !self.trial.is_empty() {
            request.context.insert("trial".to_owned(), json!(self.trial));
        }
        asking::ask(self.shop, &request)
    }
}

fn visit_name(number: usize) -> String {
    format!("tried-{number}")
}

/// The settings that reach most on the last part of the training's sessions.
pub(super) fn choose(
    own: &Own<'_>,
    train: &[PastSession],
    strategy: &str,
) -> anyhow::Result<Vec<(String, String)>> {
    let parts = cut_by_time(train, tuning::VALIDATION);
    let policy = with_trial(&own.folder.policy_text, strategy)?;
    let config = own.with_places(&own.config, &[strategy.to_owned()]);
    let at = parts.test.last().map_or(jardin_model::Timestamp::from_ms(0), session_end);
    let learned: Vec<&PastSession> = parts.train.iter().collect();
    let shop = own.taught(&policy, &config, &|policy| policy, &learned, at)?;
    let asked = spread(own, parts.test);
    tell(own, &shop, &asked, at)?;
    let questions: Vec<Question> = asked.iter().map(|a| a.question.clone()).collect();
    tuning::search(&questions, usize::from(own.args.k), span(parts.train), |trial| Visits {
        shop: &shop,
        asked: &asked,
        placement: placement(strategy),
        sent: Sent::of(&own.folder.policy),
        trial,
        next: 0,
    })
}

/// How many days sessions span.
fn span(sessions: &[PastSession]) -> f64 {
    let ends = sessions.first().map(session_end).zip(sessions.last().map(session_end));
    ends.map_or(0.0, |(first, last)| last.ms_since(first) as f64 / jardin_model::DAY_MS as f64)
}

/// Questions of sessions spread over the whole part.
fn spread(own: &Own<'_>, check: &[PastSession]) -> Vec<Asked> {
    let all: usize = check.iter().map(|s| questions(&own.history, s).len()).sum();
    let step = all.div_ceil(tuning::QUESTIONS).max(1);
    let sessions = check.iter().step_by(step);
    sessions.flat_map(|s| questions(&own.history, s)).map(|(_, asked)| asked).collect()
}

/// Lets what each question begins with happen in a visit of its own; nobody learns from it, for nobody is
/// told.
fn tell(
    own: &Own<'_>,
    shop: &ThrowawayShop,
    asked: &[Asked],
    at: jardin_model::Timestamp,
) -> anyhow::Result<()> {
    let sources = own.folder.policy.rules().fields.iter();
    let looks_at_visits = sources.into_iter().any(|f| &*f.path.to_string() == "session.viewed");
    if !looks_at_visits {
        return Ok(());
    }
    let events = asked.iter().enumerate().flat_map(|(number, asked)| {
        let shown = &asked.question.shown;
        shown.iter().enumerate().map(move |(n, id)| {
            let back = i64::try_from(shown.len() - n).unwrap_or(0);
            json!({"type": "view_item", "occurred_at": at.plus_ms(-1000 * back).to_string(),
                "session_id": visit_name(number), "items": [{"item_id": &**id}]})
        })
    });
    shop.put_events(events.collect::<Vec<Value>>().into_iter(), |_| {})?;
    Ok(())
}
