//! Proofs on random policies and people: what the language says is what the engine does, its laws hold, and
//! no text breaks the reader.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the evaluator is meant to be read, and a proof that fails says so"
)]

mod agreement;
mod fuzz;
mod laws;
mod laws_of_keeping;
mod naive;
mod random;
mod support;
