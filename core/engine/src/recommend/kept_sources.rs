//! The policy's fallback as a list on which scripts build, kept for as long as the shop and its catalogue stay as
//! they are, an hour at the most.
//!
//! Nothing here can show one person's list to another: the fallback is kept only where it is granted nothing but
//! fields of products, so that everybody's question to it is the same one; where it says of itself that it
//! answers the same question alike; and under the placement, the settings, the limit and the hour of the
//! question. Each state of the shop has lists of its own, that die with it. Whether it may run is decided at each
//! request, before anything is looked up here.

use std::sync::{Arc, Mutex, PoisonError};

use jardin_contract::Params;
use jardin_model::{Date, HOUR_MS, Namespace};

use super::{
    personalised_request::{Authorized, PersonalisedRequest},
    sources::SourceList,
};

/// How many lists are kept at once, of at most 1,000 items each.
const MAX_KEPT_LISTS: usize = 256;

/// The lists that are kept in one state of the shop.
#[derive(Default)]
pub(crate) struct KeptSources(Mutex<Vec<(SourceQuestion, Arc<SourceList>)>>);

/// What a fallback without a person is asked.
pub(super) struct SourceQuestion {
    place: Arc<str>,
    limit: usize,
    hour: i64,
    day: Option<Date>,
    params: Params,
}

impl SourceQuestion {
    /// The question, where its answer may be kept.
    pub(super) fn of_fallback(
        request: &PersonalisedRequest<'_>,
        authorized: &Authorized<'_>,
        limit: usize,
    ) -> Option<Self> {
        let (world, rule) = (request.world, authorized.grant.strategy());
        let rules = world.policy.rules();
        let is_of_items =
            |field| rules.field(field).is_some_and(|rule| rule.path.namespace == Namespace::Item);
        let is_nobodys =
            rule.name == *world.fallback() && rule.may_read.iter().all(|grant| is_of_items(grant.field));
        if !is_nobodys || !authorized.strategy.has_constant_list() {
            return None;
        }
        Some(Self {
            place: request.place.into(),
            limit,
            hour: request.now.ms().div_euclid(HOUR_MS),
            day: rules.zone.day(request.now),
            params: world.settings.params_for(&rule.name, request.place, request.now),
        })
    }

    fn is_same(&self, other: &Self) -> bool {
        self.place == other.place
            && (self.limit, self.hour, self.day) == (other.limit, other.hour, other.day)
            && self.params.is_same(&other.params)
    }
}

impl KeptSources {
    pub(super) fn find_list(&self, question: &SourceQuestion) -> Option<Arc<SourceList>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known.is_same(question)).map(|(_, list)| Arc::clone(list))
    }

    pub(super) fn keep_list(&self, question: SourceQuestion, list: &SourceList) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| known.hour == question.hour);
        if kept.len() >= MAX_KEPT_LISTS {
            kept.remove(0);
        }
        kept.push((question, Arc::new(list.clone())));
    }
}
