//! `jardin backup`.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use jardin_host::StoreOfShop;

use super::{print, serve::runtime, shop_arg::open_folder};

/// Copy a shop's store as it is at one moment, while it serves
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin backup my-shop --to /var/backups/my-shop-2026-11-28\n\
                        The copy holds the tables and the keys of people, wrapped by the master key. The master key and the journal of\n\
                        refusals are not in it: keep the key in another place, and name a second place for refusals in server.toml.\n\
                        Exit code: 0 the copy is whole and durable, 2 there is none")]
pub(crate) struct BackupArgs {
    /// The shop folder
    folder: PathBuf,
    /// The folder to write, which must not exist yet
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// The data folder
    #[arg(long)]
    data: Option<PathBuf>,
}

/// The store of a shop folder.
pub(crate) fn open_store_of(folder: &Path, data: Option<&Path>) -> anyhow::Result<StoreOfShop> {
    Ok(StoreOfShop::of_folder(open_folder(folder)?, data)?)
}

pub(crate) fn run(args: &BackupArgs) -> anyhow::Result<ExitCode> {
    let store = open_store_of(&args.folder, args.data.as_deref())?;
    runtime()?.block_on(store.back_up(&args.to))?;
    print::line(&format!("the store is copied to `{}`", args.to.display()));
    print::line(&format!(
        "not in it: the master key, in {}; whoever restores it needs that key",
        store.master_key_place()
    ));
    let journal = store.data_path().join("refusals");
    if store.copies_refusals() {
        print::line(
            "not in it: the journal of refusals; the newest of the data folder and its copy is needed",
        );
    } else {
        print::line(&format!(
            "not in it: the journal of refusals, `{}`; write it to a second place by `[store] refusals_copy`",
            journal.display()
        ));
    }
    Ok(ExitCode::SUCCESS)
}
