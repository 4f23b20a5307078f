//! Workers that stay from one request to the next: what the one leaves for the other, and what a worker does
//! while nothing is asked of it. What each attack did on a program without the measure stands with it; it was
//! seen as root.

use super::{
    SANDBOXED,
    attacks::{Attack, End, lie},
    canary::workers,
    counter,
    shop::{Hostile, told, users},
};

/// What the plugin looks for, behind more than its next request is long.
const SAID_BEFORE: &str = "CANARY-OF-THE-REQUEST-BEFORE";

const LOOKS_BEHIND: Attack = lie(120, "looks-behind-its-frame", End::Error(2));
const ANSWERS_BEFORE: Attack = lie(119, "answers-before-it-is-asked", End::Died("not asked"));
const GOES_ON: Attack = lie(121, "goes-on-computing", End::Died("while nothing was asked"));
const EXITS: Attack = lie(115, "exit", End::Died("it exited"));
const SIGNS_ZERO: Attack = lie(123, "signs-zero", End::Dropped);

fn note(shop: &Hostile, name: &str) -> String {
    shop.health(name)["note"].as_str().unwrap_or_default().to_owned()
}

/// Without the clearing it found the words of the request before.
#[test]
fn nothing_of_a_request_is_left_when_the_next_one_comes() {
    for user in users() {
        let Some(shop) = Hostile::serve(&SANDBOXED, &[&LOOKS_BEHIND], user) else {
            return;
        };
        for _ in 0..10 {
            let long = format!("{}{SAID_BEFORE}", "x".repeat(2_000));
            shop.ask_with(LOOKS_BEHIND.name, &long);
            assert_eq!(told(&shop.ask(LOOKS_BEHIND.name), LOOKS_BEHIND.name), Some(2), "{user:?}");
        }
        assert_eq!(counter(&shop.health(LOOKS_BEHIND.name), "deaths"), 0);
    }
}

/// With numbers that are counted up the second request was answered by what was sent during the first one.
#[test]
fn an_answer_to_a_request_that_is_still_to_come_ends_its_worker() {
    for user in users() {
        let Some(shop) = Hostile::serve(&SANDBOXED, &[&ANSWERS_BEFORE], user) else {
            return;
        };
        assert_eq!(told(&shop.ask(ANSWERS_BEFORE.name), ANSWERS_BEFORE.name), Some(5), "{user:?}");
        assert_eq!(told(&shop.ask(ANSWERS_BEFORE.name), ANSWERS_BEFORE.name), None, "{user:?}");
        shop.until(|| note(&shop, ANSWERS_BEFORE.name).contains("was not asked"));
        assert_eq!(counter(&shop.health(ANSWERS_BEFORE.name), "deaths"), 1);
    }
}

/// Unwatched it computed on for as long as the test waited.
#[test]
fn a_worker_that_goes_on_computing_after_its_answer_is_ended_and_named() {
    for user in users() {
        let Some(shop) = Hostile::serve(&SANDBOXED, &[&GOES_ON], user) else {
            return;
        };
        assert_eq!(told(&shop.ask(GOES_ON.name), GOES_ON.name), Some(5), "{user:?}");
        shop.until(|| note(&shop, GOES_ON.name).contains("computed while nothing was asked"));
        let health = shop.health(GOES_ON.name);
        assert_eq!((counter(&health, "killed-computing-unasked"), counter(&health, "deaths")), (1, 1));
        assert_eq!(counter(&shop.health("control"), "deaths"), 0, "those that wait stay");
    }
}

/// The code was told to whoever reads health: eight bits a death.
#[test]
fn the_code_of_an_exit_is_not_told() {
    for user in users() {
        let Some(shop) = Hostile::serve(&SANDBOXED, &[&EXITS], user) else {
            return;
        };
        assert_eq!(told(&shop.ask(EXITS.name), EXITS.name), None, "{user:?}");
        shop.until(|| counter(&shop.health(EXITS.name), "deaths") == 1);
        let note = note(&shop, EXITS.name);
        assert!(note.ends_with("it exited"), "{user:?}: {note}");
    }
}

/// Zero with its sign went behind zero without: one bit a pick that no score shows.
#[test]
fn the_sign_of_zero_orders_nothing() {
    for user in users() {
        let Some(shop) = Hostile::serve(&SANDBOXED, &[&SIGNS_ZERO], user) else {
            return;
        };
        let items = shop.ask(SIGNS_ZERO.name).items();
        assert_eq!(items.get(..2), Some(&["r5".to_owned(), "r6".to_owned()][..]), "ties go by id: {user:?}");
    }
}

/// The kernel takes a worker's memory before the shop's, and a worker's addresses end.
#[test]
fn a_worker_goes_first_where_memory_is_short() {
    for user in users() {
        let Some(shop) = Hostile::serve(&SANDBOXED, &[], user) else {
            return;
        };
        let read = |pid: u32, file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap();
        let pids = workers(shop.server.pid());
        assert!(pids.len() >= 2);
        for pid in pids {
            assert_eq!(read(pid, "oom_score_adj").trim(), "1000");
            let limits = read(pid, "limits");
            let addresses = limits.lines().find(|line| line.starts_with("Max address space")).unwrap();
            assert!(!addresses.contains("unlimited"), "{addresses}");
        }
        let own = std::fs::read_to_string("/proc/self/oom_score_adj").unwrap();
        assert_eq!(read(shop.server.pid(), "oom_score_adj"), own, "the shop itself stays as it was");
    }
}
