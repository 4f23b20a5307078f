//! The shop folder that a command is about.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jardin_host::{FolderAct, HostError, ShopContent, ShopFolder, StoreOfShop};
use jardin_policy::Policy;

use crate::print;

/// A shop folder, by its path.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ShopArg {
    /// The shop folder
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,
}

impl ShopArg {
    /// The folder as somebody else may have made it.
    pub(crate) fn open(&self) -> anyhow::Result<ShopFolder> {
        open_foreign_folder(&self.folder)
    }

    /// The folder with its policy, whose inline tests are not run; `None` where it has errors, which are shown.
    pub(crate) fn open_with_policy(&self) -> anyhow::Result<Option<(ShopFolder, Policy)>> {
        let folder = self.open()?;
        let policy = unless_refused(folder.check_policy())?;
        Ok(policy.map(|policy| (folder, policy)))
    }
}

/// A shop folder whose shipped plugins stand beside this program.
pub(crate) fn open_folder(path: &Path) -> anyhow::Result<ShopFolder> {
    Ok(ShopFolder::open(path, &program_path()?)?)
}

/// A shop folder that somebody else may have made: nothing outside it is read.
pub(crate) fn open_foreign_folder(path: &Path) -> anyhow::Result<ShopFolder> {
    Ok(ShopFolder::open_foreign(path, &program_path()?)?)
}

/// This program's own file.
pub(crate) fn program_path() -> anyhow::Result<PathBuf> {
    std::env::current_exe().context("the program's own file is not found, which workers are started from")
}

/// What a shop folder says that somebody else may have made.
pub(crate) fn read_foreign_shop(path: &Path) -> anyhow::Result<ShopContent> {
    Ok(ShopContent::read(&open_foreign_folder(path)?)?)
}

/// What a shop folder says; its warnings are shown by `jardin check`.
pub(crate) fn read_shop(path: &Path) -> anyhow::Result<ShopContent> {
    Ok(ShopContent::read(&open_folder(path)?)?)
}

/// What was read; `None` where a file has errors, which are shown.
pub(crate) fn unless_refused<T>(read: Result<T, HostError>) -> anyhow::Result<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(HostError::Refused(report)) => {
            print::report(&report);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Records in a shop's audit what a command did to its files. Where that fails it is told and nothing else: the files are
/// changed already.
pub(crate) fn record_act(folder: &ShopFolder, data: Option<&Path>, act: FolderAct) {
    let recorded = StoreOfShop::of_folder(folder.clone(), data).and_then(|store| store.record_act(act));
    if let Err(error) = recorded {
        print::error(&format!("warning: the audit does not record this: {:#}", anyhow::Error::from(error)));
    }
}
