//! The integration tests: one binary, a module a subject. Tests that need a server start it themselves on a
//! free loopback port.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says where it skips"
)]

mod abi;
mod adapters;
mod approvals;
mod audit;
mod backup;
mod bad_input;
mod bad_strategies;
mod browser;
mod canaries;
mod compliance;
mod conformance;
mod connections;
mod consents;
mod crash;
mod decisions;
mod doors;
mod edges;
mod erasure;
mod evaluate;
mod example_shop;
mod explanation;
mod feeds;
mod folder_changes;
mod foreign_folder;
mod fresh_items;
mod garden;
mod glossary;
mod health;
mod history;
mod hostile;
mod hostile_policies;
mod http_attacks;
mod inspect;
mod integrate;
mod integrator;
mod keys;
mod learning;
mod limits;
mod list_changes;
mod merchant;
mod mistakes;
mod names;
mod noninterference;
mod online_retail;
mod openapi;
mod pairs;
mod plugins;
mod preview;
mod public_items;
mod readme;
mod recipes;
mod rights;
mod rule_library;
mod running_shop;
mod script_reload;
mod server_rules;
mod serving;
mod serving_threads;
mod shipped_plugins;
mod signals;
mod storefront;
mod subject_export;
mod support;
mod threat_model;
mod tls;
mod tokens;
mod version;
mod workers;
