//! A folder that somebody else made: checking, pinning, inspecting and documenting it reads and writes nothing outside.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

use crate::support::{copy_folder, example, program};

/// A word that stands in files outside the folder alone.
const SECRET: &str = "t0p-secret-of-another";

struct Folders {
    shop: PathBuf,
    outside: PathBuf,
    _temporary: TempDir,
}

fn folders() -> Folders {
    let temporary = tempfile::tempdir().unwrap();
    let (shop, outside) = (temporary.path().join("shop"), temporary.path().join("outside"));
    copy_folder(&example("shop"), &shop);
    fs::create_dir(&outside).unwrap();
    for name in ["policy.toml", "for_you.rhai", "items.jsonl", "server.toml", "policy.lock", "jardin.toml"] {
        fs::write(outside.join(name), format!("{SECRET} = [\n")).unwrap();
    }
    Folders { shop, outside, _temporary: temporary }
}

fn run(shop: &Path, command: &[&str]) -> Output {
    program().args(command).arg(shop).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

fn change_config(shop: &Path, from: &str, to: &str) {
    let path = shop.join("jardin.toml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn link(shop: &Path, name: &str, target: &Path) {
    let place = shop.join(name);
    if place.exists() {
        fs::remove_file(&place).unwrap();
    }
    symlink(target, place).unwrap();
}

/// A way out of a folder, in words, and what makes it.
type WayOut = (&'static str, fn(&Folders));

/// What leads out of a folder.
fn ways_out() -> Vec<WayOut> {
    vec![
        ("a policy by its absolute path", |f| {
            let to = format!("[shop]\npolicy = {:?}\n", f.outside.join("policy.toml").display().to_string());
            change_config(&f.shop, "[shop]\n", &to);
        }),
        ("a policy beside the folder", |f| {
            change_config(&f.shop, "[shop]\n", "[shop]\npolicy = \"../outside/policy.toml\"\n");
        }),
        ("scripts beside the folder", |f| {
            change_config(&f.shop, "[shop]\n", "[shop]\nscripts = \"../outside\"\n");
        }),
        ("items beside the folder", |f| {
            change_config(&f.shop, "[shop]\n", "[shop]\nitems = \"../outside/items.jsonl\"\n");
        }),
        ("a policy behind a link", |f| link(&f.shop, "policy.toml", &f.outside.join("policy.toml"))),
        ("a configuration behind a link", |f| link(&f.shop, "jardin.toml", &f.outside.join("jardin.toml"))),
        ("settings of the server behind a link", |f| {
            link(&f.shop, "server.toml", &f.outside.join("server.toml"))
        }),
        ("a lock behind a link", |f| link(&f.shop, "policy.lock", &f.outside.join("policy.lock"))),
        ("items behind a link", |f| link(&f.shop, "items.jsonl", &f.outside.join("items.jsonl"))),
        ("a folder of scripts behind a link", |f| {
            fs::remove_dir_all(f.shop.join("scripts")).unwrap();
            symlink(&f.outside, f.shop.join("scripts")).unwrap();
        }),
    ]
}

#[test]
fn nothing_outside_is_shown_by_whatever_way() {
    for (way, lead_out) in ways_out() {
        let folders = folders();
        lead_out(&folders);
        for command in
            [&["check"][..], &["docs"], &["policy", "check"], &["policy", "pin"], &["policy", "matrix"]]
        {
            let text = said(&run(&folders.shop, command));
            assert!(!text.contains(SECRET), "{way}: {command:?}:\n{text}");
        }
        let plugin = folders.outside.join("jardin.toml");
        let inspected =
            program().args(["plugin", "inspect"]).arg(&plugin).arg("--shop").arg(&folders.shop).output();
        assert!(!said(&inspected.unwrap()).contains(SECRET), "{way}");
    }
}

#[test]
fn what_lies_outside_is_named_and_the_check_fails() {
    let folders = folders();
    change_config(&folders.shop, "policy    = \"policy.toml\"", "policy = \"../outside/policy.toml\"");
    let checked = run(&folders.shop, &["check"]);
    assert_eq!(checked.status.code(), Some(2));
    assert!(said(&checked).contains("lies outside"), "{}", said(&checked));
}

#[test]
fn links_within_the_folder_are_followed() {
    let folders = folders();
    let versions = folders.shop.join("..v1");
    fs::create_dir(&versions).unwrap();
    fs::rename(folders.shop.join("policy.toml"), versions.join("policy.toml")).unwrap();
    symlink("..v1", folders.shop.join("..data")).unwrap();
    symlink("..data/policy.toml", folders.shop.join("policy.toml")).unwrap();
    let checked = run(&folders.shop, &["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));
}

#[test]
fn a_pipe_is_not_waited_for() {
    for name in ["policy.toml", "jardin.toml", "items.jsonl", "server.toml", "policy.lock"] {
        let folders = folders();
        let place = folders.shop.join(name);
        if place.exists() {
            fs::remove_file(&place).unwrap();
        }
        assert!(Command::new("mkfifo").arg(&place).status().unwrap().success());
        // each of these ends: a test that hangs is the failure
        for command in [&["check"][..], &["policy", "check"], &["docs"]] {
            run(&folders.shop, command);
        }
        let inspected = program().args(["plugin", "inspect"]).arg(&place).output().unwrap();
        assert_eq!(inspected.status.code(), Some(2));
    }
}

#[test]
fn nothing_is_written_through_a_link() {
    let folders = folders();
    let target = folders.outside.join("mine");
    fs::write(&target, "mine").unwrap();
    link(&folders.shop, "policy.lock", &target);
    assert_eq!(run(&folders.shop, &["policy", "pin"]).status.code(), Some(2));
    let out = folders.shop.join("notes");
    fs::create_dir(&out).unwrap();
    symlink(&target, out.join("scripts.md")).unwrap();
    let documented = program().arg("docs").arg(&folders.shop).arg("--out").arg(&out).output().unwrap();
    assert_eq!(documented.status.code(), Some(2), "{}", said(&documented));
    assert_eq!(fs::read_to_string(&target).unwrap(), "mine");
}

#[test]
fn laying_out_a_policy_writes_through_no_link() {
    let folders = folders();
    let policy = folders.shop.join("policy.toml");
    let outside = folders.outside.join("somebody_elses.toml");
    let text = fs::read_to_string(&policy).unwrap().replace(" = ", "   =   ");
    fs::write(&outside, &text).unwrap();
    fs::remove_file(&policy).unwrap();
    symlink(&outside, &policy).unwrap();
    assert_eq!(run(&folders.shop, &["policy", "fmt"]).status.code(), Some(2));
    assert_eq!(fs::read_to_string(&outside).unwrap(), text);
}
