//! The demo's shop folder, which the program carries with it.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use anyhow::Context as _;
use jardin_model::ItemId;
use jardin_policy::{Policy, StrategyKind, lock::Lock};
use serde_json::Value;

use crate::{plugins::find_plugin, print};

/// The product of the page that the demo shows.
pub(super) const A_TENT: &str = "TEN-103";

macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../../examples/shop/", $name)))
    };
}

const FILES: &[(&str, &str)] = &[
    file!("policy.toml"),
    file!("jardin.toml"),
    file!("scripts/clearance.rhai"),
    file!("scripts/complete_the_look.rhai"),
    file!("scripts/for_you.rhai"),
    file!("scripts/goes_with_basket.rhai"),
    file!("scripts/house_rules.rhai"),
    file!("scripts/my_range.rhai"),
    file!("scripts/season_front.rhai"),
    file!("scripts/similar_items.rhai"),
    file!("scripts/trade_counter.rhai"),
];

const ITEMS: &str = include_str!("../../../../examples/shop/items.jsonl");

/// Copies the shop into a folder, unless it is there already, and pins the plugins that stand beside the
/// program.
pub(super) fn write(folder: &Path) -> anyhow::Result<()> {
    if !folder.join("policy.toml").exists() {
        for (name, text) in FILES {
            let path = folder.join(name);
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent).with_context(|| format!("`{}` cannot be made", parent.display()))?;
            fs::write(&path, text).with_context(|| format!("`{}` cannot be written", path.display()))?;
        }
    }
    pin(folder)
}

/// Every machine compiles other bytes, so that the demo pins what it finds; a real shop reviews first.
fn pin(folder: &Path) -> anyhow::Result<()> {
    let mut files = BTreeMap::new();
    for name in plugins(folder)? {
        let path = find_plugin(folder, &name).with_context(|| {
            format!("the plugin `{name}` is not beside the program; build the whole workspace")
        })?;
        let bytes = fs::read(&path).with_context(|| format!("`{}` cannot be read", path.display()))?;
        files.insert(name, jardin_policy::lock::digest(&bytes));
    }
    let path = folder.join("policy.lock");
    fs::write(&path, Lock::new(files).write())
        .with_context(|| format!("`{}` cannot be written", path.display()))?;
    print::error(&format!(
        "pinned the plugins beside this program in {}; a real shop reviews them first",
        path.display()
    ));
    Ok(())
}

/// The plugins that the shop's policy names.
fn plugins(folder: &Path) -> anyhow::Result<Vec<Arc<str>>> {
    let (file, text) = crate::folder::text(folder, "policy.toml")?;
    let (policy, _) = Policy::check(&file, &text).map_err(|report| crate::folder::refused(&report))?;
    let names = policy.rules().strategies.values().filter_map(|rule| match &rule.kind {
        StrategyKind::Plugin(name) => Some(Arc::clone(name)),
        StrategyKind::Script(_) => None,
    });
    Ok(names.collect())
}

/// The items, as the HTTP API takes them.
pub(super) fn items() -> anyhow::Result<Vec<Value>> {
    ITEMS.lines().map(|line| serde_json::from_str(line).context("an item of the demo is no JSON")).collect()
}

/// An item by whose presence a filled shop is known.
pub(super) fn first_item() -> anyhow::Result<ItemId> {
    ItemId::new(A_TENT).context("the demo's tent has no id")
}
