//! `jardin policy pin`.

use std::{collections::BTreeMap, fs, path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use jardin_policy::{
    FileState, Policy, StrategyKind,
    lock::{Lock, digest, hex},
};

use super::{check::counted, shop::ShopFolder};
use crate::{plugins::find_plugin, print};

/// Write policy.lock: the plugin files, by their sha256, that you have reviewed
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin policy pin examples/shop\n\
                        Exit code: 0 every file is pinned, 1 a file is missing or the policy has errors, 2 nothing could be written")]
pub(super) struct PinArgs {
    #[command(flatten)]
    shop: ShopFolder,
}

pub(super) fn run(args: &PinArgs) -> anyhow::Result<ExitCode> {
    let Some(policy) = args.shop.policy()? else {
        return Ok(ExitCode::from(1));
    };
    let before = args.shop.lock().unwrap_or_default();
    let (mut files, mut missing) = (BTreeMap::new(), 0);
    for (name, path) in to_pin(&policy, &args.shop)? {
        let Some(path) = path else {
            missing += 1;
            print::line(&format!("missing    {name}: no such file; put it into the shop's plugins folder"));
            continue;
        };
        let bytes = fs::read(&path).with_context(|| format!("`{}` cannot be read", path.display()))?;
        let found = digest(&bytes);
        let what = match before.state(&name, &found) {
            FileState::NotPinned => "new      ",
            FileState::Reviewed => "unchanged",
            FileState::Differs => "changed  ",
        };
        print::line(&format!("{what}  {name}  {}  {}", hex(&found), path.display()));
        files.insert(name, found);
    }
    let count = files.len();
    let path = args.shop.lock_path();
    fs::write(&path, Lock::new(files).write())
        .with_context(|| format!("`{}` cannot be written", path.display()))?;
    print::line(&format!("{}: {} pinned, {missing} missing", path.display(), counted(count, "file")));
    Ok(ExitCode::from(u8::from(missing > 0)))
}

/// What must stand in the lock, each once, with its file where it is found.
fn to_pin(policy: &Policy, shop: &ShopFolder) -> anyhow::Result<BTreeMap<Arc<str>, Option<PathBuf>>> {
    let scripts = shop.scripts()?;
    let pinned = policy.rules().strategies.values().filter(|rule| rule.pinned);
    let files = pinned.map(|rule| match &rule.kind {
        StrategyKind::Plugin(name) => (Arc::clone(name), find_plugin(&shop.folder, name)),
        StrategyKind::Script(file) => {
            (Arc::clone(file), Some(scripts.join(&**file)).filter(|path| path.is_file()))
        }
    });
    Ok(files.collect())
}
