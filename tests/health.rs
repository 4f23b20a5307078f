//! What health and versions tell, and whom.

use std::fs;

use crate::support::{Server, copy_folder, example};

#[test]
fn health_tells_strangers_no_more_than_yes_or_no() {
    // printf %s backstage | sha256sum
    const DIGEST: &str = "c28ad2ec11288e23220ebfd6c47288a28ce6f68ef887b061a7b0a5e683a9a118";
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    copy_folder(&example("shop"), &shop);
    let keys = format!("[[keys]]\nname = \"office\"\nsha256 = \"{DIGEST}\"\nroles = [\"merchant\"]\n");
    fs::write(shop.join("server.toml"), keys).unwrap();
    let server = Server::serve(&shop, &folder.path().join("data"));
    let shown =
        |headers: &[(&str, &str)]| server.client.send("GET", "/health/ready", None, headers).unwrap().json();
    let known = shown(&[("authorization", "Bearer backstage")]);
    assert!(known["strategies"].as_array().is_some_and(|s| !s.is_empty()), "{known}");
    for stranger in [shown(&[]), shown(&[("authorization", "Bearer else")])] {
        assert_eq!(stranger, serde_json::json!({"ready": known["ready"]}));
    }
}

#[test]
fn the_versions_are_told_to_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::demo(folder.path());
    let told = server.client.get("/v1/version").expect(200);
    // the program's own is that of the workspace, which holds for the tests too
    let program = env!("CARGO_PKG_VERSION");
    assert_eq!(
        told,
        serde_json::json!({"program": program, "api": "v1", "policy_language": 1, "abi": "1.2"})
    );
}
