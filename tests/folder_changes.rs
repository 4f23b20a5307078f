//! A shop folder that changes while it is served: what it says is in force, or it is said what is not.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::support::{Client, Server, copy_folder, example, program};

/// The demo shop with its plugins reviewed, in a folder that goes with the test.
struct Shop {
    root: tempfile::TempDir,
}

impl Shop {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        copy_folder(&example("shop"), &root.path().join("shop"));
        let shop = Self { root };
        assert!(program().args(["policy", "pin"]).arg(shop.path()).output().unwrap().status.success());
        shop
    }

    fn path(&self) -> PathBuf {
        self.root.path().join("shop")
    }

    fn serve(&self) -> Server {
        Server::serve(&self.path(), &self.root.path().join("data"))
    }
}

fn replace(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "`{from}` is not in {}", file.display());
    fs::write(file, text.replacen(from, to, 1)).unwrap();
}

/// Waits until something is so.
#[track_caller]
fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..2_000 {
        if is_so() {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("{what}");
}

fn is_stopped(client: &Client, placement: &str, strategy: &str) -> bool {
    let answer = client.recommend(&json!({"placement": placement}));
    answer.tried(strategy) == Some(("refused".to_owned(), Some("stopped".to_owned())))
}

/// Moves the files of a shop behind links, as a mounted ConfigMap has them: each leads through `..data`, which is
/// exchanged as a whole.
fn put_behind_links(shop: &Path) {
    let version = shop.join("..v1");
    fs::create_dir_all(version.join("scripts")).unwrap();
    symlink("..v1", shop.join("..data")).unwrap();
    for file in ["policy.toml", "jardin.toml", "policy.lock"] {
        fs::rename(shop.join(file), version.join(file)).unwrap();
        symlink(Path::new("..data").join(file), shop.join(file)).unwrap();
    }
    for entry in fs::read_dir(shop.join("scripts")).unwrap() {
        let (path, name) = (entry.as_ref().unwrap().path(), entry.unwrap().file_name());
        fs::rename(&path, version.join("scripts").join(&name)).unwrap();
        symlink(Path::new("../..data/scripts").join(&name), path).unwrap();
    }
}

#[test]
fn a_policy_behind_a_link_is_taken_when_the_link_leads_elsewhere() {
    let shop = Shop::new();
    let path = shop.path();
    put_behind_links(&path);
    let server = shop.serve();
    assert!(!is_stopped(&server.client, "deals", "clearance"));
    copy_folder(&path.join("..v1"), &path.join("..v2"));
    replace(&path.join("..v2/policy.toml"), "strategies = []", "strategies = [\"clearance\"]");
    symlink("..v2", path.join("..new")).unwrap();
    fs::rename(path.join("..new"), path.join("..data")).unwrap();
    until("the stop of the new policy is obeyed", || is_stopped(&server.client, "deals", "clearance"));
}

#[test]
fn a_script_of_the_same_size_and_time_is_taken() {
    let shop = Shop::new();
    let script = shop.path().join("scripts/clearance.rhai");
    let only = |category: &str| {
        format!("fn candidates(sources) {{ sources.catalogue(9, #{{ category: \"{category}\" }}) }}\n")
    };
    fs::write(&script, only("aa")).unwrap();
    let server = shop.serve();
    let item = |n: usize, category: &str| {
        let fields = json!({"category": category, "in_stock": true, "price": "10.00"});
        json!({"item_id": format!("{category}-{n}"), "fields": fields})
    };
    let items: Vec<_> = ["aa", "bb"].iter().flat_map(|c| (0..9).map(move |n| item(n, c))).collect();
    server.client.post("/v1/items/batch", &json!({"items": items})).expect(200);
    let begins_with = |category: &str| {
        let answer = server.client.recommend(&json!({"placement": "deals", "limit": 1}));
        answer.items().first().is_some_and(|id| id.starts_with(category))
    };
    until("the first script answers", || begins_with("aa"));
    let modified = fs::metadata(&script).unwrap().modified().unwrap();
    fs::write(&script, only("bb")).unwrap();
    fs::File::options().write(true).open(&script).unwrap().set_modified(modified).unwrap();
    until("the second script answers", || begins_with("bb"));
}

#[test]
fn a_folder_of_scripts_of_another_name_is_watched() {
    let shop = Shop::new();
    let path = shop.path();
    fs::rename(path.join("scripts"), shop.root.path().join("rules")).unwrap();
    replace(&path.join("jardin.toml"), "\"scripts\"", "\"../rules\"");
    let server = shop.serve();
    let rule = shop.root.path().join("rules/clearance.rhai");
    fs::write(&rule, "fn candidates(sources) { sources.nothing(9) }").unwrap();
    until("health says that the script has an error", || {
        server.client.get("/health/ready").json()["policy_stale"] == true
    });
}

#[test]
fn what_a_changed_server_toml_needs_a_restart_for_is_named() {
    let shop = Shop::new();
    let server = shop.serve();
    let config = "listen = \"127.0.0.1:1\"\n[store]\nfolder = \"elsewhere\"\nreaders = 2\n";
    fs::write(shop.path().join("server.toml"), config).unwrap();
    until("it is named", || {
        server.said().contains("`[store] readers` in server.toml has changed; restart to apply it")
    });
    // both are said by the command, so that server.toml says nothing about them
    assert!(
        !server.said().contains("`listen`") && !server.said().contains("`[store] folder`"),
        "{}",
        server.said()
    );
}

#[test]
fn a_mistake_in_server_toml_keeps_no_stop_back() {
    let shop = Shop::new();
    let server = shop.serve();
    fs::write(shop.path().join("server.toml"), "lisen = \"x\"\n").unwrap();
    replace(&shop.path().join("policy.toml"), "strategies = []", "strategies = [\"clearance\"]");
    until("the stop is obeyed", || is_stopped(&server.client, "deals", "clearance"));
    until("the mistake is told", || {
        server.said().contains("server.toml` has 1 error; the last good state stays in force")
    });
}

fn keys(names: &[&str]) -> String {
    let key = |name: &&str| {
        let sha256: String =
            Sha256::digest(name.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("[[keys]]\nname = \"{name}\"\nsha256 = \"{sha256}\"\nroles = [\"merchant\"]\n")
    };
    names.iter().map(key).collect()
}

fn opens(server: &Server, key: &str) -> bool {
    let bearer = format!("Bearer {key}");
    let answer = server.client.send("GET", "/v1/placements", None, &[("authorization", &bearer)]).unwrap();
    answer.status == 200
}

#[test]
fn a_key_that_is_taken_back_opens_nothing_and_a_new_one_does() {
    let shop = Shop::new();
    let file = shop.path().join("server.toml");
    fs::write(&file, keys(&["first", "second"])).unwrap();
    let server = shop.serve();
    assert!(opens(&server, "first") && opens(&server, "second") && !opens(&server, "third"));
    fs::write(&file, keys(&["first", "third"])).unwrap();
    until("the new key opens", || opens(&server, "third"));
    assert!(opens(&server, "first") && !opens(&server, "second"));
    // a policy that is refused beside it keeps no key
    fs::write(shop.path().join("policy.toml"), "language = 1\n").unwrap();
    fs::write(&file, keys(&["third"])).unwrap();
    until("the key that was taken back is refused", || !opens(&server, "first"));
}

#[test]
fn a_limit_is_obeyed_once_it_is_changed() {
    let shop = Shop::new();
    let server = shop.serve();
    let long = json!({"items": [{"item_id": "A", "fields": {"title": "x".repeat(4_000)}}]});
    server.client.post("/v1/items/batch", &long).expect(200);
    fs::write(shop.path().join("server.toml"), "[limits]\nbody_kb = 1\n").unwrap();
    until("a longer body is refused", || server.client.post("/v1/items/batch", &long).status == 413);
}

#[test]
fn the_documented_stop_of_everything_comes_into_force_and_ends() {
    let shop = Shop::new();
    let policy = shop.path().join("policy.toml");
    let server = shop.serve();
    replace(&policy, "everything = false", "everything = true");
    let tested = program().args(["policy", "test"]).arg(shop.path()).output().unwrap();
    assert!(tested.status.success(), "{}", String::from_utf8_lossy(&tested.stdout));
    until("it is obeyed", || is_stopped(&server.client, "deals", "clearance"));
    assert_eq!(server.client.get("/health/ready").json()["policy_stale"], false);
    replace(&policy, "everything = true", "everything = false");
    until("it is ended", || !is_stopped(&server.client, "deals", "clearance"));
}

#[test]
fn a_stop_acts_whatever_else_is_wrong_with_the_policy_and_lasts_until_that_is_right() {
    let shop = Shop::new();
    let policy = shop.path().join("policy.toml");
    let right = fs::read_to_string(&policy).unwrap();
    let mut server = shop.serve();
    assert!(!is_stopped(&server.client, "deals", "clearance"));
    fs::write(&policy, right.replace("strategies = []", "strategies = [\"clearance\"]") + "\n[[[broken\n")
        .unwrap();
    until("it is obeyed", || is_stopped(&server.client, "deals", "clearance"));
    // the stop comes first
    until("the rest is refused", || server.client.get("/health/ready").json()["policy_stale"] == true);
    // a start with the broken file goes on with the policy that was in force last
    server.stop();
    let mut server = shop.serve();
    assert!(is_stopped(&server.client, "deals", "clearance"));
    assert_eq!(server.client.get("/health/ready").json()["policy_stale"], true);
    assert!(server.said().contains("the policy that was in force last stays in force"), "{}", server.said());
    // a broken file takes no stop back, be it that it says nothing or something else
    server.stop();
    for text in ["[[[broken\n".to_owned(), right.clone() + "\n[[[broken\n"] {
        fs::write(&policy, text).unwrap();
        let mut server = shop.serve();
        assert!(is_stopped(&server.client, "deals", "clearance"));
        server.stop();
    }
    let server = shop.serve();
    fs::write(&policy, &right).unwrap();
    until("it ends with the right file", || !is_stopped(&server.client, "deals", "clearance"));
    assert_eq!(server.client.get("/health/ready").json()["policy_stale"], false);
}

#[test]
fn a_stop_that_is_not_understood_stops_everything_and_health_says_why() {
    let shop = Shop::new();
    let server = shop.serve();
    replace(&shop.path().join("policy.toml"), "strategies = []\n", "strategies = [\"clearence\"]\n");
    until("everything is stopped", || is_stopped(&server.client, "deals", "clearance"));
    let warnings = server.client.get("/health/ready").json()["warnings"].to_string();
    assert!(warnings.contains("everything is stopped") && warnings.contains("`clearence`"), "{warnings}");
    until("the log says it too", || server.said().contains("warning: everything is stopped"));
}

#[test]
fn a_first_start_with_a_broken_policy_ends_with_2() {
    let shop = Shop::new();
    fs::write(shop.path().join("policy.toml"), "[[[broken\n").unwrap();
    let mut serve = program();
    serve
        .arg("serve")
        .arg(shop.path())
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(shop.root.path().join("data"));
    assert_eq!(serve.output().unwrap().status.code(), Some(2));
}
