//! Reaching a shop: by its lock where nobody holds it, otherwise through the process that does.

use std::{path::Path, sync::Arc};

use jardin_contract::{Clock as _, ShopRevision, Store, StoreError, SystemClock};
use serde_json::Value;

use super::ControlClient;
use crate::{
    Host, HostError, Notice, ShopAudit, ShopContent, ShopFolder, StartOptions, StoreConfig,
    history::revision_of_json, open_store, stored::copy_served,
};

/// A shop that a command needs.
pub enum OpenShop {
    /// This process runs it.
    Local(Box<Host>),
    /// It runs already, and is asked.
    Served(ControlClient),
}

impl OpenShop {
    /// Puts the catalogue back that was replaced last; says of how many items it is.
    ///
    /// # Errors
    /// Where none was ever replaced, and what the store or the running shop says.
    pub async fn put_items_back(&self) -> Result<usize, HostError> {
        match self {
            Self::Local(host) => {
                Ok(host.record_ended("put-items-back", host.engine.put_items_back()).await?)
            }
            Self::Served(client) => {
                let count = |answer: &Value| usize::try_from(answer.as_u64()?).ok();
                client.ask_for("put-items-back", &Value::Null, count)
            }
        }
    }

    /// Brings a revision of the history back, by the beginning of its name.
    ///
    /// # Errors
    /// As [`Host::roll_back`], and what the running shop says.
    pub async fn roll_back(&self, beginning: &str) -> Result<ShopRevision, HostError> {
        match self {
            Self::Local(host) => host.roll_back(beginning, "local", true).await,
            Self::Served(client) => client.ask_for("roll-back", &Value::from(beginning), revision_of_json),
        }
    }

    /// Trusts the clock of this machine as it is, after it leapt.
    ///
    /// # Errors
    /// What the store or the running shop says.
    pub async fn accept_clock(&self) -> Result<(), HostError> {
        match self {
            Self::Local(host) => Ok(host.record_ended("accept-clock", host.engine.accept_clock()).await?),
            Self::Served(client) => client.ask("accept-clock", &Value::Null).map(drop),
        }
    }
}

/// Starts a shop where its store is free, otherwise reaches the one that runs: no store is ever opened twice.
/// What there is to tell of a start comes with it.
///
/// # Errors
/// Where the store does not open, whoever holds it does not answer, and as [`Host::start`].
pub async fn open(
    content: &ShopContent,
    options: StartOptions,
) -> Result<(OpenShop, Vec<Notice>), HostError> {
    let data = content.data_path(options.data.as_deref());
    match open_store(StoreConfig::of_server(&data, &content.folder, &content.server)) {
        Ok(store) => {
            let (host, notices) = Host::start_on(store, content, options).await?;
            Ok((OpenShop::Local(Box::new(host)), notices))
        }
        Err(error) => Ok((OpenShop::Served(running_shop(error, &content.folder, &data)?), Vec::new())),
    }
}

/// The store of a shop, to be read: itself where it is free, otherwise a copy that the running shop gives. The audit
/// records it either way.
///
/// # Errors
/// As [`open`].
pub fn reach_store(content: &ShopContent, config: StoreConfig<'_>) -> Result<Arc<dyn Store>, HostError> {
    let data = config.data_path().map(Path::to_owned);
    let error = match open_store(config) {
        Ok(store) => {
            if let Some(data) = &data {
                let audit = ShopAudit::open(data, &*store, (&content.folder, &content.server))?;
                audit.record_command("stored", SystemClock.now(), true);
            }
            return Ok(store);
        }
        Err(error) => error,
    };
    let client = running_shop(error, &content.folder, &data.unwrap_or_default())?;
    Ok(Arc::new(copy_served(|query: Value| client.ask("stored", &query))?))
}

/// The shop that holds a store, where that is why the store does not open.
pub(crate) fn running_shop(
    error: StoreError,
    folder: &ShopFolder,
    data: &Path,
) -> Result<ControlClient, HostError> {
    if !matches!(error, StoreError::Locked { .. }) {
        return Err(error.into());
    }
    ControlClient::connect(data, folder.path())?.ok_or_else(|| {
        HostError::from(error).within("no running shop answers there; try again once that process has ended")
    })
}
