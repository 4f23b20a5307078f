//! Pages of other origins: those that server.toml names may call what a page token opens.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use serde_json::json;

use crate::support::{Answer, Server, example, program, unhurried};

const SHOP: &str = "https://shop.example";

/// A shop with a key whose pages are of [`SHOP`].
fn serve(folder: &std::path::Path) -> (Server, String) {
    let shop = folder.join("shop");
    unhurried(&example("shop"), &shop);
    fs::write(shop.join("server.toml"), format!("[cors]\norigins = [\"{SHOP}\"]\n")).unwrap();
    let add = ["key", "add", "serve", "ingest", "subjects", "--name", "website"];
    let output = program().args(add).current_dir(&shop).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let key = said.lines().find(|line| line.starts_with("jardin_")).unwrap().to_owned();
    (Server::serve(&shop, &folder.join("data")), key)
}

fn ask(server: &Server, verb: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let body = (verb == "POST").then_some(br#"{"placement":"home"}"#.as_slice());
    server.client.send(verb, path, body, headers).unwrap()
}

#[test]
fn a_named_origin_may_call_what_a_token_opens_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (server, key) = serve(folder.path());
    let preflight = |path: &str, origin: &str| {
        ask(&server, "OPTIONS", path, &[("origin", origin), ("access-control-request-method", "POST")])
    };
    let allowed = preflight("/v1/recommendations", SHOP);
    assert_eq!(allowed.status, 204);
    for (header, value) in [
        ("access-control-allow-origin", Some(SHOP)),
        ("access-control-allow-methods", Some("POST")),
        ("access-control-allow-headers", Some("authorization, content-type, sec-gpc")),
        ("access-control-allow-credentials", None),
        ("vary", Some("origin")),
    ] {
        assert_eq!(allowed.header(header), value, "{header}");
    }
    // what a key alone opens, and what is nowhere
    for path in ["/v1/tokens", "/v1/subjects/ada", "/v1/policy/stop", "/v1/nowhere"] {
        let refused = preflight(path, SHOP);
        assert!(refused.status >= 400 && refused.header("access-control-allow-origin").is_none(), "{path}");
    }
    assert_eq!(
        preflight("/v1/subjects/me/consents/personalisation", SHOP).header("access-control-allow-methods"),
        Some("PUT, GET")
    );
    for origin in [
        "https://other.example",
        "http://shop.example",
        "https://shop.example.other.example",
        "null",
        "https://shop.example:8443",
    ] {
        let refused = preflight("/v1/recommendations", origin);
        assert_eq!((refused.status, refused.header("access-control-allow-origin")), (405, None), "{origin}");
    }
    let made = server.client.send_as(
        "POST",
        "/v1/tokens",
        Some(json!({"scopes": ["serve"]}).to_string().as_bytes()),
        &[("content-type", "application/json"), ("authorization", &format!("Bearer {key}"))],
    );
    let made = made.unwrap();
    assert_eq!(made.header("access-control-allow-origin"), None);
    let bearer = format!("Bearer {}", made.expect(201)["token"].as_str().unwrap());
    let answer = ask(&server, "POST", "/v1/recommendations", &[("origin", SHOP), ("authorization", &bearer)]);
    answer.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), Some(SHOP));
    // a page may read why it was refused
    let refused =
        ask(&server, "POST", "/v1/recommendations", &[("origin", SHOP), ("authorization", "Bearer v1.0.AA")]);
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (401, Some(SHOP)));
    let foreign = ask(
        &server,
        "POST",
        "/v1/recommendations",
        &[("origin", "https://other.example"), ("authorization", &bearer)],
    );
    assert_eq!(foreign.header("access-control-allow-origin"), None);
}

#[test]
fn an_entrance_that_is_not_safe_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    unhurried(&example("shop"), &shop);
    let key = format!("[[keys]]\nname = \"web\"\nsha256 = \"{}\"\nroles = [\"serve\"]\n", "ab".repeat(32));
    for (server, listen, wanted) in [
        (String::new(), "0.0.0.0:0", "add `[[keys]]` to server.toml"),
        (key, "0.0.0.0:0", "behind_proxy = true"),
        ("behind_proxy = true\n".to_owned(), "127.0.0.1:0", "`behind_proxy` in server.toml needs `[[keys]]`"),
    ] {
        fs::write(shop.join("server.toml"), server).unwrap();
        let mut command = program();
        command.arg("serve").arg(&shop).args(["--listen", listen, "--data"]).arg(folder.path().join("data"));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // one that is not refused says where it listens, and would never end by itself
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        if !line.is_empty() {
            child.kill().unwrap();
        }
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(line.is_empty() && !output.status.success() && said.contains(wanted), "{line}{said}");
    }
}
