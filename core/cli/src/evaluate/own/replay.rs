//! The later part of a shop's past, once more in the order of time: before each thing that somebody did, the
//! engine is asked.

use std::{sync::Arc, time::Duration};

use anyhow::anyhow;
use jardin_contract::FeedEvent;
use jardin_engine::{PastSession, PrivacySignals, Request};
use jardin_evaluate::{Latency, Line, Measured, Question, Shares, Tally};
use jardin_host::evaluation::{History, ThrowawayShop, made_up_name};
use jardin_model::{EventKind, FieldType, Namespace, SessionId, SubjectId, Timestamp};
use jardin_policy::Policy;
use serde_json::{Value, json};

use super::super::{placement_answers, progress, table::placement};

/// The longest beginning of a session that is asked.
const LONGEST: usize = 19;

/// Which fields the policy lets a shop send with a question.
#[derive(Clone, Copy)]
pub(super) struct Sent {
    page_item: bool,
    basket: bool,
}

impl Sent {
    pub(super) fn of(policy: &Policy) -> Self {
        let declared =
            |namespace, name, kind| policy.rules().declared(namespace, name).is_some_and(|f| f.kind == kind);
        Self {
            page_item: declared(Namespace::Context, "page_item", FieldType::Item),
            basket: declared(Namespace::Session, "basket", FieldType::Items),
        }
    }
}

/// One question with what a shop would send.
pub(super) struct Asked {
    pub(super) question: Question,
    basket: Vec<Arc<str>>,
}

impl Asked {
    /// The request of a shop's page.
    pub(super) fn request(&self, sent: Sent, k: usize) -> Request {
        let mut request = placement_answers::request_for(k);
        if let Some(last) = self.question.shown.last().filter(|_| sent.page_item) {
            request.context.insert("page_item".to_owned(), json!(&**last));
        }
        if sent.basket && !self.basket.is_empty() {
            let basket = self.basket.iter().map(|id| json!(&**id)).collect();
            request.session_fields.insert("basket".to_owned(), basket);
        }
        request
    }
}

/// The questions of a session, each with the number of the event before which it is asked: what was looked at
/// or bought so far, and what followed. A basket's lines count in their order.
pub(super) fn questions(history: &History, session: &PastSession) -> Vec<(usize, Asked)> {
    let steps: Vec<(usize, EventKind, Arc<str>)> = session
        .events
        .iter()
        .enumerate()
        .flat_map(|(n, event)| history.item_ids(event).into_iter().map(move |id| (n, event.kind, id)))
        .collect();
    let ids = |steps: &[(usize, EventKind, Arc<str>)]| {
        steps.iter().map(|(_, _, id)| Arc::clone(id)).collect::<Vec<_>>()
    };
    let ask = |at: usize| {
        let (shown, followed) = steps.split_at_checked(at)?;
        let (event, kind, _) = followed.first()?;
        // what is bought lies in the basket; of a visit, what was put there
        let in_basket = |step: &&(usize, EventKind, Arc<str>)| {
            *kind == EventKind::Purchase || step.1 == EventKind::AddToCart
        };
        let basket = shown.iter().filter(in_basket).map(|(_, _, id)| Arc::clone(id)).collect();
        let question = Question { shown: ids(shown), followed: ids(followed) };
        Some((*event, Asked { question, basket }))
    };
    (1..steps.len().min(LONGEST + 1)).filter_map(ask).collect()
}

/// An event as the HTTP API takes it.
pub(super) fn json_of(history: &History, session: &PastSession, event: &FeedEvent) -> Value {
    let lines = event.lines.iter().filter_map(|line| {
        let id = history.item_id(line.item)?;
        Some(json!({"item_id": &*id, "quantity": line.quantity}))
    });
    let mut json = json!({
        "type": event.kind.word(),
        "occurred_at": event.at.to_string(),
        "items": lines.collect::<Vec<Value>>(),
    });
    if let Some(object) = json.as_object_mut() {
        if let Some(record) = &session.subject {
            object.insert("subject_id".to_owned(), json!(made_up_name(record)));
        }
        if let Some(visit) = event.session {
            object.insert("session_id".to_owned(), json!(visit_name(visit.0)));
        }
    }
    json
}

fn visit_name(visit: u64) -> String {
    format!("visit-{visit}")
}

/// What happened at one moment of the later part.
struct Step<'a> {
    at: Timestamp,
    session: &'a PastSession,
    event: &'a FeedEvent,
    asked: Vec<Asked>,
}

/// Asks each strategy every question of the later part, in the order of time.
pub(super) struct Replay<'a> {
    pub(super) shop: &'a ThrowawayShop,
    pub(super) history: &'a History,
    pub(super) test: &'a [PastSession],
    /// Of so many sessions one is asked about; all of them happen.
    pub(super) every: usize,
    pub(super) k: usize,
    pub(super) sent: Sent,
    pub(super) shares: &'a Shares,
}

impl Replay<'_> {
    /// A line a strategy.
    pub(super) fn run(&self, strategies: &[String]) -> anyhow::Result<Vec<Line>> {
        let mut tallies: Vec<(Tally, Vec<Duration>)> = strategies
            .iter()
            .map(|_| (Tally::new(self.k).with_shares(self.shares.clone()), Vec::new()))
            .collect();
        let steps = self.steps();
        let bar = progress(steps.len(), "asking");
        let mut now = self.shop.now();
        for step in &steps {
            now = now.max(step.at);
            self.shop.clock.set(now);
            for asked in &step.asked {
                for (strategy, (tally, times)) in strategies.iter().zip(&mut tallies) {
                    let (items, took) = self.answer(step, asked, strategy)?;
                    tally.add(&asked.question, &items);
                    times.push(took);
                }
            }
            self.happen(step)?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        let lines = strategies.iter().zip(tallies).map(|(name, (tally, times))| Line {
            name: name.clone(),
            measured: Measured { figures: tally.figures(), latency: Latency::of(times) },
        });
        Ok(lines.collect())
    }

    fn steps(&self) -> Vec<Step<'_>> {
        let mut steps = Vec::new();
        for (n, session) in self.test.iter().enumerate() {
            let mut asked: Vec<Vec<Asked>> = session.events.iter().map(|_| Vec::new()).collect();
            if n % self.every == 0 {
                for (event, question) in questions(self.history, session) {
                    if let Some(of_event) = asked.get_mut(event) {
                        of_event.push(question);
                    }
                }
            }
            steps.extend(session.events.iter().zip(asked).map(|(event, asked)| Step {
                at: event.at,
                session,
                event,
                asked,
            }));
        }
        steps.sort_by_key(|step| (step.at, step.event.sequence));
        steps
    }

    fn answer(
        &self,
        step: &Step<'_>,
        asked: &Asked,
        strategy: &str,
    ) -> anyhow::Result<(Vec<Arc<str>>, Duration)> {
        let mut request = asked.request(self.sent, self.k);
        request.placement = placement(strategy);
        request.subject = step.session.subject.as_deref().and_then(|r| SubjectId::new(&made_up_name(r)).ok());
        request.session = step.event.session.and_then(|visit| SessionId::new(&visit_name(visit.0)).ok());
        placement_answers::ask_shop(self.shop, &request)
    }

    /// Lets an event happen; nobody learns from it, for nobody is told.
    fn happen(&self, step: &Step<'_>) -> anyhow::Result<()> {
        let json = json_of(self.history, step.session, step.event);
        let receipt =
            self.shop.runtime.block_on(self.shop.host.engine.ingest(vec![json], &PrivacySignals::default()));
        receipt.map(drop).map_err(|p| anyhow!("events are refused: {p}"))
    }
}
