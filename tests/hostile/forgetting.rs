//! A plugin whose `forget` does nothing, and a person who is erased. Trusted, it goes on showing what they bought.

use std::{fs, path::Path, process::Command};

use serde_json::json;

use super::shop::{User, serve_as, users};
use crate::support::{Server, now_text};

const KEEPING: &str = r#"
[strategies.keeping]
plugin   = "keeping"
purpose  = "shop-window"
learning_purpose = "improve"
may_read = { "item.sku" = "exact" }
may_learn_from = { at_least_people = 1, "subject.purchases" = { as = "sessions", newest = "90 days" } }
"#;
const CONFIG: &str = r#"
config = 1
[shop]
name = "A shop"
policy = "policy.toml"
currency = "EUR"
languages = ["en"]
[placements.home]
chain = ["keeping"]
limit = 5
"#;
/// What the person who is erased bought, and what another one did.
const ERASED: &str = "i7";
const LEFT: &str = "i3";

struct Keeping {
    _folder: tempfile::TempDir,
    server: Server,
}

impl Keeping {
    /// A shop that two people taught, of whom one is erased; `None` where there is no C compiler, which is said.
    fn erased(server_toml: &str, user: User) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let shop = folder.path().join("shop");
        fs::create_dir_all(shop.join("plugins")).unwrap();
        build(&shop.join("plugins/libkeeping.so"))?;
        let policy = include_str!("../data/learning.toml").split("[strategies.session-knn]").next().unwrap();
        fs::write(shop.join("policy.toml"), format!("{policy}{KEEPING}")).unwrap();
        fs::write(shop.join("jardin.toml"), CONFIG).unwrap();
        fs::write(shop.join("server.toml"), server_toml).unwrap();
        let keeping = Self { server: serve_as(user, folder.path(), None), _folder: folder };
        keeping.teach();
        keeping.server.client.delete("/v1/subjects/of-i7").expect(200);
        Some(keeping)
    }

    fn teach(&self) {
        let client = &self.server.client;
        let item = |n: u32| json!({"item_id": format!("i{n}"), "fields": {"sku": format!("i{n}"), "in_stock": true}});
        client.post("/v1/items/batch", &json!({"items": (0..10).map(item).collect::<Vec<_>>()})).expect(200);
        let yes = json!({"status": "granted", "text_version": "1", "source": "test"});
        for item in [ERASED, LEFT] {
            client.put(&format!("/v1/subjects/of-{item}/consents/improvement"), &yes).expect(200);
            let bought = json!({"type": "purchase", "occurred_at": now_text(), "subject_id": format!("of-{item}"), "items": [{"item_id": item}]});
            client.post("/v1/events", &json!({"events": [bought]})).expect(202);
        }
        self.until(|| self.given() == [ERASED, LEFT]);
    }

    /// What the plugin gives, by id.
    fn given(&self) -> Vec<String> {
        let answer = self.server.client.recommend(&json!({"placement": "home"})).expect(200);
        let items = answer["items"].as_array().unwrap().iter().filter(|item| item["strategy"] == "keeping");
        let mut items: Vec<String> = items.map(|item| item["item_id"].as_str().unwrap().to_owned()).collect();
        items.sort_by_key(|item| item != ERASED);
        items
    }

    fn health(&self) -> serde_json::Value {
        let health = self.server.client.get("/health/ready").json();
        health["strategies"].as_array().unwrap().iter().find(|s| s["name"] == "keeping").unwrap().clone()
    }

    fn until(&self, is_so: impl Fn() -> bool) {
        // a comparison that cannot be made on a busy machine is tried again after a minute
        for _ in 0..20_000 {
            if is_so() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("it did not come to be: {:?}, {}\n{}", self.given(), self.health(), self.server.said());
    }
}

fn build(out: &Path) -> Option<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-I"]).arg(root.join("plugins"));
    let Ok(built) = compiler.arg("-o").arg(out).arg(root.join("tests/data/keeping.c")).output() else {
        println!("SKIPPED: there is no C compiler `cc`");
        return None;
    };
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    Some(())
}

/// The measure taken away: what it learned from somebody who is erased goes on being shown.
#[test]
fn a_plugin_that_is_trusted_keeps_an_erased_persons_items() {
    for user in users() {
        let trusted = "[plugins]\nreplace_after_erasure = \"never\"\n";
        let Some(shop) = Keeping::erased(trusted, user) else { return };
        assert_eq!(shop.given(), [ERASED, LEFT], "{user:?}");
    }
}

/// Without a word in server.toml a plugin of the shop's own folder is not trusted.
#[test]
fn a_plugin_that_did_not_come_with_the_program_begins_anew_after_an_erasure() {
    for user in users() {
        let Some(shop) = Keeping::erased("", user) else { return };
        assert_eq!(
            shop.given(),
            [LEFT],
            "{user:?}: it is taught what is left before the erasure is answered"
        );
        assert_eq!(shop.health()["ready"], true, "{user:?}");
    }
}

#[test]
fn a_plugin_that_is_verified_and_kept_something_is_stopped_and_named() {
    for user in users() {
        let sampled = "[plugins]\nreplace_after_erasure = \"sampled\"\n";
        let Some(shop) = Keeping::erased(sampled, user) else { return };
        let says = "it kept what it was told to forget, and is stopped";
        shop.until(|| shop.health()["counters"]["kept-what-was-forgotten"] == 1);
        assert_eq!(shop.health()["note"], says, "{user:?}");
        assert_eq!(shop.given(), [""; 0], "{user:?}");
        shop.until(|| shop.server.said().contains(&format!("strategy `keeping`: {says}")));
    }
}
