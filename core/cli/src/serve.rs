//! `jardin serve`.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use arc_swap::ArcSwap;
use jardin_abi::{ABI_MAJOR, ABI_MINOR};
use jardin_access::TokenKeys;
use jardin_contract::{AuditLog as _, Clock, FixedClock, HostControl};
use jardin_host::{
    ControlSocket, FolderReload, FolderWatch, Host, MachineClock, OpenShop, ShopContent, StartOptions,
    counted,
};
use jardin_model::{HOUR_MS, Timestamp};
use jardin_server::{Page, Program, Server};
use tokio::net::{TcpListener, UnixListener};

use super::{
    entry::Entry, policy_pages::write_policy_page, print, shop_arg::open_folder, strategy_log::log_strategies,
};

/// What is told of this program.
pub(crate) const PROGRAM: Program =
    Program { version: env!("CARGO_PKG_VERSION"), abi: (ABI_MAJOR, ABI_MINOR) };

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
    let folder = open_folder(&args.folder)?;
    let watch = FolderWatch::new(&folder);
    let content = ShopContent::read_for_start(&folder, args.place.data.as_deref())?;
    let clock: Arc<dyn Clock> = match &args.clock {
        None => Arc::new(MachineClock),
        Some(text) => Arc::new(FixedClock::at(Timestamp::parse(text).context("`--clock` is not a time")?)),
    };
    let seed = args.seed.unwrap_or_else(|| clock.now().ms().unsigned_abs());
    runtime()?.block_on(async {
        let options = StartOptions { data: args.place.data.clone(), listen: args.place.listen, clock, seed };
        let host = start_host(&content, options).await?;
        serve(host, &content, watch, args.place.listen, Vec::new(), |_| {}).await
    })
}

/// Starts a host; the warnings of its folder are shown.
pub(crate) async fn start_host(content: &ShopContent, options: StartOptions) -> anyhow::Result<Host> {
    if let Some(refused) = &content.refused {
        print::refused(refused, "; the policy that was in force last stays in force");
    }
    content.warnings.iter().for_each(print::report);
    let (host, notices) = Host::start(content, options).await?;
    print::notices(&notices);
    Ok(host)
}

/// Starts a shop, or reaches the one that runs; the warnings of a folder that is started are shown.
pub(crate) async fn open_shop(content: &ShopContent, options: StartOptions) -> anyhow::Result<OpenShop> {
    let (shop, notices) = jardin_host::open(content, options).await?;
    content.warnings.iter().for_each(print::report);
    print::notices(&notices);
    Ok(shop)
}

pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no threads can be started")
}

/// Serves a started host until it is told to end. `ready` is called once with the address.
pub(crate) async fn serve(
    host: Host,
    content: &ShopContent,
    watch: FolderWatch,
    listen: Option<SocketAddr>,
    pages: Vec<Page>,
    ready: impl FnOnce(&str),
) -> anyhow::Result<ExitCode> {
    let config = &content.server;
    let address = listen.unwrap_or(config.listen);
    anyhow::ensure!(
        address.ip().is_loopback() || !content.policy.rules().controller.is_empty(),
        "the policy does not state who is responsible: state `controller` before others than this machine are served"
    );
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("`{address}` cannot be listened on"))?;
    // with the port that was taken where the address leaves it open
    let address = listener.local_addr()?;
    let entry = Entry {
        address,
        token_keys: TokenKeys::new(host.store.derive_secret("page-tokens"), content.config.name.clone()),
        folder: content.folder.path().to_owned(),
    };
    let rules = entry.make_rules(config)?;
    let base = format!("{}://{address}", if rules.certificate.is_some() { "https" } else { "http" });
    if rules.access.answers_everybody() {
        print::error("no key exists, so everybody on this machine is answered; `jardin key add` makes one");
    }
    if !address.ip().is_loopback() && config.master_key.is_none() {
        print::error(KEY_BESIDE_DATA);
    }
    host.engine.work_in_background();
    if let Err(error) = host.begin_observed() {
        print::error(&format!("warning: {:#}; counting begins anew", anyhow::Error::from(error)));
    }
    if host.engine.is_empty_shop() {
        print::error(&format!("warning: the shop has no items; fill it: {}", filling_command(content)));
    }
    let rules = Arc::new(ArcSwap::from_pointee(rules));
    let shared = Arc::clone(&rules);
    host.on_server_rules(Box::new(move |config| entry.put_in_force(config, &shared)));
    let host = Arc::new(host);
    let counting = tokio::spawn(keep_observed(Arc::clone(&host)));
    let telling = tokio::spawn(tell_failures(Arc::clone(&host)));
    let watching = tokio::spawn(watch_folder(Arc::clone(&host), watch));
    let logging = tokio::spawn(log_strategies(Arc::clone(&host)));
    let noting = tokio::spawn(show_notes(Arc::clone(&host)));
    let auditing = tokio::spawn(look_after_audit(Arc::clone(&host)));
    let audit = Arc::clone(&host.audit);
    let server = Server::new(Arc::clone(&host.engine), rules, PROGRAM)
        .with_audit(audit)
        .with_page_writer(write_policy_page)
        .with_host(Arc::clone(&host) as Arc<dyn HostControl>)
        .with_pages(pages)
        .with_serving_threads(config.serving_threads);
    let control = serve_commands(&host, &server);
    host.audit.record_command("start", host.engine.now(), true);
    // whoever reads this line may ask at once, commands too
    print::line(&format!("listening on {base}"));
    ready(&base);
    let served = server.serve(listener, told_to_end()).await;
    watching.abort();
    logging.abort();
    noting.abort();
    telling.abort();
    drop(control);
    counting.abort();
    auditing.abort();
    save_observed(&host).await;
    host.audit.record_command("end", host.engine.now(), served.is_ok());
    host.audit.flush();
    tell_checkpoints(&host);
    served?;
    Ok(ExitCode::SUCCESS)
}

/// Said of a server that others reach, whose master key nobody gave a place.
const KEY_BESIDE_DATA: &str = "warning: the master key lies in the data folder: whoever copies that folder can read everybody in it; \
                               name another place by `[store] master_key` of server.toml, or this one to be told no more";

/// The command that fills a shop: with the items of its folder, where there are any.
fn filling_command(content: &ShopContent) -> String {
    let folder = content.folder.path().display();
    let items = content.folder.items_path();
    let file = if items.is_file() { items.display().to_string() } else { "ITEMS.jsonl".to_owned() };
    format!("jardin import {folder} {file}")
}

/// The control socket while it is served.
struct ServedCommands {
    task: tokio::task::JoinHandle<()>,
    _socket: ControlSocket,
}

impl Drop for ServedCommands {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves commands on the control socket; a system that refuses it costs them and nothing else.
fn serve_commands(host: &Arc<Host>, server: &Server) -> Option<ServedCommands> {
    let listened =
        ControlSocket::listen(&host.data).map_err(anyhow::Error::from).and_then(|(socket, listener)| {
            Ok((socket, UnixListener::from_std(listener).context("the control socket cannot be served")?))
        });
    match listened {
        Ok((socket, listener)) => {
            let (server, control) = (server.clone(), Arc::clone(host) as Arc<dyn HostControl>);
            let serve = async move {
                // a listener that fails ends with its task; commands say then that nobody answers
                drop(server.serve_local(listener, Some(control), std::future::pending()).await);
            };
            Some(ServedCommands { task: tokio::spawn(serve), _socket: socket })
        }
        Err(error) => {
            print::error(&format!("warning: {error:#}; commands that need the store wait until this ends"));
            None
        }
    }
}

/// Writes what strategies really read from time to time.
async fn keep_observed(host: Arc<Host>) {
    loop {
        tokio::time::sleep(SAVE_OBSERVED).await;
        save_observed(&host).await;
    }
}

/// Says once a minute what strategies did wrong by themselves: which, where in a script, and how often.
async fn tell_failures(host: Arc<Host>) {
    loop {
        tokio::time::sleep(TELL_FAILURES).await;
        for failure in host.engine.take_failures() {
            let times = counted(usize::try_from(failure.times).unwrap_or(usize::MAX), "time");
            print::error(&format!(
                "warning: `{}` gave nothing {times} in the last minute: {}",
                failure.strategy, failure.what
            ));
        }
    }
}

/// Tells the audit's checkpoints as they come, and removes days that are older than it is kept.
async fn look_after_audit(host: Arc<Host>) {
    let mut looked_at = None;
    loop {
        tell_checkpoints(&host);
        let now = host.engine.now();
        let hour = now.ms().div_euclid(HOUR_MS);
        if looked_at != Some(hour) {
            looked_at = Some(hour);
            remove_old_acts(&host, now).await;
        }
        tokio::time::sleep(LOOK_FOR_TROUBLE).await;
    }
}

/// Removes the days of the audit that are older than it is kept, unless the clock leapt.
async fn remove_old_acts(host: &Host, now: Timestamp) {
    if !host.engine.may_remove_old().await {
        return;
    }
    let (audit, policy) = (Arc::clone(&host.audit), host.engine.policy().policy);
    // a day of decisions may be long, and is verified before it goes
    let removed = tokio::task::spawn_blocking(move || audit.remove_old_days(policy.rules(), now)).await;
    if let Ok(Err(error)) = removed {
        print::error(&format!("warning: {:#}", anyhow::Error::from(error)));
    }
}

fn tell_checkpoints(host: &Host) {
    host.audit.take_checkpoints().iter().for_each(|checkpoint| print::error(checkpoint));
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
/// How often it is told what strategies did wrong.
const TELL_FAILURES: Duration = Duration::from_secs(60);
/// How often the folder's files are looked at.
const LOOK: Duration = Duration::from_millis(500);

/// How often it is looked whether something is wrong.
const LOOK_FOR_TROUBLE: Duration = Duration::from_secs(1);

/// Says what is wrong when it begins, and once more when it comes back.
async fn show_notes(host: Arc<Host>) {
    let mut shown: Vec<&'static str> = Vec::new();
    loop {
        tokio::time::sleep(LOOK_FOR_TROUBLE).await;
        let notes = host.engine.health().notes;
        notes
            .iter()
            .filter(|note| !shown.contains(note))
            .for_each(|note| print::error(&format!("warning: {note}")));
        shown = notes;
    }
}

/// Takes a changed folder; where it has errors the last good state stays and health says so.
async fn watch_folder(host: Arc<Host>, mut watch: FolderWatch) {
    let mut told = Vec::new();
    loop {
        tokio::time::sleep(LOOK).await;
        let looked = tokio::task::spawn_blocking(move || {
            let has_changed = watch.has_changed();
            (watch, has_changed)
        });
        // only a runtime that ends stops a task
        let Ok((same, has_changed)) = looked.await else { return };
        watch = same;
        if has_changed {
            show_reload(host.reload_folder().await);
        }
        let warnings = [host.engine.health().warnings, host.audit.list_warnings()].concat();
        tell_warnings(&mut told, warnings);
    }
}

/// Tells what somebody must look at, each once until it has passed.
fn tell_warnings(told: &mut Vec<String>, warnings: Vec<String>) {
    for new in warnings.iter().filter(|warning| !told.contains(warning)) {
        print::error(&format!("warning: {new}"));
    }
    *told = warnings;
}

fn show_reload(reload: FolderReload) {
    print::notices(&reload.notices);
    for what in reload.applied {
        print::error(&format!("{what} has changed and is in force"));
    }
    for key in reload.needs_restart {
        print::error(&format!("warning: `{key}` in server.toml has changed; restart to apply it"));
    }
    for error in reload.refused {
        print::refused(&error, "; the last good state stays in force");
    }
}
