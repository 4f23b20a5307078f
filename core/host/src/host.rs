//! The running shop: store, strategies and engine of a shop folder.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicU64},
};

use crate::{
    HostError, Loader, Notice, ShopAudit, ShopContent, ShopFolder, StoreConfig,
    begun_policy::BegunPolicy,
    last_policy::LastPolicy,
    loader::wait_for_workers,
    open_store,
    policy_approval::WholePolicy,
    reload::FOLDER,
    server_in_force::{ServerInForce, ServerRulesHook},
};
use jardin_contract::{Clock, Store};
use jardin_engine::{Engine, EngineParts};
use jardin_model::Timestamp;

/// How a shop is started.
pub struct StartOptions {
    /// The data folder, where it is not the one of server.toml.
    pub data: Option<PathBuf>,
    /// The address to listen on, where it is not the one of server.toml.
    pub listen: Option<SocketAddr>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where the ids of answers begin: another number each start, the same one in a test.
    pub seed: u64,
}

/// The running shop.
pub struct Host {
    /// The engine.
    pub engine: Arc<Engine>,
    /// The store; while it is open, nobody else opens the data folder.
    pub store: Arc<dyn Store>,
    /// The data folder.
    pub data: PathBuf,
    /// Where acts are recorded.
    pub audit: Arc<ShopAudit>,
    pub(crate) loader: Loader,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) folder: ShopFolder,
    pub(crate) server: Mutex<ServerInForce>,
    /// The policy that came into force whole, last.
    pub(crate) whole: Mutex<WholePolicy>,
    pub(crate) reloading: tokio::sync::Mutex<()>,
    /// When the last previews were asked for.
    pub(crate) previews: Mutex<Vec<Timestamp>>,
    /// How many drafts were written.
    pub(crate) drafts: AtomicU64,
}

impl Host {
    /// Opens the store and starts the engine of a shop; ready once every worker is, or has failed. What there
    /// is to tell comes with it.
    ///
    /// # Errors
    /// Where the store does not open, a script has errors, or the store fails.
    pub async fn start(
        content: &ShopContent,
        options: StartOptions,
    ) -> Result<(Self, Vec<Notice>), HostError> {
        let data = content.data_path(options.data.as_deref());
        let store = open_store(StoreConfig::of_server(&data, &content.folder, &content.server))?;
        Self::start_on(store, content, options).await
    }

    /// The same on a store that is open already.
    pub(crate) async fn start_on(
        store: Arc<dyn Store>,
        content: &ShopContent,
        options: StartOptions,
    ) -> Result<(Self, Vec<Notice>), HostError> {
        let StartOptions { data: named, listen, clock, seed } = options;
        let server = ServerInForce::at_start(&content.server, listen, named.is_some());
        let data = content.data_path(named.as_deref());
        let loader = Loader::new(&content.folder, Arc::clone(&clock))?;
        let begun = BegunPolicy::of_start(content, &data, clock.now())?;
        let loaded = loader.load_shop(begun.content(content))?;
        wait_for_workers(&loaded.shop.strategies).await;
        let (state, events) = (Arc::clone(&store) as _, Arc::clone(&store) as _);
        let longest_rest_ms = content.server.longest_rest_ms;
        let parts = EngineParts { clock: Arc::clone(&clock), state, events, longest_rest_ms, seed };
        let engine = Engine::start(parts, loaded.shop)
            .await
            .map_err(|problem| HostError::from(problem).within("the engine does not start"))?;
        let place = (&content.folder, &content.server);
        let audit = Arc::new(ShopAudit::open(&data, &*store, place)?.with_decisions(&store, place));
        engine.record_decisions(Arc::clone(&audit) as _);
        let live = ShopFolder::open(content.folder.path(), content.folder.program())
            .unwrap_or_else(|_| content.folder.clone());
        let host = Self {
            audit,
            engine: Arc::new(engine),
            store,
            data,
            loader,
            clock,
            folder: live.clone(),
            server: Mutex::new(server),
            whole: Mutex::new(begun.whole),
            reloading: tokio::sync::Mutex::default(),
            previews: Mutex::default(),
            drafts: AtomicU64::default(),
        };
        let mut notices = loaded.notices;
        notices.extend(begun.notice);
        if content.refused.is_none() && begun.held.is_none() {
            host.obey_file_stop(&live).await;
            notices.extend(host.put_in_force(content.clone(), &live, FOLDER, begun.shown).await);
            return Ok((host, notices));
        }
        host.engine.show_approval(begun.shown);
        if content.refused.is_some() {
            host.engine.mark_policy_stale();
            host.obey_file_stop(&content.folder).await;
        } else {
            // what both permit holds the file's stop already
            host.engine.follow_file_stop(None).await;
            host.engine.mark_policy_stale();
        }
        Ok((host, notices))
    }

    /// Obeys what the policy file says of a stop, whether the rest of it can be taken or not.
    pub(crate) async fn obey_file_stop(&self, folder: &ShopFolder) {
        let in_force = self.engine.policy().policy;
        let known = in_force.rules().strategies.keys().cloned();
        self.engine.follow_file_stop(Some(&folder.written_stop(known))).await;
    }

    /// The policy is in force, with its own stop, beside which that of the file ends where it is the file's own; says where the next start could not go back to it.
    pub(crate) async fn keep_policy(&self, content: &ShopContent, is_of_file: bool) -> Option<Notice> {
        if is_of_file {
            self.engine.follow_file_stop(None).await;
        }
        let kept = LastPolicy::of_data(&self.data).keep(&content.policy_text, &content.config_text);
        kept.err().map(|error| Notice::Warning(error.to_string()))
    }

    /// Does what a command asked for, and records how it ended.
    pub(crate) async fn record_ended<T, E>(
        &self,
        what: &str,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let ended = work.await;
        self.audit.record_command(what, self.clock.now(), ended.is_ok());
        ended
    }

    /// From now on `hook` puts what server.toml says of keys, certificates and limits in force at each reload.
    pub fn on_server_rules(&self, hook: ServerRulesHook) {
        self.lock_server().begin_with(hook);
    }

    pub(crate) fn lock_server(&self) -> MutexGuard<'_, ServerInForce> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
