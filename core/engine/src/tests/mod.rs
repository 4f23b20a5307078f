//! Tests of the whole crate, with a store in memory and strategies that do what they are told.

mod chains;
mod clock;
mod configuration;
mod consents;
mod events;
mod forgetting;
mod frames;
mod kept;
mod merged_visits;
mod oracle;
mod own_choices;
mod pages;
mod permissions;
mod profiles;
mod refusals;
pub(crate) mod shop;
mod stub;
mod teaching;
