//! What of server.toml is in force, what acts on the next request, and what needs a restart.

use std::net::SocketAddr;

use crate::{Notice, ServerConfig};

/// Puts what server.toml says of keys, certificates and limits in force; says what there is to tell of it.
pub type ServerRulesHook = Box<dyn Fn(&ServerConfig) -> Vec<Notice> + Send + Sync>;

/// server.toml, as far as it is in force.
pub(crate) struct ServerInForce {
    at_start: ServerConfig,
    now: ServerConfig,
    /// An address that was named beside server.toml, which then says nothing about it.
    listen: Option<SocketAddr>,
    data_is_named: bool,
    hook: Option<ServerRulesHook>,
}

/// What putting another server.toml in force gave.
pub(crate) struct AppliedServer {
    /// The keys that changed and act after a restart.
    pub(crate) needs_restart: Vec<&'static str>,
    pub(crate) notices: Vec<Notice>,
}

impl ServerInForce {
    /// As it is now.
    pub(crate) fn config(&self) -> ServerConfig {
        self.now.clone()
    }

    pub(crate) fn at_start(config: &ServerConfig, listen: Option<SocketAddr>, data_is_named: bool) -> Self {
        let mut config = config.clone();
        config.listen = listen.unwrap_or(config.listen);
        Self { at_start: config.clone(), now: config, listen, data_is_named, hook: None }
    }

    pub(crate) fn begin_with(&mut self, hook: ServerRulesHook) {
        self.hook = Some(hook);
    }

    /// Puts another server.toml in force, as far as that goes without a restart.
    pub(crate) fn apply(&mut self, mut config: ServerConfig) -> AppliedServer {
        config.listen = self.listen.unwrap_or(config.listen);
        let needs_restart = self.changed_for_good(&config);
        self.now = config;
        AppliedServer { needs_restart, notices: self.hook.iter().flat_map(|hook| hook(&self.now)).collect() }
    }

    /// The keys that are read at a start alone, where they differ from what the start read.
    fn changed_for_good(&self, config: &ServerConfig) -> Vec<&'static str> {
        let was = &self.at_start;
        [
            ("listen", was.listen != config.listen),
            ("[tls]", was.tls.is_some() != config.tls.is_some()),
            ("[serve] threads", was.serving_threads != config.serving_threads),
            ("[store] folder", !self.data_is_named && was.store_folder != config.store_folder),
            ("[store] cache_mb", was.cache_mb != config.cache_mb),
            ("[store] readers", was.readers != config.readers),
            ("[store] queue", was.write_queue != config.write_queue),
            ("[store] longest_rest", was.longest_rest_ms != config.longest_rest_ms),
            ("[store] master_key", was.master_key != config.master_key),
            ("[store] refusals_copy", was.refusals_copy != config.refusals_copy),
        ]
        .into_iter()
        .filter_map(|(key, differs)| differs.then_some(key))
        .collect()
    }
}
