//! How much a script may use. Each is far above what rules of a shop need.

/// Bytes of a script's source.
pub(crate) const SOURCE_BYTES: usize = 64 * 1024;
/// Functions that call each other.
pub(crate) const CALLS: usize = 8;
/// Expressions within each other.
pub(crate) const DEPTH: usize = 32;
/// Bytes of a text that a script makes.
pub(crate) const TEXT_BYTES: usize = 1024;
/// Elements of an array that a script makes, those of arrays within it counted.
pub(crate) const ARRAY: usize = 256;
/// Entries of a map that a script makes.
pub(crate) const MAP: usize = 64;
/// Variables at once.
pub(crate) const VARIABLES: usize = 32;
/// Functions of a script.
pub(crate) const FUNCTIONS: usize = 32;
/// Steps of the interpreter that every run may take.
const TICKS: u64 = 20_000;
/// Steps more for each candidate.
const TICKS_AN_ITEM: u64 = 1_000;

/// Steps that a run over so many candidates may take.
pub(crate) const fn ticks(candidates: usize) -> u64 {
    TICKS + TICKS_AN_ITEM * candidates as u64
}
