//! Tests of the whole crate, with a store in memory and strategies that do what they are told.

mod chains;
mod configuration;
mod consents;
mod events;
mod frames;
mod pages;
mod refusals;
mod shop;
mod stub;
mod teaching;
