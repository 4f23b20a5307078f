//! `[shop]`: the shop itself.

use std::sync::Arc;

use jardin_diagnostics::TomlTable;

/// Where policy, scripts and items are, relative to the shop folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopFiles {
    /// The policy's file.
    pub policy: Arc<str>,
    /// The folder of scripts.
    pub scripts: Arc<str>,
    /// The file of items that is named; `items.jsonl` counts where none is.
    pub items: Option<Arc<str>>,
}

impl Default for ShopFiles {
    fn default() -> Self {
        Self { policy: "policy.toml".into(), scripts: "scripts".into(), items: None }
    }
}

impl ShopFiles {
    pub(super) fn read_files(shop: &TomlTable<'_>) -> Self {
        let default = Self::default();
        Self {
            policy: shop.text("policy").unwrap_or(default.policy),
            scripts: shop.text("scripts").unwrap_or(default.scripts),
            items: shop.text("items"),
        }
    }
}
