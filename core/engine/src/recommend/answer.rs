//! From a page that was made to the answer.

use std::sync::Arc;

use jardin_model::ItemIndex;
use jardin_policy::rules::Texts;

use super::{
    Prepared,
    make::{Made, MadeItem},
};
use crate::{Advertised, Answer, Level, Problem, Shown, Told, inner::Inner};

/// The answer, with its items by index.
pub(super) fn of(
    inner: &Inner,
    prepared: &Prepared<'_>,
    made: Made,
) -> Result<(Answer, Vec<ItemIndex>), Problem> {
    let level = made.level.unwrap_or(Level::Popular);
    let shown: Vec<Shown> =
        made.items.iter().enumerate().filter_map(|(at, item)| shown(prepared, at, item)).collect();
    let mut warnings = made.warnings;
    if shown.is_empty() {
        warnings.push("no-fallback");
    }
    warnings.sort_unstable();
    warnings.dedup();
    let answer = Answer {
        recommendation: inner.answer_ids.next().ok_or(Problem::NotReady)?,
        personalised: level >= Level::Session,
        level,
        policy_revision: Arc::clone(&prepared.world.revision),
        strategies: made.tried,
        shortfall: prepared.limit.saturating_sub(shown.len()),
        warnings,
        items: shown,
    };
    Ok((answer, made.items.iter().map(|i| i.item).collect()))
}

fn shown(prepared: &Prepared<'_>, at: usize, item: &MadeItem) -> Option<Shown> {
    let config = &prepared.world.config;
    let locale = prepared.request.locale.as_deref();
    let in_language = |texts: &Texts| texts.for_locale(locale, &config.languages).cloned();
    let told = item.says.as_ref().and_then(|code| {
        let texts = config.reasons.get(code).or_else(|| prepared.world.policy.rules().reasons.get(code))?;
        Some(Told { code: Arc::clone(code), text: in_language(texts)? })
    });
    Some(Shown {
        item: prepared.world.screened.catalogue().ids().id(item.item)?.clone(),
        rank: at + 1,
        strategy: item.strategy.clone(),
        reason: told,
        sponsored: item.sponsored.as_ref().map(|s| Advertised {
            advertiser: Arc::clone(&s.advertiser),
            label: in_language(&s.label).unwrap_or_default(),
        }),
    })
}
