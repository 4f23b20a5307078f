//! Keys are made, exchanged and taken back by a command, and a running server obeys.

use std::{fs, path::Path, process::Output, time::Duration};

use crate::support::{Server, example, program, unhurried};

fn jardin_key(shop: &Path, args: &str) -> Output {
    program().arg("key").args(args.split(' ')).current_dir(shop).output().unwrap()
}

/// What a command that succeeds prints.
#[track_caller]
fn said(shop: &Path, args: &str) -> String {
    let output = jardin_key(shop, args);
    assert!(output.status.success(), "{args}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The key that a command shows, on the line of its own.
fn shown_key(said: &str) -> String {
    said.lines().find(|line| line.starts_with("jardin_")).unwrap().to_owned()
}

fn status(server: &Server, path: &str, key: &str) -> u16 {
    let bearer = format!("bearer {key}");
    server.client.send("GET", path, None, &[("authorization", &bearer)]).unwrap().status
}

/// Waits until the server, which looks at its folder by itself, obeys the file.
#[track_caller]
fn becomes(server: &Server, path: &str, key: &str, wanted: u16) {
    for _ in 0..2_000 {
        if status(server, path, key) == wanted {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("it stays {}", status(server, path, key));
}

#[test]
fn a_running_server_obeys_the_keys_that_a_command_makes_and_takes_back() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    unhurried(&example("shop"), &shop);
    fs::write(shop.join("server.toml"), "# ours\nlisten = \"127.0.0.1:7700\" # the till\n").unwrap();
    let office = shown_key(&said(&shop, "add merchant --name office"));
    let server = Server::serve(&shop, &folder.path().join("data"));
    assert_eq!(status(&server, "/v1/placements", &office), 200);
    assert_eq!(status(&server, "/v1/placements", office.strip_suffix(|_: char| true).unwrap()), 401);
    assert_eq!(status(&server, "/v1/policy/stop", &office), 403);
    let next = shown_key(&said(&shop, "rotate office --name office-2 --until 2999-12-31"));
    becomes(&server, "/v1/placements", &next, 200);
    assert_eq!(status(&server, "/v1/placements", &office), 200);
    assert_eq!(said(&shop, "list"), "office: merchant, until 3000-01-01T00:00:00Z\noffice-2: merchant\n");
    said(&shop, "revoke office");
    becomes(&server, "/v1/placements", &office, 401);
    assert_eq!(status(&server, "/v1/placements", &next), 200);
    let text = fs::read_to_string(shop.join("server.toml")).unwrap();
    assert!(text.starts_with("# ours\nlisten = \"127.0.0.1:7700\" # the till\n"), "{text}");
    assert!(!text.contains(&next), "a key stands in the file");
}

#[test]
fn a_key_is_not_known_after_its_last_day() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    unhurried(&example("shop"), &shop);
    let key = shown_key(&said(&shop, "add merchant --name office --until 2026-11-20"));
    for (now, wanted) in [("2026-11-20T23:59:59Z", 200), ("2026-11-21T00:00:00Z", 401)] {
        let server = Server::serve_at(&shop, &folder.path().join(now), now, 1);
        assert_eq!(status(&server, "/v1/placements", &key), wanted, "{now}");
    }
}

#[test]
fn what_cannot_be_done_is_said_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    unhurried(&example("shop"), &shop);
    said(&shop, "add serve --name website");
    let file = shop.join("server.toml");
    let before = fs::read_to_string(&file).unwrap();
    for (args, wanted) in [
        ("add serve --name website", "a key of that name exists"),
        ("add sreve --name other", "the roles are ingest, catalogue, serve"),
        ("add serve --name other --until soon", "2027-06-30"),
        ("revoke nobody", "no key has that name"),
        ("rotate nobody --name other --until 2027-01-31", "no key is called `nobody`"),
    ] {
        let output = jardin_key(&shop, args);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args}: {told}");
        assert!(told.contains(wanted), "{args}: {told}");
        assert_eq!(fs::read_to_string(&file).unwrap(), before, "{args}");
    }
}

#[test]
fn lines_for_a_file_that_cannot_be_written_are_printed_with_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    unhurried(&example("shop"), &shop);
    // nothing is written through a link, such as a container mounts one
    fs::write(shop.join("mounted.toml"), "").unwrap();
    std::os::unix::fs::symlink("mounted.toml", shop.join("server.toml")).unwrap();
    let output = jardin_key(&shop, "add serve ingest --name website --until 2027-06-30");
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(fs::read_to_string(shop.join("mounted.toml")).unwrap(), "");
    let said = String::from_utf8(output.stdout).unwrap();
    let block = said.split("the key").next().unwrap();
    assert!(block.starts_with("[[keys]]\nname = \"website\"\n"), "{said}");
    fs::write(shop.join("mounted.toml"), block).unwrap();
    let key = shown_key(&said);
    let server = Server::serve_at(&shop, &folder.path().join("data"), "2026-11-20T10:00:00Z", 1);
    assert_eq!(status(&server, "/v1/version", &key), 200);
    assert_eq!(status(&server, "/v1/placements", &key), 403);
}
