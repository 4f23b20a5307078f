//! People: profiles, consents, objections, restrictions, exports, erasures. Each is obeyed by the next
//! answer.

mod consents;
mod export;
mod profiles;

pub(crate) use profiles::People;
