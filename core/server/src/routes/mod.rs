//! The routes: one file per noun, with its handlers, what stands in its bodies, and its rows.

mod audit;
mod consents;
mod erasures;
mod events;
mod explanation;
mod explanation_words;
mod garden;
mod health;
mod history;
mod items;
mod list;
mod meaning;
mod merge;
mod narrowing;
mod person;
mod placements;
mod policy;
mod policy_pages;
mod preview;
mod questions;
mod receipt;
mod recommendations;
mod sessions;
mod stop;
mod strategies;
mod subjects;
mod tokens;
mod version;

use crate::route::Route;

/// The rows of each noun, in the order of the pages about the API.
const NOUNS: &[&[Route]] = &[
    recommendations::ROUTES,
    explanation::ROUTES,
    events::ROUTES,
    items::ROUTES,
    subjects::ROUTES,
    questions::ROUTES,
    consents::ROUTES,
    policy_pages::ROUTES,
    merge::ROUTES,
    garden::ROUTES,
    sessions::ROUTES,
    erasures::ROUTES,
    tokens::ROUTES,
    placements::ROUTES,
    preview::ROUTES,
    strategies::ROUTES,
    policy::ROUTES,
    stop::ROUTES,
    history::ROUTES,
    audit::ROUTES,
    health::ROUTES,
    version::ROUTES,
];

/// The rows of lists.
pub(crate) const fn lists() -> &'static [Route] {
    recommendations::ROUTES
}

/// Every row.
pub(crate) fn all() -> impl Iterator<Item = &'static Route> {
    NOUNS.iter().copied().flatten()
}
