//! The proofs: answers against a plain reading of the papers, exact erasure, and figures on a real shop's
//! data.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "helpers of tests may end a test; the plain reading takes the system's logarithms"
)]

mod erasure;
mod fit;
mod formula;
mod naive;
mod online_retail;
mod support;
