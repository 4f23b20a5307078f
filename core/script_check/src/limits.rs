//! How much a script may use. Each is far above what rules of a shop need.

/// Bytes of a script's source.
pub const SOURCE_BYTES: usize = 64 * 1024;
/// Functions that call each other.
pub const CALLS: usize = 8;
/// Expressions within each other.
pub const DEPTH: usize = 32;
/// Bytes of a text that a script makes.
pub const TEXT_BYTES: usize = 1024;
/// Elements of an array that a script makes, those of arrays within it counted.
pub const ARRAY: usize = 256;
/// Entries of a map that a script makes.
pub const MAP: usize = 64;
/// Variables at once.
pub const VARIABLES: usize = 32;
/// Functions of a script.
pub const FUNCTIONS: usize = 32;
