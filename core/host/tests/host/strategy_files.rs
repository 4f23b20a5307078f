//! The files of strategies: what is digested is what is loaded.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jardin_host::{ShopFolder, strategy_files};
use jardin_native::NativeError;
use jardin_policy::{Policy, lock::digest};

/// The policy of a shop window with one plugin.
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
"#;

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_plugin_is_digested_where_it_is_loaded_from() {
    let (shop, program) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let folder = ShopFolder::open(shop.path(), &program.path().join("bin/jardin")).unwrap();
    let (policy, _) = Policy::check("policy.toml", POLICY).unwrap();
    fs::create_dir(program.path().join("bin")).unwrap();
    let file = || strategy_files(&folder, &policy, None).pop().unwrap();
    assert_eq!((file().path(), file().digest()), (None, None));
    // each place counts before the ones that were tried so far
    for (root, name) in [
        (program.path(), "lib/jardin/libpopular.so"),
        (program.path(), "bin/deps/libpopular.so"),
        (program.path(), "bin/libpopular.so"),
        (shop.path(), "plugins/libpopular.so"),
    ] {
        let written = write(root, name, name.as_bytes());
        let found = file();
        assert_eq!(found.path().unwrap().canonicalize().unwrap(), written.canonicalize().unwrap());
        assert_eq!(found.digest(), Some(digest(name.as_bytes())));
        // what is loaded is the same bytes: none of these is a library, and the error is about that
        assert!(matches!(found.plugin_file(), Err(NativeError::File { .. })));
    }
}
