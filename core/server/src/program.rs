//! Which program it is.

/// The versions that a server tells of the program it is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Program {
    /// The program's own version, such as `0.1.0`.
    pub version: &'static str,
    /// The version of the interface of plugins, major and minor.
    pub abi: (u16, u16),
}
