//! Writing a Jardin plugin in Rust.
//!
//! A plugin is a `cdylib` with one type that implements [`Strategy`] and one call of [`strategy!`]. It runs
//! in a process of its own that sees granted fields and nothing else: no file, no network, no clock, no
//! thread. What it may read is what its manifest names *and* the shop's policy grants; a field that the
//! policy withholds does not exist for it.
//!
//! What this crate is not: it cannot name a person, a profile or a store, and knows no policy.
//!
//! ```
//! use jardin_sdk::{CatalogueRows, Params, Picks, Request, Strategy, harness::Harness, strategy};
//!
//! /// The cheapest items first.
//! #[derive(Default)]
//! struct Cheapest(std::collections::BTreeMap<u32, f64>);
//!
//! impl Strategy for Cheapest {
//!     fn create(_: &Params<'_>) -> Result<Self, String> {
//!         Ok(Self::default())
//!     }
//!
//!     fn catalogue(&mut self, rows: &CatalogueRows<'_>) {
//!         for row in rows.iter() {
//!             match row.number("item.price").filter(|_| !row.is_removed()) {
//!                 Some(price) => self.0.insert(row.index(), price),
//!                 None => self.0.remove(&row.index()),
//!             };
//!         }
//!     }
//!
//!     fn recommend(&mut self, request: &Request<'_>, picks: &mut Picks) {
//!         for (index, price) in &self.0 {
//!             picks.add(*index, -price);
//!         }
//!         picks.keep_best(request.limit());
//!     }
//! }
//!
//! strategy! { Cheapest, name: "cheapest", needs: ["item.price"] }
//!
//! let mut harness = Harness::<Cheapest>::new();
//! harness.item(3).number("item.price", 20.0);
//! harness.item(8).number("item.price", 5.0);
//! assert_eq!(harness.recommend(10), [8, 3]);
//! ```
#![expect(unsafe_code, reason = "the border to C; each block says why it is sound")]

mod bounded;
mod cleared;
mod entry;
pub mod harness;
pub mod number;
mod params;
mod people;
mod picks;
mod prefetch;
mod request;
mod rows;
mod strategy;

pub use bounded::{Bounded, Weighed};
pub use cleared::{Cleared, ClearedIter};
pub use entry::strategy_table;
pub use jardin_abi as abi;
pub use jardin_abi::Event;
pub use params::{Params, PeopleRule};
pub use people::{PersonSessions, Tally};
pub use picks::Picks;
pub use prefetch::prefetch;
pub use request::Request;
pub use rows::{CatalogueRow, CatalogueRows, Observation, Observations};
pub use strategy::Strategy;
