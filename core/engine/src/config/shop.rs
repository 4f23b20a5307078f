//! `[shop]`: the shop itself.

use std::sync::Arc;

use jardin_diagnostics::{Report, TomlTable};

/// Where policy and scripts are, relative to the shop folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopFiles {
    /// The policy's file.
    pub policy: Arc<str>,
    /// The folder of scripts.
    pub scripts: Arc<str>,
}

impl Default for ShopFiles {
    fn default() -> Self {
        Self { policy: "policy.toml".into(), scripts: "scripts".into() }
    }
}

impl ShopFiles {
    /// Reads them from a jardin.toml that may have errors elsewhere: the policy must be known before the file
    /// can be checked.
    ///
    /// # Errors
    /// The report where the text is no TOML.
    pub fn peek(file: &str, source: &str) -> Result<Self, Report> {
        super::load::files(file, source)
    }

    pub(super) fn read(shop: &TomlTable<'_>) -> Self {
        let default = Self::default();
        Self {
            policy: shop.text("policy").unwrap_or(default.policy),
            scripts: shop.text("scripts").unwrap_or(default.scripts),
        }
    }
}
