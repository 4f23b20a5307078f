//! A plugin or script that is at fault costs its own list: the next strategy answers, with the reason, and
//! the process lives.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::json;

use crate::support::{Answer, Server, copy_folder, example, program};

/// The demo shop with the plugin `faulty` in front of its fallback.
fn shop_with_faulty(folder: &Path) -> PathBuf {
    let shop = folder.join("shop");
    copy_folder(&example("shop"), &shop);
    let policy = std::fs::read_to_string(shop.join("policy.toml")).unwrap();
    let faulty = "[strategies.faulty]\nplugin = \"faulty\"\npurpose = \"shop-window\"\nlimits = { time_ms = 500 }\nmay_read = { catalogue = \"exact\" }\n[strategies.popular-now]";
    std::fs::write(shop.join("policy.toml"), policy.replace("[strategies.popular-now]", faulty)).unwrap();
    let config = std::fs::read_to_string(shop.join("jardin.toml")).unwrap();
    std::fs::write(
        shop.join("jardin.toml"),
        config.replace("chain  = [\"for-you\", \"this-visit\"]", "chain  = [\"faulty\"]"),
    )
    .unwrap();
    shop
}

/// Builds `tests/data/faulty.c` into the shop's plugins; false where there is no C compiler, which is said.
fn build(shop: &Path, flags: &[&str]) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::create_dir_all(shop.join("plugins")).unwrap();
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-w", "-I"])
        .arg(root.join("plugins"))
        .args(flags)
        .arg("-o")
        .arg(shop.join("plugins/libfaulty.so"))
        .arg(root.join("tests/data/faulty.c"))
        .status();
    match built {
        Ok(status) => {
            assert!(status.success(), "the C plugin does not compile");
            true
        }
        Err(_) => {
            println!("SKIPPED: there is no C compiler `cc`");
            false
        }
    }
}

fn pin(shop: &Path) {
    assert!(program().args(["policy", "pin"]).arg(shop).stdout(Stdio::null()).status().unwrap().success());
}

/// Serves the shop with its items and asks for a home list.
fn asked(shop: &Path, folder: &Path) -> (Server, Answer) {
    let server = Server::serve(shop, &folder.join("data"));
    let items: Vec<serde_json::Value> = std::fs::read_to_string(example("shop").join("items.jsonl"))
        .unwrap()
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    server.client.post("/v1/items/batch", &json!({"items": items})).expect(200);
    let mut answer = server.client.recommend(&json!({"placement": "home"}));
    // the fallback's list follows the catalogue within a moment
    for _ in 0..100 {
        if !answer.items().is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
        answer = server.client.recommend(&json!({"placement": "home"}));
    }
    (server, answer)
}

#[test]
fn a_faulty_plugin_costs_its_own_list() {
    for (fault, status, why) in [
        ("2", "failed", &["died", "starting"][..]),
        ("3", "failed", &["late", "starting"]),
        ("4", "failed", &["rejected"]),
        ("5", "failed", &["rejected"]),
        ("6", "failed", &["rejected"]),
        ("8", "failed", &["died", "starting"]),
        ("10", "failed", &["rejected"]),
        // items that the shop does not have are dropped; the list is empty
        ("7", "ran", &[]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let shop = shop_with_faulty(folder.path());
        if !build(&shop, &[&format!("-DFAULT={fault}")]) {
            return;
        }
        pin(&shop);
        let (mut server, mut answer) = asked(&shop, folder.path());
        let tried = |answer: &Answer| {
            answer.tried("faulty").unwrap_or_else(|| panic!("fault {fault}: {}", answer.text))
        };
        // on a busy machine a worker that is still to come is waited for
        for _ in 0..100 {
            if why.contains(&"starting") || tried(&answer).1.as_deref() != Some("starting") {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
            answer = server.client.recommend(&json!({"placement": "home"}));
        }
        let (got, reason) = tried(&answer);
        let fits = got == status || (got == "starting" && why.contains(&"starting"));
        assert!(fits, "fault {fault}: {got} {reason:?}");
        if got == "failed" {
            assert!(why.contains(&reason.as_deref().unwrap_or_default()), "fault {fault}: {reason:?}");
        }
        assert_eq!(answer.items().len(), 12, "fault {fault}: the fallback fills the list");
        assert!(server.is_running(), "fault {fault}");
    }
}

#[test]
fn a_plugin_of_another_version_or_with_a_withheld_field_is_not_loaded() {
    for (flags, phrase) in [
        (&["-DFAULT=0", "-DMANIFEST_ABI=\"2\""][..], "version of the binary interface"),
        (&["-DFAULT=0", "-DNEEDS=\"\\\"subject.birth_date\\\"\""], "`subject.birth_date`"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let shop = shop_with_faulty(folder.path());
        if !build(&shop, flags) {
            return;
        }
        pin(&shop);
        let (server, answer) = asked(&shop, folder.path());
        assert_eq!(answer.tried("faulty").unwrap().0, "failed", "{}", answer.text);
        assert_eq!(answer.items().len(), 12);
        assert!(server.said().contains(phrase), "{}", server.said());
    }
}

#[test]
fn a_changed_byte_is_another_file_and_does_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop_with_faulty(folder.path());
    if !build(&shop, &["-DFAULT=7"]) {
        return;
    }
    pin(&shop);
    let path = shop.join("plugins/libfaulty.so");
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let (_server, answer) = asked(&shop, folder.path());
    assert_eq!(
        answer.tried("faulty"),
        Some(("refused".to_owned(), Some("not-pinned".to_owned()))),
        "{}",
        answer.text
    );
    assert_eq!(answer.items().len(), 12);
}

/// Serves a shop whose script `for_you.rhai` is this; gives what was said where it did not start.
fn refused_script(source: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    copy_folder(&example("shop"), &shop);
    pin(&shop);
    std::fs::write(shop.join("scripts/for_you.rhai"), source).unwrap();
    let output = program()
        .arg("serve")
        .arg(&shop)
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path().join("data"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "it started");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_script_that_reads_what_was_not_granted_is_refused_with_its_line() {
    for read in ["subject.email", "subject.birth_dat", "item.margin", "session.basket", "subject[\"email\"]"]
    {
        let said = refused_script(&format!(
            "fn adjust(item, subject, session) {{\n    if {read} == 1 {{ item.drop(\"x\"); }}\n}}\n"
        ));
        assert!(said.contains("for_you.rhai:2:"), "{read}: {said}");
        assert!(said.contains("help"), "{read}: {said}");
    }
}

#[test]
fn a_script_that_loops_or_recurses_costs_its_own_list() {
    for source in [
        "fn adjust(item) { let n = 0; while n >= 0 { n += 1; } }",
        "fn adjust(item) { while item.price == item.price { } }",
        "fn f(n) { f(n + 1) } fn adjust(item) { f(0); }",
        "fn adjust(item) { for x in 0..200 { for y in 0..200 { for z in 0..200 { let b = x + y + z; } } } }",
        "fn arrange(page) { let n = 1; while n > 0 { n += 1; } }",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let shop = folder.path().join("shop");
        copy_folder(&example("shop"), &shop);
        pin(&shop);
        // a script under a purpose that everybody may run
        let config = std::fs::read_to_string(shop.join("jardin.toml")).unwrap();
        std::fs::write(
            shop.join("jardin.toml"),
            config.replace("chain  = [\"for-you\", \"this-visit\"]", "chain  = [\"season-front\"]"),
        )
        .unwrap();
        std::fs::write(shop.join("scripts/season_front.rhai"), source).unwrap();
        let (mut server, answer) = asked(&shop, folder.path());
        let (status, why) =
            answer.tried("season-front").unwrap_or_else(|| panic!("{source}: {}", answer.text));
        assert_eq!(status, "failed", "{source}: {why:?}");
        assert_eq!(answer.items().len(), 12, "{source}: the fallback fills the list");
        assert!(server.is_running());
    }
}

#[test]
fn a_broken_policy_does_not_start_and_a_reload_keeps_the_last_good_one() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    copy_folder(&example("shop"), &shop);
    pin(&shop);
    let server = Server::serve(&shop, &folder.path().join("data"));
    let before = server.client.get("/v1/policy").expect(200)["revision"].clone();
    let policy = std::fs::read_to_string(shop.join("policy.toml")).unwrap();
    std::fs::write(
        shop.join("policy.toml"),
        policy.replace("purpose  = \"shop-window\"", "purpose  = \"shop-windw\""),
    )
    .unwrap();
    let mut stale = false;
    for _ in 0..200 {
        stale = server.client.get("/health/ready").json()["policy_stale"] == true;
        if stale {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(stale, "health does not say that the policy is stale");
    assert_eq!(server.client.get("/v1/policy").expect(200)["revision"], before);
    let output =
        program().arg("serve").arg(&shop).args(["--data"]).arg(folder.path().join("other")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("unknown-purpose") && said.contains("did you mean `shop-window`?"), "{said}");
}
