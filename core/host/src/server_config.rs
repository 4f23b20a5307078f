//! server.toml: what belongs to operations. Every key has a default, and the file may be missing.

use std::{net::SocketAddr, sync::Arc};

use jardin_access::Key;
use jardin_diagnostics::{FindingSink, Report, TomlTable, TomlValue, codes::INVALID_VALUE, read_toml};
use jardin_engine::LONGEST_REST_MS;
use jardin_model::{DAY_MS, Timestamp};
use jardin_native::AfterForgetting;

use crate::{MasterKeyPlace, TlsFiles, origins::read_origins, server_keys::read_key};

/// When workers are replaced after an erasure: `sampled`, where one that is compared is found to have kept something.
const AFTER_FORGETTING: [(&str, AfterForgetting); 3] = [
    ("always", AfterForgetting::Replace),
    ("sampled", AfterForgetting::Verify),
    ("never", AfterForgetting::Trust),
];

/// What becomes of a policy that reaches further and that nobody approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unapproved {
    /// It waits, and its narrowings act.
    Refuse,
    /// It comes into force, and it is said.
    Warn,
}

/// server.toml. A length is in bytes, a span in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerConfig {
    /// Where it listens (`listen`, 127.0.0.1:7700).
    pub listen: SocketAddr,
    /// Whether a proxy that speaks TLS stands before it, without which it listens on loopback only (`behind_proxy`, false).
    pub behind_proxy: bool,
    /// By which it speaks TLS itself (`[tls]`, none).
    pub tls: Option<TlsFiles>,
    /// The origins whose pages may call with a page token (`[cors] origins`, none).
    pub origins: Vec<Arc<str>>,
    /// The keys; without any, everybody is answered, on loopback only (`[[keys]]`).
    pub keys: Vec<Key>,
    /// Page tokens that were made before are refused (`tokens_before`).
    pub tokens_before: Option<Timestamp>,
    /// The data folder, relative to the shop folder (`[store] folder`, `data`).
    pub store_folder: Arc<str>,
    /// How much memory caches of people may use, in MiB (`[store] cache_mb`, 256).
    pub cache_mb: usize,
    /// How many connections read the store (`[store] readers`, 4).
    pub readers: usize,
    /// How many changes may wait to be written (`[store] queue`, 4,096).
    pub write_queue: usize,
    /// Where the master key is; `master.key` in the data folder where nothing is said (`[store] master_key`, none).
    pub master_key: Option<MasterKeyPlace>,
    /// A folder in a second place to which each refusal is written too, relative to the shop folder (`[store]
    /// refusals_copy`, none).
    pub refusals_copy: Option<Arc<str>>,
    /// A folder to which the audit's checkpoints go, relative to the shop folder; the log where none is named (`[audit]
    /// checkpoints`, "log").
    pub audit_checkpoints: Option<Arc<str>>,
    /// For how long the shop may stand still: a clock that lies further ahead at a start leapt (`[store] longest_rest`,
    /// 30 days).
    pub longest_rest_ms: i64,
    /// How many workers each plugin has (`[plugins] workers`, 1).
    pub workers: usize,
    /// How many requests may wait for a plugin (`[plugins] queue`, 64).
    pub plugin_queue: usize,
    /// What is done where a plugin was told to forget (`[plugins] replace_after_erasure`); without it, a plugin that
    /// came with the program is verified, and any other one replaced.
    pub after_forgetting: Option<AfterForgetting>,
    /// What becomes of a policy that nobody approved (`[policy] unapproved`); without it, it is refused where the policy
    /// says who approves.
    pub unapproved: Option<Unapproved>,
    /// How many threads answer lists alone (`[serve] threads`, 0: the threads of all else do).
    pub serving_threads: usize,
    /// How many requests are answered at once (`[limits] in_flight`, 1,024).
    pub in_flight: usize,
    /// How many connections are open at once (`[limits] connections`, 4,096).
    pub connections: usize,
    /// How many of them one address may have, but a proxy (`[limits] connections_per_address`, 1,024).
    pub connections_per_address: usize,
    /// The longest body (`[limits] body_kb`, 2,048 KiB).
    pub body_bytes: usize,
    /// How long a client may take to send its request (`[limits] read_ms`, 10,000).
    pub read_ms: u64,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 7700)),
            behind_proxy: false,
            tls: None,
            origins: Vec::new(),
            keys: Vec::new(),
            tokens_before: None,
            store_folder: "data".into(),
            cache_mb: 256,
            readers: 4,
            write_queue: 4096,
            master_key: None,
            refusals_copy: None,
            audit_checkpoints: None,
            longest_rest_ms: LONGEST_REST_MS,
            workers: 1,
            plugin_queue: 64,
            after_forgetting: None,
            unapproved: None,
            serving_threads: 0,
            in_flight: 1024,
            connections: 4096,
            connections_per_address: 1024,
            body_bytes: 2 << 20,
            read_ms: 10_000,
        }
    }
}

impl ServerConfig {
    /// Reads a server.toml.
    ///
    /// # Errors
    /// The report with every finding.
    pub fn load(file: &str, source: &str) -> Result<Self, Report> {
        let sink = FindingSink::default();
        let config = read_toml(source, &sink, |root, _| {
            let mut config = Self::default();
            config.read(&root);
            root.end();
            Some(config)
        });
        let report = sink.report(file, source);
        match config {
            Some(config) if !report.has_errors() => Ok(config),
            _ => Err(report),
        }
    }

    fn read(&mut self, root: &TomlTable<'_>) {
        if let Some(node) = root.get("listen") {
            set(&mut self.listen, address(node));
        }
        set(&mut self.behind_proxy, root.get("behind_proxy").and_then(|node| node.flag()));
        if let Some(table) = root.get("tls").and_then(|n| n.table("[tls]")) {
            self.tls = TlsFiles::of_table(table);
        }
        if let Some(table) = root.get("cors").and_then(|n| n.table("[cors]")) {
            set(&mut self.origins, table.get("origins").map(read_origins));
            table.end();
        }
        if let Some(keys) = root.get("keys").and_then(|n| n.list()) {
            self.keys = keys.into_iter().filter_map(read_key).collect();
        }
        self.tokens_before = root.get("tokens_before").and_then(instant);
        if let Some(table) = root.get("store").and_then(|n| n.table("[store]")) {
            set(&mut self.store_folder, table.text("folder"));
            set(&mut self.cache_mb, figure(&table, "cache_mb", 1, 1 << 20));
            set(&mut self.readers, figure(&table, "readers", 1, 64));
            set(&mut self.write_queue, figure(&table, "queue", 1, 1 << 20));
            self.master_key = table.get("master_key").and_then(MasterKeyPlace::read_place);
            self.refusals_copy = table.text("refusals_copy");
            set(&mut self.longest_rest_ms, table.get("longest_rest").and_then(days));
            table.end();
        }
        if let Some(table) = root.get("audit").and_then(|n| n.table("[audit]")) {
            self.audit_checkpoints = table.text("checkpoints").filter(|place| **place != *"log");
            table.end();
        }
        if let Some(table) = root.get("plugins").and_then(|n| n.table("[plugins]")) {
            set(&mut self.workers, figure(&table, "workers", 1, 64));
            set(&mut self.plugin_queue, figure(&table, "queue", 1, 1 << 16));
            let replaced = table.get("replace_after_erasure");
            self.after_forgetting = replaced.and_then(|node| node.word("a way to forget", &AFTER_FORGETTING));
            table.end();
        }
        if let Some(table) = root.get("policy").and_then(|n| n.table("[policy]")) {
            let words = [("refuse", Unapproved::Refuse), ("warn", Unapproved::Warn)];
            self.unapproved =
                table.get("unapproved").and_then(|node| node.word("way with an unapproved policy", &words));
            table.end();
        }
        if let Some(table) = root.get("serve").and_then(|n| n.table("[serve]")) {
            set(&mut self.serving_threads, figure(&table, "threads", 0, 256));
            table.end();
        }
        if let Some(table) = root.get("limits").and_then(|n| n.table("[limits]")) {
            set(&mut self.in_flight, figure(&table, "in_flight", 1, 1 << 20));
            set(&mut self.connections, figure(&table, "connections", 1, 1 << 20));
            let of_one = figure(&table, "connections_per_address", 1, 1 << 20);
            set(&mut self.connections_per_address, of_one);
            set(&mut self.body_bytes, figure(&table, "body_kb", 1, 1 << 20).map(|kb| kb << 10));
            let span = figure(&table, "read_ms", 1, 600_000).and_then(|ms| u64::try_from(ms).ok());
            set(&mut self.read_ms, span);
            table.end();
        }
    }
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn figure(table: &TomlTable<'_>, key: &'static str, least: i64, most: i64) -> Option<usize> {
    let n = table.get(key)?.integer(least, most)?;
    usize::try_from(n).ok()
}

/// A number of days as milliseconds, such as `"30 days"`.
fn days(node: TomlValue<'_>) -> Option<i64> {
    let count = node.text()?.strip_suffix(" days").and_then(|count| count.parse::<i64>().ok());
    let span = count.filter(|count| (1..=3650).contains(count)).map(|count| count * DAY_MS);
    if span.is_none() {
        let help = "write a number of days, such as \"30 days\"".to_owned();
        node.finding(INVALID_VALUE, "this is not a span from 1 to 3650 days", Some(help));
    }
    span
}

fn address(node: TomlValue<'_>) -> Option<SocketAddr> {
    let parsed = node.text()?.parse().ok();
    if parsed.is_none() {
        let help = "write an address with its port, such as \"127.0.0.1:7700\"".to_owned();
        node.finding(INVALID_VALUE, "this is not an address", Some(help));
    }
    parsed
}

fn instant(node: TomlValue<'_>) -> Option<Timestamp> {
    let instant = Timestamp::parse(node.text()?).ok();
    if instant.is_none() {
        let help = "write a time with its offset, such as \"2026-11-28T10:00:00Z\"".to_owned();
        node.finding(INVALID_VALUE, "this is not a time", Some(help));
    }
    instant
}

#[cfg(test)]
mod tests {
    use jardin_access::Role;

    use super::*;

    #[test]
    fn an_empty_file_is_the_default() {
        assert_eq!(ServerConfig::load("server.toml", ""), Ok(ServerConfig::default()));
    }

    #[test]
    fn the_page_shows_the_defaults() {
        let page = include_str!("../../../docs/http.md");
        let source = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
        let without_keys = source.split("[[keys]]").next().unwrap();
        assert_eq!(ServerConfig::load("server.toml", without_keys), Ok(ServerConfig::default()));
        let shown = ServerConfig::load("server.toml", &source.replace('…', &"0".repeat(64))).unwrap();
        assert_eq!(shown.keys.len(), 1);
    }

    #[test]
    fn every_key_is_read() {
        let digest = "ab".repeat(32);
        let source = format!(
            "listen = \"0.0.0.0:80\"\nbehind_proxy = true\ntokens_before = \"2026-11-28T10:00:00Z\"\n[store]\nfolder = \"/var/jardin\"\ncache_mb = 64\nreaders = 2\nqueue = 9\nmaster_key = \"env:JARDIN_KEY\"\nrefusals_copy = \"/mnt/second\"\nlongest_rest = \"7 days\"\n[audit]\ncheckpoints = \"/mnt/second\"\n[plugins]\nworkers = 3\nqueue = 5\nreplace_after_erasure = \"always\"\n[policy]\nunapproved = \"refuse\"\n[serve]\nthreads = 2\n\
             [tls]\ncertificate = \"chain.pem\"\nkey = \"/etc/key.pem\"\n[cors]\norigins = [\"https://shop.example\"]\n[limits]\nin_flight = 7\nconnections = 13\nconnections_per_address = 5\nbody_kb = 1\nread_ms = 11\n[[keys]]\nname = \"web\"\nsha256 = \"{digest}\"\nroles = [\"serve\", \"ingest\"]\nuntil = 2027-06-30"
        );
        let config = ServerConfig::load("server.toml", &source).unwrap();
        let expected = ServerConfig {
            listen: "0.0.0.0:80".parse().unwrap(),
            behind_proxy: true,
            tls: Some(TlsFiles { certificate: "chain.pem".into(), key: "/etc/key.pem".into() }),
            origins: vec!["https://shop.example".into()],
            keys: vec![Key {
                name: "web".into(),
                sha256: [0xab; 32],
                roles: vec![Role::Serve, Role::Ingest],
                until: Some(Timestamp::parse("2027-07-01T00:00:00Z").unwrap()),
            }],
            tokens_before: Some(Timestamp::parse("2026-11-28T10:00:00Z").unwrap()),
            store_folder: "/var/jardin".into(),
            cache_mb: 64,
            readers: 2,
            write_queue: 9,
            master_key: Some(MasterKeyPlace::Variable("JARDIN_KEY".into())),
            refusals_copy: Some("/mnt/second".into()),
            audit_checkpoints: Some("/mnt/second".into()),
            longest_rest_ms: 7 * DAY_MS,
            workers: 3,
            plugin_queue: 5,
            after_forgetting: Some(AfterForgetting::Replace),
            unapproved: Some(Unapproved::Refuse),
            serving_threads: 2,
            in_flight: 7,
            connections: 13,
            connections_per_address: 5,
            body_bytes: 1024,
            read_ms: 11,
        };
        assert_eq!(config, expected);
    }

    #[test]
    fn refuses_what_it_does_not_know_and_never_repeats_a_key() {
        let source =
            "lisen = \"x\"\n[[keys]]\nname = \"web\"\nsha256 = \"my-secret-key\"\nroles = [\"sreve\"]";
        let report = ServerConfig::load("server.toml", source).unwrap_err();
        let said: Vec<_> =
            report.errors().map(|f| (f.code.word(), f.help.clone().unwrap_or_default())).collect();
        assert_eq!(
            said.iter().map(|(code, _)| *code).collect::<Vec<_>>(),
            ["unknown-key", "invalid-value", "invalid-value"]
        );
        assert!(said[0].1.contains("`listen`") && said[2].1.contains("`serve`"));
        assert!(report.errors().all(|f| !f.message.contains("my-secret-key")));
    }
}
