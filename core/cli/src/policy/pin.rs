//! `jardin policy pin`.

use std::{collections::BTreeMap, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use jardin_host::{counted, strategy_files};
use jardin_policy::{
    FileState,
    lock::{Lock, hex},
};

use crate::{print, shop_arg::ShopArg, written_file::write_file};

/// Write policy.lock: the plugin files, by their sha256, that you have reviewed
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin policy pin examples/shop\n\
                        Exit code: 0 every file is pinned, 1 a file is missing or the policy has errors, 2 nothing could be written")]
pub(super) struct PinArgs {
    #[command(flatten)]
    shop: ShopArg,
}

pub(super) fn run(args: &PinArgs) -> anyhow::Result<ExitCode> {
    let Some((folder, policy)) = args.shop.open_with_policy()? else {
        return Ok(ExitCode::from(1));
    };
    let before = folder.read_lock().unwrap_or_default();
    let (mut files, mut missing) = (BTreeMap::new(), 0);
    let pinned = strategy_files(&folder, &policy, None).into_iter().filter(|file| file.rule.pinned);
    let to_pin: BTreeMap<_, _> = pinned.map(|file| (Arc::clone(&file.name), file)).collect();
    for (name, file) in to_pin {
        let Some(path) = file.path() else {
            missing += 1;
            print::line(&format!("missing    {name}: no such file; put it into the shop's plugins folder"));
            continue;
        };
        let found = file.digest().with_context(|| format!("`{}` cannot be read", path.display()))?;
        let what = match before.state(&name, &found) {
            FileState::NotPinned => "new      ",
            FileState::Reviewed => "unchanged",
            FileState::Differs => "changed  ",
        };
        print::line(&format!("{what}  {name}  {}  {}", hex(&found), path.display()));
        files.insert(name, found);
    }
    let count = files.len();
    let path = folder.lock_path();
    write_file(&path, Lock::new(files).write().as_bytes())?;
    print::line(&format!("{}: {} pinned, {missing} missing", path.display(), counted(count, "file")));
    Ok(ExitCode::from(u8::from(missing > 0)))
}
