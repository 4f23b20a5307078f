//! Choosing the settings of a shop's own session_knn, on the last part of what it may learn from.

use jardin_contract::Param;
use jardin_engine::PastSession;
use jardin_host::evaluation::{History, session_end};
use jardin_model::{HOUR_MS, Timestamp};
use session_knn::{Current, Params};

use super::{
    super::{
        tuning::{self, Tuned},
        visits::{Visit, laid_over},
    },
    Own,
};
use crate::serve::runtime;

/// The settings that reach most on the last part of what a strategy may learn from before `test` begins.
pub(super) fn choose(own: &Own<'_>, strategy: &str, test: Timestamp) -> anyhow::Result<Tuned> {
    let history = runtime()?.block_on(History::read(own.folder, &own.data, Some(strategy)))?;
    let earlier = history.sessions.iter().filter(|session| session_end(session) < test);
    let visits: Vec<Visit> = earlier.map(visit_of).collect();
    tuning::choose(&visits, present(own, strategy)?, usize::from(own.args.k), &own.folder.policy.revision())
}

fn visit_of(session: &PastSession) -> Visit {
    let began = session.events.first().map_or(0, |event| event.at.ms().div_euclid(HOUR_MS));
    let lines = session.events.iter().flat_map(|event| event.lines.iter());
    Visit { hour: u32::try_from(began).unwrap_or(0), items: lines.map(|line| line.item.0).collect() }
}

/// What the shop has set.
fn present(own: &Own<'_>, strategy: &str) -> anyhow::Result<Params> {
    let set = own.folder.config.params.iter().find(|(name, _)| name.as_str() == strategy);
    let mut params = Params::default();
    let mut settings = Vec::new();
    for (name, value) in set.iter().flat_map(|(_, params)| params.0.iter()) {
        match value {
            Param::Integer(number) => settings.push((name.to_string(), number.to_string())),
            Param::Number(number) => settings.push((name.to_string(), number.to_string())),
            Param::Text(text) if &**name == "current_item" && &**text == "exclude" => {
                params.current = Current::Exclude;
            }
            Param::Text(text) if &**name == "weights" => settings.push((name.to_string(), text.to_string())),
            _ => {}
        }
    }
    settings.retain(|(name, _)| name != "most_events");
    laid_over(params, &settings)
}
