//! The edges between the packages are those of ARCHITECTURE.md and no others.

use std::{collections::BTreeSet, process::Command};

/// Each package with the packages that it may depend on; a plugin may depend on the SDK alone.
const EDGES: &[(&str, &[&str])] = &[
    ("jardin-abi", &[]),
    ("jardin-access", &["jardin-model"]),
    ("jardin-model", &[]),
    ("jardin-diagnostics", &[]),
    ("jardin-policy", &["jardin-diagnostics", "jardin-model"]),
    ("jardin-compliance", &["jardin-diagnostics", "jardin-model", "jardin-policy"]),
    ("jardin-contract", &["jardin-model", "jardin-policy"]),
    ("jardin-sandbox", &[]),
    ("jardin-sdk", &["jardin-abi"]),
    (
        "jardin-native",
        &[
            "jardin-abi",
            "jardin-diagnostics",
            "jardin-model",
            "jardin-policy",
            "jardin-sandbox",
            "jardin-contract",
        ],
    ),
    ("jardin-script-check", &["jardin-diagnostics", "jardin-model", "jardin-policy", "jardin-contract"]),
    (
        "jardin-script-run",
        &["jardin-diagnostics", "jardin-model", "jardin-policy", "jardin-contract", "jardin-script-check"],
    ),
    ("jardin-store-kit", &["jardin-model", "jardin-policy", "jardin-contract"]),
    ("jardin-store-memory", &["jardin-model", "jardin-policy", "jardin-contract", "jardin-store-kit"]),
    ("jardin-store-sqlite", &["jardin-model", "jardin-policy", "jardin-contract", "jardin-store-kit"]),
    ("jardin-audit", &["jardin-contract", "jardin-model"]),
    ("jardin-import", &["jardin-model"]),
    ("jardin-evaluate", &[]),
    ("jardin-engine", &["jardin-diagnostics", "jardin-model", "jardin-policy", "jardin-contract"]),
    (
        "jardin-server",
        &["jardin-access", "jardin-contract", "jardin-engine", "jardin-model", "jardin-policy"],
    ),
    (
        "jardin-host",
        &[
            "jardin-access",
            "jardin-audit",
            "jardin-compliance",
            "jardin-contract",
            "jardin-diagnostics",
            "jardin-engine",
            "jardin-import",
            "jardin-model",
            "jardin-native",
            "jardin-policy",
            "jardin-sandbox",
            "jardin-script-check",
            "jardin-script-run",
            "jardin-store-memory",
            "jardin-store-sqlite",
        ],
    ),
];

/// The packages that must never be reached, however long the way, with the package that must not reach them.
const NEVER: &[(&str, &[&str])] = &[
    ("jardin-model", &["tokio", "axum", "rhai", "libloading", "rusqlite"]),
    ("jardin-diagnostics", &["jardin-model"]),
    ("jardin-policy", &["jardin-compliance", "tokio", "axum", "rhai", "libloading", "rusqlite"]),
    ("jardin-compliance", &["tokio", "axum", "rhai", "libloading", "rusqlite"]),
    ("jardin-engine", &["jardin-compliance", "axum", "rhai", "libloading", "rusqlite"]),
    ("jardin-server", &["rhai", "libloading", "rusqlite"]),
    ("jardin-host", &["axum", "clap", "indicatif", "jardin-server"]),
    ("jardin-sdk", &["jardin-model", "jardin-policy", "jardin-store-sqlite"]),
];

fn metadata() -> serde_json::Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    serde_json::from_slice(&output.stdout).expect("cargo prints JSON")
}

fn is_dev(dependency: &serde_json::Value) -> bool {
    dependency["kind"] == "dev"
}

#[test]
fn every_edge_is_in_the_map() {
    let metadata = metadata();
    let ours: Vec<&serde_json::Value> =
        metadata["packages"].as_array().unwrap().iter().filter(|p| p["source"].is_null()).collect();
    let is_plugin = |p: &serde_json::Value| {
        p["manifest_path"].as_str().unwrap().contains("/plugins/") && p["name"] != "jardin-sdk"
    };
    let mut seen = BTreeSet::new();
    for package in &ours {
        let name = package["name"].as_str().unwrap();
        // the root and its commands wire everything; the edges to shipped plugins are there for building them
        if name == "jardin" || name == "jardin-cli" {
            continue;
        }
        seen.insert(name);
        let allowed: &[&str] = match EDGES.iter().find(|(from, _)| *from == name) {
            Some((_, to)) => to,
            None if is_plugin(package) => &["jardin-sdk"],
            None => panic!("package `{name}` stands in no map: add it to ARCHITECTURE.md and to this test"),
        };
        for dependency in
            package["dependencies"].as_array().unwrap().iter().filter(|d| !is_dev(d) && !d["path"].is_null())
        {
            let to = dependency["name"].as_str().unwrap();
            assert!(allowed.contains(&to), "the edge `{name}` ► `{to}` is not in the map");
        }
    }
    for (name, _) in EDGES {
        assert!(seen.contains(name), "the map names `{name}`, which does not exist");
    }
}

#[test]
fn no_package_reaches_what_it_must_not() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let name_of = |id: &serde_json::Value| {
        packages.iter().find(|p| p["id"] == *id).map(|p| p["name"].as_str().unwrap()).unwrap()
    };
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    for (from, forbidden) in NEVER {
        let start = packages.iter().find(|p| p["name"] == *from).unwrap();
        let mut open = vec![start["id"].clone()];
        let mut reached = BTreeSet::new();
        while let Some(id) = open.pop() {
            let node = nodes.iter().find(|n| n["id"] == id).unwrap();
            for dep in node["deps"].as_array().unwrap() {
                let needed = dep["dep_kinds"].as_array().unwrap().iter().any(|k| k["kind"].is_null());
                if needed && reached.insert(name_of(&dep["pkg"])) {
                    open.push(dep["pkg"].clone());
                }
            }
        }
        for name in *forbidden {
            assert!(!reached.contains(name), "`{from}` reaches `{name}`");
        }
    }
}
