//! What is done to the store of a shop folder as a whole: copied, put back, and what commands record in its audit.

use std::path::{Path, PathBuf};

use jardin_compliance::BreachFacts;
use jardin_contract::{Clock as _, Store, SystemClock};
use jardin_model::Timestamp;
use serde_json::json;

use crate::{
    FolderAct, HostError, MasterKeyPlace, ServerConfig, ShopAudit, ShopFolder, StoreConfig,
    breach::{count_touched, facts_of, read_touched, span_json},
    control::running_shop,
    open_store,
    shop_content::data_path,
    store::restore_store,
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
        self.check_exists()?;
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

    /// Where the master key is, in words for whoever keeps it.
    #[must_use]
    pub fn master_key_place(&self) -> String {
        match &self.server.master_key {
            Some(place) => place.key_provider(self.folder.path()).place(),
            None => format!("`{}`", self.data.join("master.key").display()),
        }
    }

    /// Wraps the keys of people by a new master key, whether the shop runs or not.
    ///
    /// # Errors
    /// Where there is no store or no new key, or the store, the disk or the running shop says no.
    pub async fn rotate_master_key(&self) -> Result<(), HostError> {
        self.check_exists()?;
        match open_store(self.config()) {
            Ok(store) => {
                let audit = self.open_audit(&*store)?;
                let rotated = store.rotate_master_key().await;
                audit.record_command("rotate-master", SystemClock.now(), rotated.is_ok());
                Ok(rotated?)
            }
            Err(error) => {
                let shop = running_shop(error, &self.folder, &self.data)?;
                shop.ask("rotate-master", &json!(null)).map(drop)
            }
        }
    }

    fn check_exists(&self) -> Result<(), HostError> {
        if self.data.join("store.db").exists() {
            return Ok(());
        }
        Err(HostError::Unusable(format!("there is no store in `{}`", self.data.display())))
    }

    /// What a leak of the data folder in a span of time touches, whether the shop runs or not.
    ///
    /// # Errors
    /// Where there is no store, and what it, the audit or the running shop says.
    pub async fn breach_facts(&self, span: (Timestamp, Timestamp)) -> Result<BreachFacts, HostError> {
        self.check_exists()?;
        let touched = match open_store(self.config()) {
            Ok(store) => count_touched(&*store, span).await?,
            Err(error) => {
                let shop = running_shop(error, &self.folder, &self.data)?;
                shop.ask_for("touched", &span_json(span), read_touched)?
            }
        };
        facts_of(&self.data, span, touched, self.keeps_key_beside_data())
    }

    /// Whether the master key lies in the data folder.
    fn keeps_key_beside_data(&self) -> bool {
        match &self.server.master_key {
            None => true,
            Some(MasterKeyPlace::Variable(_)) => false,
            Some(MasterKeyPlace::File(path)) => {
                let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
                whole(&self.folder.path().join(&**path)).starts_with(whole(&self.data))
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
