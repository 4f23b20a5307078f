//! The way of somebody who writes a plugin outside of this repository: new, build, try, inspect, pin, serve.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::json;

use crate::support::{Server, copy_folder, example, program};

struct Workshop {
    folder: tempfile::TempDir,
}

impl Workshop {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let shop = folder.path().join("shop");
        copy_folder(&example("shop"), &shop);
        let policy = std::fs::read_to_string(shop.join("policy.toml")).unwrap();
        let mine = "[strategies.mine]\nplugin = \"mine\"\npurpose = \"shop-window\"\nlimits = { time_ms = 2000 }\nmay_read = { \"item.price\" = \"exact\" }\n[strategies.popular-now]";
        std::fs::write(shop.join("policy.toml"), policy.replace("[strategies.popular-now]", mine)).unwrap();
        let config = std::fs::read_to_string(shop.join("jardin.toml")).unwrap();
        let placed = config.replace("chain  = [\"for-you\", \"this-visit\"]", "chain  = [\"mine\"]");
        assert_ne!(config, placed);
        std::fs::write(shop.join("jardin.toml"), placed).unwrap();
        Self { folder }
    }

    fn shop(&self) -> PathBuf {
        self.folder.path().join("shop")
    }

    fn set(&self, settings: &str) {
        let path = self.shop().join("jardin.toml");
        let config = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{config}\n[strategies.mine.params]\n{settings}\n")).unwrap();
    }

    fn jardin(&self, arguments: &[&str]) -> Output {
        program().current_dir(self.folder.path()).args(arguments).output().unwrap()
    }

    #[track_caller]
    fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.jardin(arguments);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "{arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    }

    /// Try, inspect, pin and serve the file that was built.
    #[track_caller]
    fn goes_live(&self, file: &Path) {
        let file = file.to_str().unwrap();
        let tried = self.succeeds(&["plugin", "try", file, "--shop", "shop"]);
        assert!(tried.starts_with("mine at home\n") && tried.contains("items in"), "{tried}");
        let measured = self.succeeds(&["plugin", "bench", file, "--shop", "shop", "--times", "20"]);
        assert!(measured.starts_with("p50") && measured.ends_with("20 answers\n"), "{measured}");
        // what was built is not pinned yet, which inspect says by its exit code
        let plugins = self.shop().join("plugins");
        std::fs::create_dir_all(&plugins).unwrap();
        std::fs::copy(file, plugins.join("libmine.so")).unwrap();
        let live = plugins.join("libmine.so");
        let live = live.to_str().unwrap();
        assert_eq!(self.jardin(&["plugin", "inspect", live, "--shop", "shop"]).status.code(), Some(1));
        self.succeeds(&["policy", "pin", "shop"]);
        let inspected = self.succeeds(&["plugin", "inspect", live, "--shop", "shop"]);
        assert!(inspected.contains("this file is the one that was reviewed"), "{inspected}");
        let server = Server::serve(&self.shop(), &self.folder.path().join("data"));
        let items: Vec<serde_json::Value> = std::fs::read_to_string(self.shop().join("items.jsonl"))
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        server.client.post("/v1/items/batch", &json!({ "items": items })).expect(200);
        let by_mine = || {
            let answer = server.client.recommend(&json!({"placement": "home"})).expect(200);
            answer["items"].as_array().unwrap().iter().filter(|item| item["strategy"] == "mine").count()
        };
        let answered = (0..500).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(10));
            by_mine() > 0
        });
        assert!(answered, "{}", server.said());
    }
}

#[test]
fn a_plugin_in_rust_comes_from_nothing_to_a_served_list() {
    let workshop = Workshop::new();
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins/sdk");
    workshop.succeeds(&["plugin", "new", "mine", "--sdk", sdk.to_str().unwrap()]);
    let folder = workshop.folder.path().join("mine");
    for step in [&["test", "--offline", "--quiet"][..], &["build", "--offline", "--quiet"]] {
        let built = Command::new(env!("CARGO"))
            .args(step)
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", folder.join("target"))
            .output()
            .unwrap();
        assert!(built.status.success(), "{step:?}: {}", String::from_utf8_lossy(&built.stderr));
    }
    let file = folder.join("target/debug/libmine.so");
    let said = workshop.succeeds(&["plugin", "inspect", file.to_str().unwrap()]);
    assert!(said.contains("version     0.1.0"), "{said}");
    workshop.goes_live(&file);
}

#[test]
fn a_plugin_in_c_comes_from_nothing_to_a_served_list() {
    let workshop = Workshop::new();
    workshop.succeeds(&["plugin", "new", "mine", "--c"]);
    let folder = workshop.folder.path().join("mine");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", "libmine.so", "mine.c"])
        .current_dir(&folder)
        .output();
    let Ok(built) = built else {
        println!("SKIPPED: there is no C compiler `cc`");
        return;
    };
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    workshop.goes_live(&folder.join("libmine.so"));
}

#[test]
fn what_is_there_already_is_not_written_over() {
    let workshop = Workshop::new();
    workshop.succeeds(&["plugin", "new", "mine", "--c"]);
    let again = workshop.jardin(&["plugin", "new", "mine", "--c"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("is there already"));
}

/// A plugin's own words, and what its manifest says of its settings, reach whoever runs the shop.
#[test]
fn settings_that_a_plugin_does_not_take_are_told_in_words() {
    let places = jardin_native::PluginFile::search_paths(
        "new_items",
        Path::new("/nowhere"),
        Path::new(env!("CARGO_BIN_EXE_jardin")),
    );
    let file = places.into_iter().find(|place| place.is_file()).unwrap();
    for (settings, says) in [
        ("newest_days = -1", "`newest_days` is a number from 0 to 36500"),
        ("newest_day = 3", "`newest_day` is not a setting of it; it has `newest_days`"),
    ] {
        let workshop = Workshop::new();
        let policy = workshop.shop().join("policy.toml");
        let text = std::fs::read_to_string(&policy).unwrap();
        std::fs::write(&policy, text.replace("plugin = \"mine\"", "plugin = \"new_items\"")).unwrap();
        workshop.set(settings);
        let tried = workshop.jardin(&["plugin", "try", file.to_str().unwrap(), "--shop", "shop"]);
        let said = String::from_utf8_lossy(&tried.stderr).into_owned();
        assert_eq!(tried.status.code(), Some(1), "{said}");
        assert!(said.contains(says), "{said}");
        let checked = workshop.jardin(&["check", "shop"]);
        let found = [checked.stdout, checked.stderr].concat();
        let found = String::from_utf8_lossy(&found);
        assert!(found.contains("plugin-setting") && found.contains(says), "{found}");
    }
}

/// What a plugin tells reaches the log of `serve`: its own words, those of the loader, a sentence of its manifest.
#[test]
fn the_log_says_what_a_plugin_tells() {
    let code = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/telling.c");
    let header = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins");
    for (variant, says) in [
        ("-DREFUSES", "strategy `mine`: the worker ended: it refuses its settings: it needs a  [31mshelf"),
        ("-DLACKS", "undefined symbol: a_function_of_nobody"),
        ("-DNOTES", "strategy `mine`: it notes: it is full"),
    ] {
        let workshop = Workshop::new();
        let plugins = workshop.shop().join("plugins");
        std::fs::create_dir_all(&plugins).unwrap();
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", variant, "-I"])
            .args([
                header.as_os_str(),
                "-o".as_ref(),
                plugins.join("libmine.so").as_os_str(),
                code.as_os_str(),
            ])
            .output();
        let Ok(built) = built else {
            println!("SKIPPED: there is no C compiler `cc`");
            return;
        };
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        workshop.succeeds(&["policy", "pin", "shop"]);
        let server = Server::serve(&workshop.shop(), &workshop.folder.path().join("data"));
        let is_said = (0..3_000).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            server.client.recommend(&json!({"placement": "home"})).expect(200);
            server.said().contains(says)
        });
        assert!(is_said, "{says}: {}", server.said());
    }
}
