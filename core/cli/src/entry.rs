//! What server.toml says of who may call, as a server obeys it.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::Context as _;
use arc_swap::ArcSwap;
use jardin_access::{Keys, TokenKeys};
use jardin_host::{Notice, ServerConfig, TlsFiles};
use jardin_server::{Access, Certificate, Entrance, Limits, ServerRules, TokenAccess};

/// Where a server is entered, as long as it runs.
pub(crate) struct Entry {
    /// With the port that was taken.
    pub(crate) address: SocketAddr,
    pub(crate) token_keys: TokenKeys,
    /// Of the shop, to which files of server.toml are relative.
    pub(crate) folder: PathBuf,
}

impl Entry {
    /// The rules of a start; refused where the entrance is not safe or the certificate cannot be used.
    pub(crate) fn make_rules(&self, config: &ServerConfig) -> anyhow::Result<ServerRules> {
        let certificate = config.tls.as_ref().map(|files| self.read_certificate(files)).transpose()?;
        let access =
            Access::new(Keys::new(config.keys.clone()), self.entrance(config, certificate.is_some()))?;
        Ok(self.join_rules(config, access, certificate))
    }

    /// Puts another server.toml in force. Where its entrance is not safe any more, nobody is answered: a key that was
    /// taken back must not open, and none must not open to all. Where its certificate cannot be used, the last one
    /// stays. Whether TLS is spoken at all changes at a start alone.
    pub(crate) fn put_in_force(&self, config: &ServerConfig, rules: &ArcSwap<ServerRules>) -> Vec<Notice> {
        let (mut notices, last) = (Vec::new(), rules.load().certificate.clone());
        let certificate =
            last.map(|last| match config.tls.as_ref().map(|files| self.read_certificate(files)) {
                Some(Ok(certificate)) => certificate,
                Some(Err(error)) => {
                    notices.push(Notice::Warning(format!("{error:#}; the last certificate stays in force")));
                    last
                }
                None => last,
            });
        let entrance = self.entrance(config, certificate.is_some());
        let access = Access::new(Keys::new(config.keys.clone()), entrance).unwrap_or_else(|refused| {
            notices.push(Notice::Warning(format!("{refused}; until then nobody is answered")));
            Access::closed(self.address)
        });
        rules.store(self.join_rules(config, access, certificate).into());
        notices
    }

    fn entrance(&self, config: &ServerConfig, speaks_tls: bool) -> Entrance {
        Entrance { address: self.address, behind_proxy: config.behind_proxy, speaks_tls }
    }

    fn join_rules(
        &self,
        config: &ServerConfig,
        access: Access,
        certificate: Option<Certificate>,
    ) -> ServerRules {
        let tokens = TokenAccess { keys: self.token_keys.clone(), before: config.tokens_before };
        let limits = Limits {
            body_bytes: config.body_bytes,
            read: Duration::from_millis(config.read_ms),
            in_flight: config.in_flight,
            connections: config.connections,
            connections_per_address: (!config.behind_proxy).then_some(config.connections_per_address),
        };
        ServerRules {
            access: access.with_tokens(tokens),
            limits,
            origins: config.origins.clone(),
            certificate,
        }
    }

    fn read_certificate(&self, files: &TlsFiles) -> anyhow::Result<Certificate> {
        let [chain, key] = files.read(&self.folder)?;
        Certificate::read_pem(&chain, &key).context("`[tls]` in server.toml cannot be obeyed")
    }
}
