//! The integration tests: one binary, a module a subject. Tests that need a server start it themselves on a free loopback port.

mod abi;
mod bad_input;
mod bad_strategies;
mod conformance;
mod crash;
mod edges;
mod erasure;
mod example_shop;
mod noninterference;
mod online_retail;
mod plugins;
mod readme;
mod serving;
mod support;
