//! Backups by the commands: made while the shop serves or not, and put back without reviving anybody.

use std::{fs, path::Path, process::Output};

use serde_json::json;

use crate::support::{Server, copy_folder, example, program};

fn run(args: &[&str], shop: &Path) -> Output {
    let (command, rest) = args.split_first().unwrap();
    program().arg(command).arg(shop).args(rest).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// The demo's shop with its plugins reviewed.
fn new_shop(root: &Path) -> std::path::PathBuf {
    let shop = root.join("shop");
    copy_folder(&example("shop"), &shop);
    assert!(program().args(["policy", "pin"]).arg(&shop).output().unwrap().status.success());
    shop
}

fn agree(server: &Server, who: &str) {
    let answer = json!({"status": "granted", "text_version": "2026-10", "source": "banner"});
    server.client.put(&format!("/v1/subjects/{who}/consents/personalisation"), &answer).expect(200);
}

#[test]
fn a_backup_of_a_serving_shop_is_put_back_and_revives_nobody() {
    let root = tempfile::tempdir().unwrap();
    let shop = new_shop(root.path());
    let (data, copy) = (shop.join("data"), root.path().join("copy"));
    let to = copy.to_str().unwrap();
    {
        let server = Server::serve(&shop, &data);
        for who in ["ada", "bob", "eve"] {
            agree(&server, who);
        }
        let made = run(&["backup", "--to", to], &shop);
        assert!(made.status.success(), "{}", text(&made));
        assert!(text(&made).contains("refusals_copy"), "nobody is told what the copy lacks: {}", text(&made));
        // it is there already, and the shop runs
        assert_eq!(run(&["backup", "--to", to], &shop).status.code(), Some(2));
        let restored = run(&["restore", "--from", to], &shop);
        assert_eq!(restored.status.code(), Some(2), "{}", text(&restored));
        let withdrawn = json!({"status": "withdrawn", "text_version": "2026-10", "source": "account"});
        server.client.put("/v1/subjects/bob/consents/personalisation", &withdrawn).expect(200);
        server.client.delete("/v1/subjects/eve").expect(200);
        server.client.delete("/v1/subjects/ada").expect(200);
        agree(&server, "ada");
        agree(&server, "zoe");
    }
    assert!(!copy.join("master.key").exists() && !copy.join("refusals").exists());
    let restored = run(&["restore", "--from", to], &shop);
    assert!(restored.status.success(), "{}", text(&restored));
    let server = Server::serve(&shop, &data);
    let status =
        |who: &str| server.client.get(&format!("/v1/subjects/{who}/consents/personalisation")).status;
    let counts = server.client.get("/v1/subjects/bob/consents/personalisation").expect(200)["counts"].clone();
    assert_eq!(counts, false, "what was withdrawn after the backup counts again");
    // erased after the backup, and not known to it
    assert_eq!([status("eve"), status("ada"), status("zoe")], [404, 404, 404]);
}

#[test]
fn the_commands_say_what_is_missing_and_change_nothing() {
    let root = tempfile::tempdir().unwrap();
    let shop = new_shop(root.path());
    let copy = root.path().join("copy");
    let nothing = run(&["backup", "--to", copy.to_str().unwrap()], &shop);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(text(&nothing).contains("there is no store in"), "{}", text(&nothing));
    assert!(!copy.exists() && !shop.join("data").exists(), "asking for a backup made a store");
    drop(Server::serve(&shop, &shop.join("data")));
    assert!(run(&["backup", "--to", copy.to_str().unwrap()], &shop).status.success());
    let tables = fs::read(copy.join("store.db")).unwrap();
    fs::write(copy.join("store.db"), &tables[..tables.len() / 2]).unwrap();
    let before = fs::read(shop.join("data/store.db")).unwrap();
    let cut = run(&["restore", "--from", copy.to_str().unwrap()], &shop);
    assert_eq!(cut.status.code(), Some(2));
    assert!(text(&cut).contains("the backup is not whole: `store.db`"), "{}", text(&cut));
    assert_eq!(fs::read(shop.join("data/store.db")).unwrap(), before);
}

#[test]
fn a_master_key_outside_the_data_folder_is_rotated_while_the_shop_serves() {
    let root = tempfile::tempdir().unwrap();
    let shop = new_shop(root.path());
    let (data, place, copy) = (shop.join("data"), root.path().join("key"), root.path().join("copy"));
    fs::write(shop.join("server.toml"), format!("[store]\nmaster_key = \"file:{}\"\n", place.display()))
        .unwrap();
    let folder = shop.to_str().unwrap();
    let rotate = || program().args(["key", "rotate-master", "--shop", folder]).output().unwrap();
    let nothing = rotate();
    assert_eq!(nothing.status.code(), Some(2));
    assert!(text(&nothing).contains("there is no store in"), "{}", text(&nothing));
    let status = |server: &Server| server.client.get("/v1/subjects/ada/consents/personalisation").status;
    {
        let mut server = Server::serve(&shop, &data);
        agree(&server, "ada");
        let before = fs::read(&place).unwrap();
        assert!(!data.join("master.key").exists());
        assert!(run(&["backup", "--to", copy.to_str().unwrap()], &shop).status.success());
        let rotated = rotate();
        assert!(rotated.status.success(), "{}", text(&rotated));
        assert_ne!(fs::read(&place).unwrap(), before);
        agree(&server, "bob");
        assert_eq!(status(&server), 200);
        server.stop();
    }
    // and while it does not
    assert!(rotate().status.success());
    assert_eq!(status(&Server::serve(&shop, &data)), 200);
    // what was wrapped before is opened by the key from before alone
    let restored = run(&["restore", "--from", copy.to_str().unwrap()], &shop);
    assert_eq!(restored.status.code(), Some(2));
    assert!(text(&restored).contains("the master key of the backup's store"), "{}", text(&restored));
}

#[test]
fn a_master_key_in_a_variable_is_taken_from_there_and_followed_by_the_next_one() {
    let root = tempfile::tempdir().unwrap();
    let shop = new_shop(root.path());
    let items = shop.join("items.jsonl");
    fs::write(shop.join("server.toml"), "[store]\nmaster_key = \"env:GARDEN_KEY\"\n").unwrap();
    let (one, two) = ("1a".repeat(32), "2b".repeat(32));
    let command = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = program();
        command.args(args).envs(variables.iter().copied());
        command.output().unwrap()
    };
    let folder = shop.to_str().unwrap();
    let import = ["import", folder, items.to_str().unwrap()];
    let unset = command(&import, &[]);
    assert_eq!(unset.status.code(), Some(2));
    assert!(text(&unset).contains("the variable `GARDEN_KEY` is not set"), "{}", text(&unset));
    let short = command(&import, &[("GARDEN_KEY", "1a")]);
    assert!(text(&short).contains("is not 64 hexadecimal digits"), "{}", text(&short));
    assert!(command(&import, &[("GARDEN_KEY", &one)]).status.success());
    let rotate = ["key", "rotate-master", "--shop", folder];
    let without = command(&rotate, &[("GARDEN_KEY", &one)]);
    assert!(text(&without).contains("the variable `GARDEN_KEY_NEXT` is not set"), "{}", text(&without));
    assert!(command(&rotate, &[("GARDEN_KEY", &one), ("GARDEN_KEY_NEXT", &two)]).status.success());
    assert_eq!(command(&import, &[("GARDEN_KEY", &one)]).status.code(), Some(2), "the old key still opens");
    assert!(command(&import, &[("GARDEN_KEY", &two)]).status.success());
}
