//! The way of one request, in one direction.
//!
//! [`Request`](crate::Request) → [`ResolvedRequest`](resolved_request::ResolvedRequest), what a shop's
//! files say about it → [`PersonalisedRequest`](personalised_request::PersonalisedRequest), what decides
//! about the person → [`StrategyRequest`](jardin_contract::StrategyRequest), one strategy's own view. Then
//! back: candidates, checked → the page → house rules → the fallback → paid places → what can be sold now
//! → the answer.

mod answer;
mod answer_id;
mod candidate;
mod chain;
mod check;
mod deadline;
mod decision_record;
mod explanation;
mod fallback;
mod finish;
mod hidden;
mod kept_effects;
mod kept_sources;
mod list;
mod made_page;
mod page;
mod personalised_request;
mod recent_answers;
mod recommender;
mod resolved_request;
mod run;
mod sent_fields;
mod sources;
mod sponsored;

pub(crate) use fallback::Fallbacks;
pub(crate) use kept_effects::KeptEffects;
pub(crate) use kept_sources::KeptSources;
pub(crate) use recommender::Recommender;
