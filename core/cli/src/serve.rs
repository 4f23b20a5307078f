//! `jardin serve`.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use jardin_compliance::{ChangeKind, compare_policies};
use jardin_contract::{Clock, FixedClock, SystemClock};
use jardin_host::{Host, ShopContent, read_lock};
use jardin_model::Timestamp;
use jardin_policy::lock::Lock;
use jardin_server::{Access, Limits};
use tokio::net::TcpListener;

use super::{print, shop_arg::read_shop};

/// Serve a shop folder over HTTP
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin serve examples/shop --listen 127.0.0.1:7700")]
pub(crate) struct ServeArgs {
    /// The shop folder, with jardin.toml and policy.toml
    pub(crate) folder: PathBuf,
    #[command(flatten)]
    pub(crate) place: Place,
    /// A time that stands still, such as 2026-11-20T10:00:00Z, to compare two runs
    #[arg(long, hide = true)]
    clock: Option<String>,
    /// Where the ids of answers begin, to compare two runs
    #[arg(long, hide = true)]
    seed: Option<u64>,
}

/// Where a server listens and where its data is.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Place {
    /// The address to listen on; port 0 takes a free one
    #[arg(long)]
    pub(crate) listen: Option<SocketAddr>,
    /// The data folder
    #[arg(long)]
    pub(crate) data: Option<PathBuf>,
}

pub(crate) fn run(args: &ServeArgs) -> anyhow::Result<ExitCode> {
    let content = read_shop(&args.folder)?;
    let data = content.data_path(args.place.data.as_deref());
    let clock: Arc<dyn Clock> = match &args.clock {
        None => Arc::new(SystemClock),
        Some(text) => Arc::new(FixedClock::at(Timestamp::parse(text).context("`--clock` is not a time")?)),
    };
    let seed = args.seed.unwrap_or_else(|| clock.now().ms().unsigned_abs());
    runtime()?.block_on(async {
        let host = start_host(&content, &data, clock, seed).await?;
        serve(host, &content, args.place.listen, |_| {}).await
    })
}

/// Starts a host; the warnings of its folder are shown.
pub(crate) async fn start_host(
    content: &ShopContent,
    data: &Path,
    clock: Arc<dyn Clock>,
    seed: u64,
) -> anyhow::Result<Host> {
    content.warnings.iter().for_each(print::report);
    let (host, notices) = Host::start(content, data, clock, seed).await?;
    print::notices(&notices);
    Ok(host)
}

pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no threads can be started")
}

/// Serves a started host until it is told to end. `ready` is called once with the address.
pub(crate) async fn serve(
    host: Host,
    content: &ShopContent,
    listen: Option<SocketAddr>,
    ready: impl FnOnce(&str),
) -> anyhow::Result<ExitCode> {
    let config = &content.server;
    let address = listen.unwrap_or(config.listen);
    let access = Access::new(config.keys.clone(), address)?;
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("`{address}` cannot be listened on"))?;
    let base = format!("http://{}", listener.local_addr()?);
    if access.answers_everybody() {
        print::error(
            "no key exists, so everybody on this machine is answered; add `[[keys]]` to server.toml",
        );
    }
    host.engine.work_in_background();
    print::line(&format!("listening on {base}"));
    ready(&base);
    let limits = Limits {
        body_bytes: config.body_bytes,
        read: Duration::from_millis(config.read_ms),
        in_flight: config.in_flight,
        connections: config.connections,
    };
    if let Err(error) = host.begin_observed() {
        print::error(&format!("warning: {:#}; counting begins anew", anyhow::Error::from(error)));
    }
    let host = Arc::new(host);
    let counting = tokio::spawn(keep_observed(Arc::clone(&host)));
    let watching = tokio::spawn(watch(Arc::clone(&host), content.folder.path().to_owned()));
    let engine = Arc::clone(&host.engine);
    let served = jardin_server::serve(listener, engine, access, limits, told_to_end()).await;
    watching.abort();
    counting.abort();
    save_observed(&host).await;
    served?;
    Ok(ExitCode::SUCCESS)
}

/// Writes what strategies really read from time to time.
async fn keep_observed(host: Arc<Host>) {
    loop {
        tokio::time::sleep(SAVE_OBSERVED).await;
        save_observed(&host).await;
    }
}

async fn save_observed(host: &Host) {
    if let Err(error) = host.save_observed().await {
        print::error(&format!("warning: {:#}", anyhow::Error::from(error)));
    }
}

async fn told_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => drop(interrupt.await),
    }
}

/// How often the counts of what was read are written; a program that dies loses no more than that.
const SAVE_OBSERVED: Duration = Duration::from_secs(60);
/// How often the folder's files are looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Takes a changed folder; where it has errors the last good state stays and health says so.
async fn watch(host: Arc<Host>, path: PathBuf) {
    let mut before = stamp(&path);
    let mut lock = read_lock(&path).unwrap_or_default();
    loop {
        tokio::time::sleep(LOOK).await;
        let now = stamp(&path);
        if now == before {
            continue;
        }
        before = now;
        match reload(&host, &path, &mut lock).await {
            Ok(()) => print::error("the shop folder has changed and is in force"),
            Err(error) => {
                host.engine.mark_policy_stale();
                print::failure(&error, "; the last good state stays in force");
            }
        }
    }
}

async fn reload(host: &Host, path: &Path, lock: &mut Lock) -> anyhow::Result<()> {
    let content = read_shop(path)?;
    content.warnings.iter().for_each(print::report);
    widened(host, &content, lock);
    print::notices(&host.reload(&content).await?);
    Ok(())
}

/// Says whom a policy that comes into force widens something for, where its approval is no newer than that of
/// the one in force. It comes into force all the same: who decided what is the controller's to prove, and a
/// stop or a narrowing beside it must not wait.
fn widened(host: &Host, content: &ShopContent, lock: &mut Lock) {
    let old = host.engine.policy().policy;
    let diff = compare_policies((&old, lock), (&content.policy, &content.lock));
    content.lock.clone_into(lock);
    if diff.unapproved {
        print::error(
            "warning: the policy widens, and `approved` is no newer than before; have the controller decide again:",
        );
        for change in diff.changes.iter().filter(|c| c.kind == ChangeKind::Widened) {
            print::error(&format!("    {}: {}", change.about, change.message));
        }
    }
}

/// The sizes and times of the files of a shop folder, but for its data.
pub(crate) fn stamp(path: &Path) -> Vec<(PathBuf, u64, Option<std::time::SystemTime>)> {
    let mut files = Vec::new();
    for folder in [path.to_owned(), path.join("scripts"), path.join("plugins")] {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if let Some(meta) = entry.metadata().ok().filter(std::fs::Metadata::is_file) {
                files.push((entry.path(), meta.len(), meta.modified().ok()));
            }
        }
    }
    files.sort();
    files
}
