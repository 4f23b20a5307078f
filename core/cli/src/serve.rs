//! `jardin serve`.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use jardin_contract::{Clock, FixedClock, SystemClock};
use jardin_model::Timestamp;
use jardin_policy::{
    lock::Lock,
    tools::{self, ChangeKind},
};
use jardin_server::{Access, Limits};
use tokio::net::TcpListener;

use super::{
    folder::{Folder, lock},
    host::Host,
    observed, print,
};

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
    let folder = Folder::read(&args.folder)?;
    let data = args.place.data.clone().unwrap_or_else(|| folder.path.join(&*folder.server.store_folder));
    let clock: Arc<dyn Clock> = match &args.clock {
        None => Arc::new(SystemClock),
        Some(text) => Arc::new(FixedClock::at(Timestamp::parse(text).context("`--clock` is no time")?)),
    };
    let seed = args.seed.unwrap_or_else(|| clock.now().ms().unsigned_abs());
    runtime()?.block_on(async {
        let host = Host::start(&folder, &data, clock, seed).await?;
        serve(host, &folder, args.place.listen, |_| {}).await
    })
}

pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no threads can be started")
}

/// Serves a started host until it is told to end. `ready` is called once with the address.
pub(crate) async fn serve(
    host: Host,
    folder: &Folder,
    listen: Option<SocketAddr>,
    ready: impl FnOnce(&str),
) -> anyhow::Result<ExitCode> {
    let config = &folder.server;
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
    let (engine, data) = (Arc::clone(&host.engine), host.data.clone());
    let counting = observed::keep(&engine, &data);
    let watching = tokio::spawn(watch(host, folder.path.clone()));
    let served = jardin_server::serve(listener, Arc::clone(&engine), access, limits, told_to_end()).await;
    watching.abort();
    counting.abort();
    observed::save(&engine, &data).await;
    served?;
    Ok(ExitCode::SUCCESS)
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

/// How often the folder's files are looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Takes a changed folder; where it has errors the last good state stays and health says so.
async fn watch(host: Host, path: PathBuf) {
    let mut before = stamp(&path);
    let mut lock = lock(&path).unwrap_or_default();
    loop {
        tokio::time::sleep(LOOK).await;
        let now = stamp(&path);
        if now == before {
            continue;
        }
        before = now;
        let reloaded = match Folder::read(&path) {
            Ok(folder) => {
                widened(&host, &folder, &mut lock);
                host.reload(&folder).await
            }
            Err(error) => Err(error),
        };
        match reloaded {
            Ok(()) => print::error("the shop folder has changed and is in force"),
            Err(error) => {
                host.engine.mark_policy_stale();
                print::error(&format!("error: {error:#}; the last good state stays in force"));
            }
        }
    }
}

/// Says whom a policy that comes into force widens something for, where its approval is no newer than that of
/// the one in force. It comes into force all the same: who decided what is the controller's to prove, and a
/// stop or a narrowing beside it must not wait.
fn widened(host: &Host, folder: &Folder, lock: &mut Lock) {
    let old = host.engine.policy().policy;
    let diff = tools::diff((&old, lock), (&folder.policy, &folder.lock));
    folder.lock.clone_into(lock);
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
