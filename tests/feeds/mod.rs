//! Files as shops have them: what they are taken for, what becomes of their rows, and what stays in the store.

mod bad_rows;
mod catalogues;
mod events;
mod new_shop;
mod replacement;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use serde_json::Value;

use crate::support::{example, program, shop_window};

/// The fields that every shape of the wine catalogue has.
const FIELDS: &str = r#"
title        = { type = "text",  class = "none" }
brand        = { type = "text",  class = "none" }
category     = { type = "text",  class = "none" }
price        = { type = "money", class = "none", always = true }
in_stock     = { type = "flag",  class = "none" }
availability = { type = "text",  class = "none" }
gtin         = { type = "text",  class = "none" }
image        = { type = "text",  class = "none" }
stock        = { type = "number", class = "none" }
margin       = { type = "money", class = "confidential" }
"#;

const STRATEGIES: &str = r#"
[strategies.popular-now]
plugin = "popular"
purpose = "shop-window"
may_read = { "item.sku" = "exact" }
"#;

const CONFIG: &str = r#"
config = 1
[shop]
name = "The cellar"
currency = "EUR"
languages = ["en"]
[placements.home]
chain = ["popular-now"]
limit = 12
"#;

struct Shop(tempfile::TempDir);

impl Shop {
    /// A shop of its own whose plugins are reviewed.
    fn new() -> Self {
        let shop = Self(tempfile::tempdir().unwrap());
        fs::write(shop.path().join("policy.toml"), shop_window(FIELDS, STRATEGIES)).unwrap();
        fs::write(shop.path().join("jardin.toml"), CONFIG).unwrap();
        assert!(jardin(shop.path(), &["policy", "pin"]).0 == Some(0));
        shop
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Imports a file; what is printed and the exit code.
    fn import(&self, file: &Path, more: &[&str]) -> (Option<i32>, String) {
        let arguments = [&["import", ".", file.to_str().unwrap()][..], more].concat();
        jardin(self.path(), &arguments)
    }

    fn catalogue(&self) -> String {
        let (code, exported) = jardin(self.path(), &["export", ".", "--catalogue"]);
        assert_eq!(code, Some(0), "{exported}");
        exported
    }

    /// The fields of the stored items, by id.
    fn items(&self) -> BTreeMap<String, Value> {
        let item = |line: &str| {
            let item: Value = serde_json::from_str(line).unwrap();
            (item["item_id"].as_str().unwrap().to_owned(), item["fields"].clone())
        };
        self.catalogue().lines().map(item).collect()
    }
}

fn jardin(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = program().current_dir(folder).args(arguments).output().unwrap();
    (status.code(), String::from_utf8_lossy(&[&stdout[..], &stderr[..]].concat()).into_owned())
}

fn feed(name: &str) -> PathBuf {
    example("feeds").join(name)
}

const GOOGLE: &str = "id\ttitle\tlink\tprice\tavailability\n";
