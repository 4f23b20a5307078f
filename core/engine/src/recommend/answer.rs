//! From a page that was made to the answer.

use std::sync::Arc;

use jardin_model::RecommendationId;
use jardin_policy::rules::Texts;

use super::{
    made_page::{MadeItem, MadePage},
    resolved_request::ResolvedRequest,
};
use crate::{
    api::{Answer, Level, ReasonText, RecommendedItem, SponsoredMark},
    catalogue::shown_fields,
    config::Fill,
};

/// The answer of a page.
pub(super) fn make_answer(id: RecommendationId, resolved: &ResolvedRequest<'_>, page: MadePage) -> Answer {
    let (config, locale) = (&resolved.world.config, resolved.request.locale.as_deref());
    let language = config.language_for(locale);
    let level = page.level.unwrap_or(Level::Popular);
    let mut items: Vec<RecommendedItem> = Vec::with_capacity(page.items.len());
    items.extend(
        page.items.iter().enumerate().filter_map(|(at, item)| show_item(resolved, at, item, language)),
    );
    let mut warnings = page.warnings;
    if items.is_empty() && resolved.placement.fill == Fill::Fallback && !warnings.contains(&"too-few") {
        warnings.push("no-fallback");
    }
    warnings.sort_unstable();
    warnings.dedup();
    let title = resolved.placement.title.for_locale(locale, &config.languages);
    Answer {
        recommendation: id,
        title: title.cloned(),
        language: language.cloned(),
        personalised: level >= Level::Session,
        level,
        policy_revision: Arc::clone(&resolved.world.revision),
        strategies: page.attempts,
        shortfall: resolved.limit.saturating_sub(items.len()),
        warnings,
        items,
    }
}

fn show_item(
    resolved: &ResolvedRequest<'_>,
    at: usize,
    item: &MadeItem,
    language: Option<&Arc<str>>,
) -> Option<RecommendedItem> {
    let config = &resolved.world.config;
    let locale = resolved.request.locale.as_deref();
    let in_language = |texts: &Texts| texts.for_locale(locale, &config.languages).cloned();
    let reason = item.says.as_ref().and_then(|code| {
        let texts = config.reasons.get(code).or_else(|| resolved.world.policy.rules().reasons.get(code))?;
        Some(ReasonText { code: Arc::clone(code), text: in_language(texts)? })
    });
    let id = resolved.world.screened.catalogue().ids().id(item.item)?.clone();
    Some(RecommendedItem {
        fields: shown_fields(resolved.world, &id, &resolved.show, language.map(|language| &**language)),
        item: id,
        rank: at + 1,
        strategy: item.strategy.clone(),
        reason,
        sponsored: item.sponsored.as_ref().map(|s| SponsoredMark {
            advertiser: Arc::clone(&s.advertiser),
            label: in_language(&s.label).unwrap_or_default(),
        }),
    })
}
