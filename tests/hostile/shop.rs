//! A shop in which every attack is a strategy with a placement of its own.

use std::{
    fs,
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::json;

use super::attacks::Attack;
use crate::support::{Answer, Server, shop_window};

/// `nobody` on every Linux.
const NOBODY: u32 = 65_534;
/// Found in the server's environment and in its memory, and nowhere else.
pub const IN_ENVIRONMENT: &str = "CANARY-IN-THE-ENVIRONMENT";
pub const IN_HEAP: &str = "CANARY-IN-THE-HEAP";

const FIELDS: &str = r#"
note = { type = "text", class = "confidential" }
popularity = { type = "number", class = "none" }
[fields.context]
words = { type = "text", class = "none" }
"#;
const STRATEGIES: &str = r#"
[defaults]
limits = { time_ms = 1000, memory_mb = 64 }
[strategies.popular-now]
plugin = "popular"
purpose = "shop-window"
may_read = { "item.sku" = "exact", "item.popularity" = "exact" }
"#;

/// Whose process the server is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum User {
    Own,
    Nobody,
}

/// The users as whom an attack is tried, or one of them (`JARDIN_TEST_USER=own`, `nobody`); says so where it cannot
/// become another.
#[expect(clippy::disallowed_methods, reason = "as whom a test runs is asked of whoever starts it")]
pub fn users() -> Vec<User> {
    if !is_root() {
        println!("SKIPPED: as root, since this is an ordinary user");
        return vec![User::Own];
    }
    match std::env::var("JARDIN_TEST_USER").as_deref() {
        Ok("own") => vec![User::Own],
        Ok("nobody") => vec![User::Nobody],
        _ => vec![User::Own, User::Nobody],
    }
}

pub fn is_root() -> bool {
    fs::read_to_string("/proc/self/status").unwrap().lines().any(|l| l.starts_with("Uid:\t0\t"))
}

/// How the plugin is built and kept.
pub struct Kind {
    /// Of the C compiler.
    pub flags: &'static [&'static str],
    /// The plugin in Rust, which cargo has built.
    pub in_rust: bool,
    /// `isolation = "process"`.
    pub open: bool,
    /// The host itself stands under a filter, as in a container, that is built with these flags.
    pub within: Option<&'static [&'static str]>,
}

/// A served shop of attacks.
pub struct Hostile {
    _folder: tempfile::TempDir,
    pub server: Server,
}

impl Hostile {
    /// Serves it; `None` where there is no C compiler, which is said.
    pub fn serve(kind: &Kind, attacks: &[&Attack], user: User) -> Option<Self> {
        Self::bare(kind, attacks, user).map(Self::with_fallback)
    }

    /// Serves it where not even the fallback's worker may come up.
    pub fn bare(kind: &Kind, attacks: &[&Attack], user: User) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let shop = folder.path().join("shop");
        fs::create_dir_all(shop.join("plugins")).unwrap();
        build(kind, &shop.join("plugins/libhostile.so"))?;
        fs::write(shop.join("policy.toml"), policy(kind, attacks)).unwrap();
        fs::write(shop.join("jardin.toml"), config(attacks)).unwrap();
        let server = serve_as(user, folder.path(), kind.within);
        let item = |n: u32| json!({"item_id": format!("r{n}"), "fields": {"note": IN_HEAP, "popularity": f64::from(n)}});
        let items: Vec<_> = (0..256).map(item).collect();
        server.client.post("/v1/items/batch", &json!({ "items": items })).expect(200);
        let this = Self { _folder: folder, server };
        Some(this)
    }

    /// Waits for the fallback's list, which follows the catalogue within a moment.
    fn with_fallback(self) -> Self {
        self.until(|| self.server.client.recommend(&json!({"placement": "control"})).items().len() == 5);
        self
    }

    /// Waits until it is so.
    pub fn until(&self, done: impl Fn() -> bool) {
        for _ in 0..6_000 {
            if done() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("it did not come to be:\n{}", self.server.said());
    }

    /// Asks for the list of one attack, once its worker is there.
    pub fn ask(&self, name: &str) -> Answer {
        self.ask_with(name, "")
    }

    /// The same, with words that the request says.
    pub fn ask_with(&self, name: &str, words: &str) -> Answer {
        let request = json!({"placement": name, "context": {"words": words}});
        let mut answer = self.server.client.recommend(&request);
        for _ in 0..200 {
            let (_, why) = answer.tried(name).unwrap_or_else(|| panic!("{name}: {}", answer.text));
            if why.as_deref() != Some("starting") {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
            answer = self.server.client.recommend(&request);
        }
        answer
    }

    /// What health says of one strategy.
    pub fn health(&self, name: &str) -> serde_json::Value {
        let health = self.server.client.get("/health/ready").json();
        let strategies = health["strategies"].as_array().unwrap();
        strategies.iter().find(|s| s["name"] == name).unwrap().clone()
    }
}

/// Pins and serves the folder `shop` in a folder as a user; within a filter that is built with these flags.
pub fn serve_as(user: User, folder: &Path, filter: Option<&[&str]>) -> Server {
    let shop = folder.join("shop");
    let program = copy_program(folder);
    pin(&program, &shop);
    let mut command = match filter {
        Some(flags) => {
            let mut command = command(&within(folder, flags), user);
            command.arg(&program);
            command
        }
        None => command(&program, user),
    };
    command
        .env("SECRET", IN_ENVIRONMENT)
        .arg("serve")
        .arg(&shop)
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(folder.join("data"));
    if user == User::Nobody {
        give_away(folder);
    }
    Server::start(command)
}

/// What the plugin told by its one pick: 0 for a success, 200 for the control, else an error number. `None`
/// where it told nothing.
pub fn told(answer: &Answer, name: &str) -> Option<u32> {
    let json = answer.expect(200);
    let first = json["items"].as_array()?.iter().find(|i| i["strategy"] == name)?;
    first["item_id"].as_str()?.strip_prefix('r')?.parse().ok()
}

fn policy(kind: &Kind, attacks: &[&Attack]) -> String {
    let isolation = if kind.open { "isolation = \"process\"\n" } else { "" };
    let strategy = |name: &str| {
        format!(
            "[strategies.{name}]\nplugin = \"hostile\"\npurpose = \"shop-window\"\n{isolation}may_read = {{ \"item.sku\" = \"exact\", \"context.words\" = \"exact\" }}\n"
        )
    };
    let all = attacks.iter().map(|a| a.name).chain(["control"]).map(strategy);
    format!("{}{}", shop_window(FIELDS, STRATEGIES), all.collect::<String>())
}

fn config(attacks: &[&Attack]) -> String {
    let part = |(name, number): (&str, u32)| {
        format!(
            "[placements.{name}]\ntitle = {{ en = \"{name}\" }}\nchain = [\"{name}\"]\nlimit = 5\n[strategies.{name}.params]\nattack = {number}\n"
        )
    };
    let all = attacks.iter().map(|a| (a.name, a.number)).chain([("control", 0)]).map(part);
    format!(
        "config = 1\n[shop]\nname = \"Attacked\"\npolicy = \"policy.toml\"\ncurrency = \"EUR\"\nlanguages = [\"en\"]\n{}",
        all.collect::<String>()
    )
}

/// A plugin that cargo built beside the program.
fn built_by_cargo(name: &str) -> PathBuf {
    let places = jardin_native::PluginFile::search_paths(
        name,
        Path::new("/nowhere"),
        Path::new(env!("CARGO_BIN_EXE_jardin")),
    );
    places.into_iter().find(|p| p.is_file()).unwrap()
}

fn build(kind: &Kind, out: &Path) -> Option<()> {
    if kind.in_rust {
        fs::copy(built_by_cargo("hostile_in_rust"), out).unwrap();
        return Some(());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-w", "-I"])
        .arg(root.join("plugins"))
        .args(kind.flags)
        .arg(if kind.open {
            format!("-DNEEDLE=\"{IN_ENVIRONMENT}\"")
        } else {
            // asking for the parent would already be fatal: the attacks take this process, and the call
            // itself must be refused
            format!("-DHOST={}", std::process::id())
        })
        .arg("-o")
        .arg(out)
        .arg(root.join("tests/data/hostile.c"))
        .output();
    let Ok(built) = built else {
        println!("SKIPPED: there is no C compiler `cc`");
        return None;
    };
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    Some(())
}

/// What runs another program under a filter.
fn within(folder: &Path, flags: &[&str]) -> PathBuf {
    let out = folder.join("bin/within");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/within.c");
    assert!(Command::new("cc").args(flags).arg("-o").arg(&out).arg(source).status().unwrap().success());
    out
}

/// The program and the fallback's plugin, where every user may run them.
fn copy_program(folder: &Path) -> PathBuf {
    let from = Path::new(env!("CARGO_BIN_EXE_jardin"));
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).unwrap();
    // by another process: a child that a neighbouring test forks would hold the copy open for writing, and it
    // could not be run
    assert!(Command::new("cp").arg(from).arg(bin.join("jardin")).status().unwrap().success());
    fs::copy(built_by_cargo("popular"), bin.join("libpopular.so")).unwrap();
    bin.join("jardin")
}

fn command(program: &Path, user: User) -> Command {
    let mut command = Command::new(program);
    command.env_clear();
    if user == User::Nobody {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

fn pin(program: &Path, shop: &Path) {
    let output = command(program, User::Own).args(["policy", "pin"]).arg(shop).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Gives a folder with everything in it to `nobody`.
fn give_away(path: &Path) {
    chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    if path.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| give_away(&entry.unwrap().path()));
    }
}
