//! What is done to the store of a shop folder as a whole: copied, put back, and what commands record in its audit.

use std::path::{Path, PathBuf};

use jardin_contract::{Clock as _, Store, SystemClock};
use serde_json::json;

use crate::{
    FolderAct, HostError, ServerConfig, ShopAudit, ShopFolder, StoreConfig, control::running_shop,
    open_store, shop_content::data_path, store::restore_store,
};

/// The store of a shop folder, to be copied or put back; of the folder nothing but server.toml is read.
pub struct StoreOfShop {
    folder: ShopFolder,
    server: ServerConfig,
    data: PathBuf,
}

impl StoreOfShop {
    /// The store in the data folder that server.toml names, unless another one is named.
    ///
    /// # Errors
    /// Where there is no such folder, or server.toml has errors.
    pub fn of_folder(folder: ShopFolder, data: Option<&Path>) -> Result<Self, HostError> {
        if !folder.path().is_dir() {
            return Err(HostError::Unusable(format!("`{}` is not a shop folder", folder.path().display())));
        }
        let server = folder.read_server_config()?;
        let data = data_path(&folder, &server, data);
        Ok(Self { folder, server, data })
    }

    /// The data folder.
    #[must_use]
    pub fn data_path(&self) -> &Path {
        &self.data
    }

    /// True where each refusal is written to a second place too.
    #[must_use]
    pub const fn copies_refusals(&self) -> bool {
        self.server.refusals_copy.is_some()
    }

    /// Copies the store as it is at one moment into a folder that is made for it, whether the shop runs or not.
    ///
    /// # Errors
    /// Where there is no store, `into` exists, or the store, the disk or the running shop says no.
    pub async fn back_up(&self, into: &Path) -> Result<(), HostError> {
        if !self.data.join("store.db").exists() {
            return Err(HostError::Unusable(format!("there is no store in `{}`", self.data.display())));
        }
        let into = std::path::absolute(into).map_err(|error| HostError::Unusable(error.to_string()))?;
        match open_store(self.config()) {
            Ok(store) => {
                let audit = self.open_audit(&*store)?;
                let copied = store.back_up(&into).await;
                audit.record_command("back-up", SystemClock.now(), copied.is_ok());
                Ok(copied?)
            }
            Err(error) => {
                let shop = running_shop(error, &self.folder, &self.data)?;
                shop.ask("back-up", &json!(into)).map(drop)
            }
        }
    }

    /// Puts a backup in the place of the store; what was refused since it was made stays refused.
    ///
    /// # Errors
    /// Where a process holds the store, and where the backup is not whole, is of another store, or is newer than the
    /// journal of refusals; nothing has changed then.
    pub fn restore(&self, backup: &Path) -> Result<(), HostError> {
        Ok(restore_store(self.config(), backup)?)
    }

    /// Records what a command did to the files of the shop folder, whether the shop runs or not. A shop that has no store
    /// yet has no audit either.
    ///
    /// # Errors
    /// Where the store does not open, or the running shop cannot be reached.
    pub fn record_act(&self, act: FolderAct) -> Result<(), HostError> {
        if !self.data.join("store.db").exists() {
            return Ok(());
        }
        let word = act.word();
        match open_store(self.config()) {
            Ok(store) => {
                self.open_audit(&*store)?.record_command(&word, SystemClock.now(), true);
                Ok(())
            }
            Err(error) => {
                running_shop(error, &self.folder, &self.data)?.ask("record", &json!(word)).map(drop)
            }
        }
    }

    fn open_audit(&self, store: &dyn Store) -> Result<ShopAudit, HostError> {
        ShopAudit::open(&self.data, store, (&self.folder, &self.server))
    }

    fn config(&self) -> StoreConfig<'_> {
        StoreConfig::of_server(&self.data, &self.folder, &self.server)
    }
}
