//! What the host holds and did not grant is nowhere in a worker's memory.

use std::{fs, os::unix::fs::FileExt as _};

use super::{
    SANDBOXED,
    shop::{Hostile, IN_ENVIRONMENT, IN_HEAP, told, users},
};

/// The readable parts of a process's memory, in which a text is looked for; `None` where it may not be read.
fn holds(pid: u32, text: &str) -> Option<bool> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
    let memory = fs::File::open(format!("/proc/{pid}/mem")).ok()?;
    let ranges = maps.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let (from, to) = words.next()?.split_once('-')?;
        let readable = words.next()?.starts_with('r');
        let number = |text| u64::from_str_radix(text, 16).ok();
        readable.then_some((number(from)?, number(to)?))
    });
    let mut read = 0;
    let mut found = false;
    for (from, to) in ranges {
        // parts overlap, so that a text on a border is found
        const PART: u64 = 1 << 20;
        let mut at = from;
        while at < to {
            let mut part = vec![0; usize::try_from((to - at).min(PART + 64)).unwrap()];
            if let Ok(length) = memory.read_at(&mut part, at) {
                read += length;
                found |= part[..length].windows(text.len()).any(|w| w == text.as_bytes());
            }
            at += PART;
        }
    }
    (read > 0).then_some(found)
}

/// The workers of a server.
pub fn workers(server: u32) -> Vec<u32> {
    let is_worker = |pid: &u32| {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        status.lines().any(|l| l == format!("PPid:\t{server}"))
    };
    let pids = fs::read_dir("/proc").unwrap().filter_map(|e| e.ok()?.file_name().to_str()?.parse().ok());
    pids.filter(is_worker).collect()
}

#[test]
fn what_was_not_granted_is_nowhere_in_a_workers_memory() {
    for user in users() {
        let Some(shop) = Hostile::serve(&SANDBOXED, &[], user) else {
            return;
        };
        assert_eq!(told(&shop.ask("control"), "control"), Some(super::CONTROL));
        let server = shop.server.pid();
        if holds(server, IN_HEAP).is_none() {
            println!("SKIPPED: this user may not read the memory of another process");
            return;
        }
        // the host holds both, and what was granted is in the workers: the search finds what is there
        for canary in [IN_ENVIRONMENT, IN_HEAP] {
            assert_eq!(holds(server, canary), Some(true), "{user:?}: the host does not hold {canary}");
        }
        let workers = workers(server);
        assert_eq!(workers.len(), 2, "{user:?}: the fallback's and the control's");
        for worker in workers {
            assert_eq!(
                holds(worker, "jardin_plugin_entry"),
                Some(true),
                "{user:?}: the search misses what is there"
            );
            for canary in [IN_ENVIRONMENT, IN_HEAP] {
                assert_eq!(holds(worker, canary), Some(false), "{user:?}: {canary} is in a worker's memory");
            }
            let environment = fs::read(format!("/proc/{worker}/environ")).unwrap();
            assert!(environment.is_empty(), "{user:?}: a worker has an environment");
            // its one descriptor is the socket
            let open: Vec<_> = fs::read_dir(format!("/proc/{worker}/fd")).unwrap().collect();
            assert_eq!(open.len(), 1, "{user:?}: {open:?}");
        }
    }
}

/// What a request said is nowhere in its worker's memory, nor in the host's, when others have been served since.
#[test]
fn what_a_request_said_is_nowhere_when_others_were_served() {
    const SAID: &str = "CANARY-OF-ONE-REQUEST-OF-MANY";
    for user in users() {
        let Some(shop) = Hostile::serve(&SANDBOXED, &[], user) else {
            return;
        };
        let server = shop.server.pid();
        if holds(server, IN_HEAP).is_none() {
            println!("SKIPPED: this user may not read the memory of another process");
            return;
        }
        // at places of their own in messages and blocks of other lengths than those of the others
        for before in [0, 200, 900, 2_000] {
            let long = format!("{}{SAID}{}", "x".repeat(before), "y".repeat(before));
            assert_eq!(told(&shop.ask_with("control", &long), "control"), Some(super::CONTROL));
        }
        for n in 0..1_000 {
            shop.ask_with("control", &format!("another says {n}"));
        }
        let workers = workers(server);
        assert_eq!(workers.len(), 2, "{user:?}: the fallback's and the control's");
        let held: Vec<_> =
            workers.into_iter().chain([server]).filter(|pid| holds(*pid, SAID) != Some(false)).collect();
        assert!(held.is_empty(), "{user:?}: it is held by {held:?}, of the host {server}");
    }
}
