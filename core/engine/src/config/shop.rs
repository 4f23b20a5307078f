//! `[shop]`: the shop itself.

use std::sync::Arc;

/// Where policy and scripts are, relative to the shop folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopFiles {
    /// The policy's file.
    pub policy: Arc<str>,
    /// The folder of scripts.
    pub scripts: Arc<str>,
}
