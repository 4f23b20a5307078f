//! What comes back from a strategy is checked before anything is made of it.

use std::sync::Arc;

use jardin_contract::{Adjusted, Failure, PageRule, Pick, Ranking};
use jardin_model::ItemIndex;
use jardin_policy::{StrategyRule, View, rules::PurposeRule};

use super::{
    candidate::{Candidate, ReasonCodes},
    personalised_request::PersonalisedRequest,
};
use crate::{item_set::ItemSet, world::World};

/// The least and the most that all moves of a script may make of a score.
const FACTOR_BOUNDS: std::ops::RangeInclusive<f64> = 0.05..=20.0;

/// What came back of a strategy.
pub(super) struct CheckedRanking {
    /// The candidates in their order.
    pub(super) candidates: Vec<Candidate>,
    /// The reasons that they name.
    pub(super) reasons: ReasonCodes,
    /// What its rule left out.
    pub(super) dropped: Vec<ItemIndex>,
    /// The rules of the page.
    pub(super) rules: Vec<PageRule>,
}

/// What of a ranking may stand. `given` are the candidates that the strategy
/// was handed, `None` where it finds items by itself.
pub(super) fn check_ranking(
    request: &PersonalisedRequest<'_>,
    rule: &StrategyRule,
    view: &View,
    ranking: Ranking,
    given: Option<&[ItemIndex]>,
) -> Result<CheckedRanking, Failure> {
    let mut checked = match ranking {
        Ranking::Picks(picks) => check_picks(request, rule, picks, given),
        Ranking::Adjusted(adjusted) => {
            request.counters.add_of_strategy(&rule.name, "items-failed", adjusted.failed);
            check_adjusted(view, adjusted, given.unwrap_or_default())?
        }
    };
    let candidates = &mut checked.candidates;
    let most = usize::try_from(rule.limits.results).unwrap_or(usize::MAX);
    request.counters.add_of_strategy(&rule.name, "results-cut", candidates.len().saturating_sub(most));
    candidates.truncate(most);
    drop_reasons(request, rule, &mut checked);
    Ok(checked)
}

/// Leaves out the reasons that may not be given.
fn drop_reasons(request: &PersonalisedRequest<'_>, rule: &StrategyRule, checked: &mut CheckedRanking) {
    let purpose = request.world.policy.rules().purpose(rule.purpose);
    let refused = checked.reasons.refused_codes(|code| !may_say(request.world, purpose, code));
    if refused.is_empty() {
        return;
    }
    let mut count = 0;
    for candidate in &mut checked.candidates {
        if candidate.says.is_some_and(|number| refused.contains(&number)) {
            candidate.says = None;
            count += 1;
        }
    }
    request.counters.add_of_strategy(&rule.name, "reasons-dropped", count);
}

/// Codes about a product are jardin.toml's; codes about a person are the policy's and for purposes that
/// profile.
pub(super) fn may_say(world: &World, purpose: Option<&PurposeRule>, code: &str) -> bool {
    let about_a_person = world.policy.rules().reasons.contains_key(code);
    world.config.reasons.contains_key(code) || about_a_person && purpose.is_some_and(|p| p.profiling)
}

fn check_picks(
    request: &PersonalisedRequest<'_>,
    rule: &StrategyRule,
    mut picks: Vec<Pick>,
    given: Option<&[ItemIndex]>,
) -> CheckedRanking {
    let count = picks.len();
    picks.retain(|p| p.score.is_finite());
    request.counters.add_of_strategy(&rule.name, "scores-not-finite", count - picks.len());
    picks.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| request.world.compare_ids(a.item, b.item)));
    let allowed: Option<ItemSet> = given.map(|g| g.iter().copied().collect());
    let is_known = |item| match &allowed {
        Some(allowed) => allowed.contains(item),
        None => request.world.screened.catalogue().row(item).is_some(),
    };
    let (mut foreign, mut repeated) = (0, 0);
    let mut seen = ItemSet::default();
    picks.retain(|pick| {
        let known = is_known(pick.item);
        let fresh = known && seen.insert(pick.item);
        foreign += usize::from(!known);
        repeated += usize::from(known && !fresh);
        fresh
    });
    request.counters.add_of_strategy(&rule.name, "foreign-items", foreign);
    request.counters.add_of_strategy(&rule.name, "repeated-items", repeated);
    let mut reasons = ReasonCodes::default();
    let candidate = |(position, p): (usize, &Pick)| {
        let says = p.reason.as_ref().and_then(|code| reasons.number_code(code));
        Candidate { item: p.item, position, factor: 1.0, says }
    };
    let candidates = picks.iter().enumerate().map(candidate).collect();
    CheckedRanking { candidates, reasons, dropped: Vec::new(), rules: Vec::new() }
}

fn check_adjusted(view: &View, adjusted: Adjusted, given: &[ItemIndex]) -> Result<CheckedRanking, Failure> {
    check_effects(&adjusted, given.len())?;
    check_granted_rules(view, &adjusted.page)?;
    let Adjusted { effects, page, .. } = adjusted;
    let mut candidates = Vec::with_capacity(given.len());
    let (mut reasons, mut dropped) = (ReasonCodes::default(), Vec::new());
    for (position, (item, factor)) in given.iter().zip(effects.factors()).enumerate() {
        if effects.is_dropped(position) {
            dropped.push(*item);
            continue;
        }
        let (factor, says) = (bound_factor(*factor), reasons.number_effect(&effects, position));
        candidates.push(Candidate { item: *item, position, factor, says });
    }
    Ok(CheckedRanking { candidates, reasons, dropped, rules: page })
}

/// A product of factors within its bounds.
pub(super) const fn bound_factor(factor: f64) -> f64 {
    factor.clamp(*FACTOR_BOUNDS.start(), *FACTOR_BOUNDS.end())
}

/// One finite effect a candidate, and at most a fifth of them failed.
pub(super) fn check_effects(adjusted: &Adjusted, count: usize) -> Result<(), Failure> {
    let what = if adjusted.effects.len() != count {
        "it does not hold one effect a candidate"
    } else if adjusted.effects.factors().iter().any(|f| !f.is_finite()) {
        "a factor is not finite"
    } else {
        ""
    };
    if !what.is_empty() {
        return Err(Failure::Rejected { what: what.into() });
    }
    if adjusted.failed.saturating_mul(5) > count {
        return Err(Failure::Error { what: "it failed on more than a fifth of the items".into() });
    }
    Ok(())
}

/// A rule over a field that is not granted would order a page by what may not be read.
pub(super) fn check_granted_rules(view: &View, rules: &[PageRule]) -> Result<(), Failure> {
    let field = |rule: &PageRule| -> Option<Arc<str>> {
        match rule {
            PageRule::MaxPer { field, .. }
            | PageRule::Diversify { field, .. }
            | PageRule::AtLeast { field, .. }
            | PageRule::Slot { field, .. } => Some(Arc::clone(field)),
            PageRule::Rotate { .. } | PageRule::Pin { .. } | PageRule::Limit(_) => None,
        }
    };
    let granted = rules.iter().filter_map(field).all(|name| view.column(&name).is_some());
    if granted { Ok(()) } else { Err(Failure::Denied) }
}
