//! Which store a host keeps its data in. Beyond this file nobody knows a backend by name.

use std::{path::Path, sync::Arc};

use jardin_contract::{Store, StoreError};
use jardin_store_memory::MemoryStore;
use jardin_store_sqlite::{Options, SqliteStore, restore_backup};

use crate::{ServerConfig, ShopFolder};

/// Which store, and how it is set.
#[derive(Debug, Clone)]
pub enum StoreConfig<'a> {
    /// The embedded store of a data folder, which one process at a time holds.
    Embedded {
        /// The data folder.
        data: &'a Path,
        /// How it is set.
        options: Options,
    },
    /// A store in memory, which ends with whoever holds it.
    Memory,
}

impl<'a> StoreConfig<'a> {
    /// The embedded store, as it is set where nobody says otherwise.
    #[must_use]
    pub fn embedded(data: &'a Path) -> Self {
        Self::Embedded { data, options: Options::default() }
    }

    /// The embedded store, as the server.toml of a shop folder sets it.
    #[must_use]
    pub fn of_server(data: &'a Path, folder: &ShopFolder, server: &ServerConfig) -> Self {
        let options = Options {
            cache_bytes: server.cache_mb << 20,
            readers: server.readers,
            waiting: server.write_queue,
            refusals_copy: server.refusals_copy.as_ref().map(|copy| folder.path().join(&**copy)),
            master_key: server.master_key.as_ref().map(|place| place.key_provider(folder.path())),
        };
        Self::Embedded { data, options }
    }

    /// The data folder, where there is one.
    pub(crate) const fn data_path(&self) -> Option<&'a Path> {
        match self {
            Self::Embedded { data, .. } => Some(data),
            Self::Memory => None,
        }
    }

    /// The same for somebody who reads alone and for a moment.
    #[must_use]
    pub fn for_one_reader(data: &'a Path, folder: &ShopFolder, server: &ServerConfig) -> Self {
        match Self::of_server(data, folder, server) {
            Self::Embedded { data, options } => {
                Self::Embedded { data, options: Options { readers: 1, ..options } }
            }
            Self::Memory => Self::Memory,
        }
    }
}

/// Opens a store, or makes it where there is none.
///
/// # Errors
/// [`StoreError::Locked`] where another process holds it, [`StoreError::Failed`] where it cannot be opened.
pub fn open_store(config: StoreConfig<'_>) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match config {
        StoreConfig::Embedded { data, options } => Arc::new(SqliteStore::open(data, options)?),
        StoreConfig::Memory => Arc::new(MemoryStore::default()),
    })
}

/// Puts a backup in the place of the store of a data folder, which nobody may hold.
///
/// # Errors
/// As [`restore_backup`]; nothing has changed then.
pub(crate) fn restore_store(config: StoreConfig<'_>, backup: &Path) -> Result<(), StoreError> {
    match config {
        StoreConfig::Embedded { data, options } => restore_backup(data, backup, &options),
        StoreConfig::Memory => Err(StoreError::failed("a store in memory cannot be restored")),
    }
}
