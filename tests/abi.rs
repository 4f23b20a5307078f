//! The C header says what the Rust layouts are, and the C example is a plugin like any other.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::json;

use crate::support::{Server, copy_folder, example, program};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compiles C; `None` where there is no compiler, which is said.
fn compile(arguments: &[&str], source: &Path, out: &Path) -> Option<()> {
    let built = Command::new("cc")
        .args(arguments)
        .arg("-I")
        .arg(root().join("plugins"))
        .arg("-o")
        .arg(out)
        .arg(source)
        .output();
    let Ok(built) = built else {
        println!("SKIPPED: there is no C compiler `cc`");
        return None;
    };
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    Some(())
}

const LAYOUT: &str = r#"
#include <stdio.h>
#include "jardin_plugin.h"
#define S(t) printf("sizeof " #t " %zu\n", sizeof(t));
#define O(t, f) printf("offset " #t "." #f " %zu\n", offsetof(t, f));
int main(void) {
    S(jardin_bytes) S(jardin_out) S(jardin_host) S(jardin_contract) S(jardin_header) S(jardin_column) S(jardin_event) S(jardin_pick)
    O(jardin_out, length) O(jardin_host, abi_major) O(jardin_host, explain) O(jardin_host, note) O(jardin_contract, flags) O(jardin_contract, create) O(jardin_contract, catalogue)
    O(jardin_contract, recommend) O(jardin_contract, observe) O(jardin_contract, forget) O(jardin_contract, destroy)
    O(jardin_contract, get_extension) O(jardin_header, kind) O(jardin_header, columns) O(jardin_header, rows) O(jardin_header, length)
    O(jardin_column, type) O(jardin_column, validity) O(jardin_column, offsets) O(jardin_column, inner) O(jardin_column, values)
    O(jardin_column, count) O(jardin_event, item) O(jardin_event, quantity) O(jardin_event, kind) O(jardin_pick, score)
    printf("major %d minor %d ok %d full %d learns %d\n", JARDIN_ABI_MAJOR, JARDIN_ABI_MINOR, JARDIN_OK, JARDIN_FULL, (int)JARDIN_LEARNS);
    return 0;
}
"#;

#[test]
fn the_header_has_the_layouts_of_the_host() {
    use std::mem::{offset_of, size_of};

    use jardin_abi::{Bytes, Host, Out, Table};
    let folder = tempfile::tempdir().unwrap();
    let (source, out) = (folder.path().join("layout.c"), folder.path().join("layout"));
    std::fs::write(&source, LAYOUT).unwrap();
    let Some(()) = compile(&["-std=c11", "-Wall", "-Wextra", "-Werror"], &source, &out) else {
        return;
    };
    let said = String::from_utf8(Command::new(out).output().unwrap().stdout).unwrap();
    let expect = |line: String| assert!(said.lines().any(|l| l == line), "`{line}` is not in\n{said}");
    expect(format!("sizeof jardin_bytes {}", size_of::<Bytes>()));
    expect(format!("sizeof jardin_out {}", size_of::<Out>()));
    expect(format!("sizeof jardin_host {}", size_of::<Host>()));
    expect(format!("sizeof jardin_contract {}", size_of::<Table>()));
    expect(format!("offset jardin_out.length {}", offset_of!(Out, length)));
    expect(format!("offset jardin_host.abi_major {}", offset_of!(Host, abi_major)));
    expect(format!("offset jardin_host.explain {}", offset_of!(Host, explain)));
    expect(format!("offset jardin_host.note {}", offset_of!(Host, note)));
    expect(format!("offset jardin_contract.flags {}", offset_of!(Table, flags)));
    expect(format!("offset jardin_contract.create {}", offset_of!(Table, create)));
    expect(format!("offset jardin_contract.catalogue {}", offset_of!(Table, catalogue)));
    expect(format!("offset jardin_contract.recommend {}", offset_of!(Table, recommend)));
    expect(format!("offset jardin_contract.observe {}", offset_of!(Table, observe)));
    expect(format!("offset jardin_contract.forget {}", offset_of!(Table, forget)));
    expect(format!("offset jardin_contract.destroy {}", offset_of!(Table, destroy)));
    expect(format!("offset jardin_contract.get_extension {}", offset_of!(Table, get_extension)));
    // the frame's own page of documentation (core/abi/src/frame/mod.rs), by hand
    for line in [
        "sizeof jardin_header 64",
        "offset jardin_header.kind 4",
        "offset jardin_header.columns 6",
        "offset jardin_header.rows 8",
        "offset jardin_header.length 16",
        "sizeof jardin_column 64",
        "offset jardin_column.type 8",
        "offset jardin_column.validity 16",
        "offset jardin_column.offsets 24",
        "offset jardin_column.inner 32",
        "offset jardin_column.values 40",
        "offset jardin_column.count 48",
        "sizeof jardin_event 24",
        "offset jardin_event.item 8",
        "offset jardin_event.quantity 12",
        "offset jardin_event.kind 16",
        "sizeof jardin_pick 16",
        "offset jardin_pick.score 8",
        "major 1 minor 2 ok 0 full 3 learns 1",
    ] {
        expect(line.to_owned());
    }
}

/// The demo shop with an example in front of its fallback.
fn shop_with(example_plugin: &str, folder: &Path) -> PathBuf {
    let shop = folder.join("shop");
    copy_folder(&example("shop"), &shop);
    let policy = std::fs::read_to_string(shop.join("policy.toml")).unwrap();
    let strategy = format!(
        "[strategies.{example_plugin}]\nplugin = \"{example_plugin}\"\npurpose = \"shop-window\"\nmay_read = {{ catalogue = \"exact\" }}\n[strategies.popular-now]"
    );
    std::fs::write(shop.join("policy.toml"), policy.replace("[strategies.popular-now]", &strategy)).unwrap();
    let config = std::fs::read_to_string(shop.join("jardin.toml")).unwrap();
    std::fs::write(
        shop.join("jardin.toml"),
        config.replace("chain  = [\"for-you\", \"this-visit\"]", &format!("chain  = [\"{example_plugin}\"]")),
    )
    .unwrap();
    std::fs::create_dir_all(shop.join("plugins")).unwrap();
    shop
}

#[test]
fn the_c_example_recommends_over_http() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop_with("newest", folder.path());
    let source = root().join("examples/plugins/newest.c");
    let flags = ["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror"];
    let Some(()) = compile(&flags, &source, &shop.join("plugins/libnewest.so")) else {
        return;
    };
    let server = served(&shop, folder.path());
    let answer = server.client.recommend(&json!({"placement": "home"}));
    assert_eq!(answer.tried("newest").unwrap().0, "ran", "{}", answer.text);
    // the newest first, without the one that is not in stock
    assert_eq!(answer.items(), ["i5", "i3", "i2", "i1"]);
}

/// A plugin in C under the harness of the SDK, which calls its table as a host does.
#[test]
#[expect(unsafe_code, clippy::disallowed_methods, reason = "a plugin in C is called without a host")]
fn the_c_example_keeps_the_laws_of_strategies() {
    let folder = tempfile::tempdir().unwrap();
    let built = folder.path().join("libnewest.so");
    let Some(()) = compile(&["-shared", "-fPIC", "-O2"], &root().join("examples/plugins/newest.c"), &built)
    else {
        return;
    };
    // SAFETY: the example has no constructors.
    let library = unsafe { libloading::Library::new(&built) }.unwrap();
    // SAFETY: `jardin_plugin.h` gives the symbol this type, and the library is closed last.
    let entry = unsafe { library.get::<jardin_abi::Entry>(jardin_abi::ENTRY_SYMBOL) }.unwrap();
    // SAFETY: the example does what the header says.
    let mut harness = unsafe { jardin_sdk::harness::Harness::of_entry(*entry, |_| {}) }.unwrap();
    for index in [4, 9, 7] {
        harness.item(index);
    }
    assert_eq!(harness.recommend(10), [9, 7, 4]);
    harness.remove(9);
    assert_eq!(harness.recommend(10), [7, 4]);
    assert_eq!(harness.breaches(), Vec::<String>::new());
    drop(harness);
}

/// The example of plugins/README.md, which cargo has built beside the shipped plugins.
#[test]
fn the_rust_example_recommends_over_http() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop_with("cheapest", folder.path());
    let server = served(&shop, folder.path());
    let answer = server.client.recommend(&json!({"placement": "home"}));
    assert_eq!(answer.tried("cheapest").unwrap().0, "ran", "{}", answer.text);
    // items that are not in stock are not shown, whoever picks them
    assert_eq!(answer.items(), ["i5", "i3", "i2", "i1"]);
}

/// What plugins/README.md shows is what is built: the example's own text.
#[test]
fn the_readme_shows_the_example_that_is_built() {
    let readme = std::fs::read_to_string(root().join("plugins/README.md")).unwrap();
    let source = std::fs::read_to_string(root().join("examples/plugins/cheapest/src/lib.rs")).unwrap();
    let shown = readme.split("```rust\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(source, shown);
    assert!(source.lines().count() <= 60);
}

/// Pins the shop's plugins and serves it with five items, the later the cheaper, the fourth not in stock.
fn served(shop: &Path, folder: &Path) -> Server {
    let mut pin = program();
    pin.args(["policy", "pin"]).arg(shop).stdout(std::process::Stdio::null());
    assert!(pin.status().unwrap().success());
    let server = Server::serve(shop, &folder.join("data"));
    let item = |n: u32| {
        json!({"item_id": format!("i{n}"), "fields": {
            "category": format!("c{n}"), "brand": format!("b{n}"), "price": format!("{}.00", 10 - n), "in_stock": n != 4
        }})
    };
    let items: Vec<serde_json::Value> = (1..=5).map(item).collect();
    server.client.post("/v1/items/batch", &json!({"items": items})).expect(200);
    server
}
