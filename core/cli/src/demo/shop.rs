//! The demo's shop folder, which the program carries with it.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use anyhow::Context as _;
use jardin_host::strategy_files;
use jardin_model::ItemId;
use jardin_policy::lock::Lock;
use serde_json::Value;

use crate::{print, shop_arg::open_folder};

/// The product of the page that the demo shows.
pub(super) const A_TENT: &str = "TEN-103";

macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../../examples/shop/", $name)))
    };
}

const CONFIG: &str = include_str!("../../../../examples/shop/jardin.toml");
/// Which fields the demo's pages may show of a product.
const PUBLIC_FIELDS: &str = r#"public    = ["title_fr", "title_en", "price", "category"]"#;
/// The places that the demo's pages have beside those of the example.
const PLACES: &str = include_str!("storefront/places.toml");

const FILES: &[(&str, &str)] = &[
    file!("policy.toml"),
    file!("scripts/clearance.rhai"),
    file!("scripts/complete_the_look.rhai"),
    file!("scripts/for_you.rhai"),
    file!("scripts/goes_with_basket.rhai"),
    file!("scripts/house_rules.rhai"),
    file!("scripts/season_front.rhai"),
    file!("scripts/similar_items.rhai"),
    file!("scripts/this_visit.rhai"),
    file!("scripts/trade_counter.rhai"),
];

const ITEMS: &str = include_str!("../../../../examples/shop/items.jsonl");

/// Copies the shop into a folder, unless it is there already, and pins the plugins that stand beside the
/// program.
pub(super) fn write(folder: &Path) -> anyhow::Result<()> {
    if !folder.join("policy.toml").exists() {
        for (name, text) in FILES.iter().copied().chain([("jardin.toml", compose_config().as_str())]) {
            let path = folder.join(name);
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent).with_context(|| format!("`{}` cannot be made", parent.display()))?;
            fs::write(&path, text).with_context(|| format!("`{}` cannot be written", path.display()))?;
        }
    }
    pin(folder)
}

/// The example's configuration with what the demo's pages need.
fn compose_config() -> String {
    let shown = CONFIG.replacen("[shop]\n", &format!("[shop]\n{PUBLIC_FIELDS}\n"), 1);
    format!("{shown}{PLACES}")
}

/// Every machine compiles other bytes, so that the demo pins what it finds; a real shop reviews first.
fn pin(path: &Path) -> anyhow::Result<()> {
    let folder = open_folder(path)?;
    let policy = folder.check_policy()?;
    let plugins = strategy_files(&folder, &policy, None).into_iter().filter(|file| !file.is_script());
    let mut files = BTreeMap::new();
    for file in plugins {
        let digest = file.digest().with_context(|| {
            format!("the plugin `{}` is not beside the program; build the whole workspace", file.name)
        })?;
        files.insert(Arc::clone(&file.name), digest);
    }
    let lock = folder.lock_path();
    fs::write(&lock, Lock::new(files).write())
        .with_context(|| format!("`{}` cannot be written", lock.display()))?;
    print::error(&format!(
        "pinned the plugins beside this program in {}; a real shop reviews them first",
        lock.display()
    ));
    Ok(())
}

/// The items, as the HTTP API takes them.
pub(super) fn items() -> anyhow::Result<Vec<Value>> {
    ITEMS.lines().map(|line| serde_json::from_str(line).context("an item of the demo is no JSON")).collect()
}

/// An item by whose presence a filled shop is known.
pub(super) fn first_item() -> anyhow::Result<ItemId> {
    ItemId::new(A_TENT).context("the demo's tent has no id")
}
