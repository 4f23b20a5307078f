//! People: profiles, consents, objections, restrictions, exports, erasures. Each is obeyed by the next
//! answer.

mod consents;
mod export;
mod garden;
mod meaning;
mod profiles;

pub(crate) use garden::MAX_VISIT_CHOICES;
pub(crate) use profiles::People;
