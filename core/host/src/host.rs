//! The running shop: store, strategies and engine of a shop folder.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use jardin_contract::Clock;
use jardin_engine::{Engine, EngineParts};
use jardin_store_sqlite::{Options, Store};

use crate::{HostError, Loader, Notice, ShopContent, loader::wait_for_workers};

/// The running shop.
pub struct Host {
    /// The engine.
    pub engine: Arc<Engine>,
    /// The store; while it is open, nobody else opens the data folder.
    pub store: Arc<Store>,
    /// The data folder.
    pub data: PathBuf,
    loader: Loader,
}

impl Host {
    /// Opens the store of `data` and starts the engine of a shop; ready once every worker is, or has failed.
    /// What there is to tell comes with it.
    ///
    /// # Errors
    /// Where the store does not open, a script has errors, or the store fails.
    pub async fn start(
        content: &ShopContent,
        data: &Path,
        clock: Arc<dyn Clock>,
        seed: u64,
    ) -> Result<(Self, Vec<Notice>), HostError> {
        let server = &content.server;
        let options = Options {
            cache_bytes: server.cache_mb << 20,
            readers: server.readers,
            waiting: server.write_queue,
            master_key: None,
        };
        let store = Arc::new(Store::open(data, options)?);
        let loader = Loader::new(&content.folder, Arc::clone(&clock))?;
        let loaded = loader.load_shop(content)?;
        wait_for_workers(&loaded.shop.strategies).await;
        let parts =
            EngineParts { clock, state: Arc::clone(&store) as _, events: Arc::clone(&store) as _, seed };
        let engine = Engine::start(parts, loaded.shop)
            .await
            .map_err(|problem| HostError::from(problem).within("the engine does not start"))?;
        Ok((Self { engine: Arc::new(engine), store, data: data.to_owned(), loader }, loaded.notices))
    }

    /// Takes the state of the folder as it is now, and waits for no worker: what was narrowed or refused acts
    /// on the next request, and until a new worker is ready its strategy is `starting`.
    ///
    /// # Errors
    /// Where a script has errors, or the store fails; the state before stays.
    pub async fn reload(&self, content: &ShopContent) -> Result<Vec<Notice>, HostError> {
        let loaded = self.loader.load_shop(content)?;
        self.engine.reload(loaded.shop).await?;
        Ok(loaded.notices)
    }
}
