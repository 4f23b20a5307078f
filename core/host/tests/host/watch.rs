//! A watched shop folder.

use std::{fs, os::unix::fs::symlink, path::Path, time::SystemTime};

use jardin_host::{FolderWatch, ShopFolder};

/// A policy with a plugin and a script below the folder of scripts.
const POLICY: &str = r#"
language = 1
[policy]
controller = "A shop"
contact = "privacy@shop.example"
languages = ["en"]
revision = "2026-11-20.1"
time_zone = "UTC"
fallback = "popular-now"
[fields.item]
sku = { type = "id", class = "none", always = true }
[purposes.shop-window]
says = { en = "Show what sells well." }
profiling = false
basis = "nothing about a person is read"
[strategies.popular-now]
plugin = "popular"
purpose = "shop-window"
may_read = { "item.sku" = "exact" }
[strategies.near]
script = "below/near.rhai"
purpose = "shop-window"
may_read = { "item.sku" = "exact" }
"#;

struct Fixture {
    root: tempfile::TempDir,
    watch: FolderWatch,
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

impl Fixture {
    /// A shop at `shop`, with the policy and the scripts where jardin.toml says, after its first look.
    fn new(lay_out: impl Fn(&Path)) -> Self {
        let root = tempfile::tempdir().unwrap();
        let path = root.path();
        write(
            &path.join("shop/jardin.toml"),
            "[shop]\npolicy = \"law/privacy.toml\"\nscripts = \"../rules\"\n",
        );
        write(&path.join("shop/law/privacy.toml"), POLICY);
        write(&path.join("rules/below/near.rhai"), "fn a() { 1 }");
        lay_out(path);
        let folder = ShopFolder::open(&path.join("shop"), &path.join("bin/jardin")).unwrap();
        let mut watch = FolderWatch::new(&folder);
        assert!(!watch.has_changed());
        Self { root, watch }
    }

    fn write(&self, name: &str, text: &str) {
        write(&self.root.path().join(name), text);
    }

    /// Whether a change is noticed, once.
    #[track_caller]
    fn notices(&mut self) {
        assert!(self.watch.has_changed());
        assert!(!self.watch.has_changed());
    }
}

#[test]
fn every_file_that_the_folder_names_is_watched_wherever_it_lies() {
    for name in [
        "shop/jardin.toml",
        "shop/law/privacy.toml",
        "shop/policy.lock",
        "shop/server.toml",
        "rules/below/near.rhai",
        "rules/unused.rhai",
        "shop/plugins/libpopular.so",
        "bin/deps/libpopular.so",
    ] {
        let mut fixture = Fixture::new(|_| {});
        fixture.write(name, "# another content");
        fixture.notices();
    }
    let mut fixture = Fixture::new(|_| {});
    fixture.write("shop/README.md", "no part of the shop");
    assert!(!fixture.watch.has_changed());
}

#[test]
fn content_of_the_same_size_and_time_is_noticed() {
    let mut fixture = Fixture::new(|_| {});
    let path = fixture.root.path().join("rules/below/near.rhai");
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    // looked at often enough that only the file's state is compared
    assert!(!fixture.watch.has_changed());
    fs::write(&path, "fn a() { 2 }").unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), modified);
    fixture.notices();
}

#[test]
fn the_same_content_at_another_time_is_no_change() {
    let mut fixture = Fixture::new(|_| {});
    let path = fixture.root.path().join("rules/below/near.rhai");
    fs::File::options().write(true).open(&path).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    assert!(!fixture.watch.has_changed());
    // as an editor saves
    let copy = fixture.root.path().join("rules.new");
    fs::copy(&path, &copy).unwrap();
    fs::rename(&copy, &path).unwrap();
    assert!(!fixture.watch.has_changed());
}

#[test]
fn a_link_that_leads_elsewhere_is_noticed() {
    // as a mounted ConfigMap lies: each file leads through `..data`, which is exchanged as a whole
    let mut fixture = Fixture::new(|root| {
        for (version, script) in [("..v1", "fn a() { 1 }"), ("..v2", "fn a() { 2 }")] {
            write(&root.join("shop").join(version).join("near.rhai"), script);
            write(&root.join("shop").join(version).join("privacy.toml"), POLICY);
        }
        symlink("..v1", root.join("shop/..data")).unwrap();
        for (link, to) in [
            ("rules/below/near.rhai", "../../shop/..data/near.rhai"),
            ("shop/law/privacy.toml", "../..data/privacy.toml"),
        ] {
            fs::remove_file(root.join(link)).unwrap();
            symlink(to, root.join(link)).unwrap();
        }
    });
    let shop = fixture.root.path().join("shop");
    symlink("..v2", shop.join("..new")).unwrap();
    fs::rename(shop.join("..new"), shop.join("..data")).unwrap();
    fixture.notices();
    fixture.write("shop/..v2/privacy.toml", "# broken");
    fixture.notices();
    // what a broken policy names no more is watched as the last good one named it
    fixture.write("bin/libpopular.so", "a plugin");
    fixture.notices();
}

#[test]
fn a_link_to_a_folder_above_ends() {
    let mut fixture = Fixture::new(|root| symlink("..", root.join("rules/above")).unwrap());
    assert!(!fixture.watch.has_changed());
}
