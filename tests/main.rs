//! The integration tests: one binary, a module a subject. Tests that need a server start it themselves on a free loopback port.

mod edges;
mod plugins;
