//! `jardin plugin inspect`: what a file is and what a shop makes of it, without running it.

use std::path::{Path, PathBuf};

use crate::support::{copy_folder, example, program};

/// The shipped plugin `popular`, as it was built with the program.
fn popular() -> PathBuf {
    let places = jardin_native::PluginFile::search_paths(
        "popular",
        Path::new("/nowhere"),
        Path::new(env!("CARGO_BIN_EXE_jardin")),
    );
    places.into_iter().find(|p| p.is_file()).unwrap()
}

fn inspect(file: &Path, shop: Option<&Path>) -> (Option<i32>, String, String) {
    let mut command = program();
    command.args(["plugin", "inspect"]).arg(file);
    if let Some(shop) = shop {
        command.arg("--shop").arg(shop);
    }
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// The value of a row of the output.
#[track_caller]
fn row<'a>(said: &'a str, title: &str) -> &'a str {
    let found = said.lines().find_map(|l| l.strip_prefix(title)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("`{title}` is not in\n{said}")).trim()
}

#[test]
fn a_file_says_what_it_is_without_a_shop() {
    let (code, said, _) = inspect(&popular(), None);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(row(&said, "plugin"), "popular");
    // the digest is that of another program
    let sum = std::process::Command::new("sha256sum").arg(popular()).output().unwrap();
    let sum = String::from_utf8(sum.stdout).unwrap();
    assert_eq!(row(&said, "digest"), format!("sha256 {}", sum.split_whitespace().next().unwrap()));
    assert!(row(&said, "libraries").contains("libc.so.6"));
    assert_eq!(row(&said, "learns"), "no");
}

#[test]
fn a_shop_says_what_it_grants_withholds_and_has_reviewed() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    copy_folder(&example("shop"), &shop);
    let _ = std::fs::remove_file(shop.join("policy.lock"));
    let (code, said, _) = inspect(&popular(), Some(&shop));
    assert_eq!(code, Some(1), "a file that is not pinned does not run: {said}");
    assert!(row(&said, "policy.lock").starts_with("not pinned"), "{said}");
    assert!(program().args(["policy", "pin"]).arg(&shop).output().unwrap().status.success());
    let (code, said, _) = inspect(&popular(), Some(&shop));
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(row(&said, "policy.lock"), "this file is the one that was reviewed");
    assert_eq!(row(&said, "strategy"), "popular-now for shop-window");
    assert_eq!(row(&said, "isolation"), "sandbox");
    assert!(said.contains("item.popularity as exact"), "{said}");
    // the same shop without the popularity of items
    let policy = std::fs::read_to_string(shop.join("policy.toml")).unwrap();
    let withheld = policy.replace("\"item.price\", \"item.popularity\"]", "\"item.price\"]");
    assert_ne!(policy, withheld);
    std::fs::write(shop.join("policy.toml"), withheld).unwrap();
    let (_, said, _) = inspect(&popular(), Some(&shop));
    assert!(row(&said, "  withheld").starts_with("item.popularity: "), "{said}");
}

#[test]
fn what_is_no_plugin_is_refused_with_what_to_do() {
    let (code, _, said) = inspect(&example("shop").join("policy.toml"), None);
    assert_eq!(code, Some(1));
    assert!(said.contains("no ELF file") && said.contains("build it"), "{said}");
    let (code, _, said) = inspect(Path::new("/nowhere/libx.so"), None);
    assert_eq!(code, Some(2));
    assert!(said.contains("`/nowhere/libx.so` cannot be read"), "{said}");
}
