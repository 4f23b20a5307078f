//! The same in Rust: what an author does through the standard library, by the plugin
//! `examples/plugins/hostile`.

use super::{
    CONTROL, SANDBOXED,
    attacks::{Attack, End, Real, killed, lie},
    counter, fought,
    shop::{Hostile, Kind, told, users},
};

/// The numbers are those of `system`.
const CALLS: &[Attack] = &[
    killed(1, "read-a-file", Real::Anyone),
    killed(2, "write-a-file", Real::Anyone),
    killed(3, "list-a-folder", Real::Anyone),
    killed(4, "read-a-link", Real::Anyone),
    killed(5, "connect", Real::Kernel),
    killed(6, "listen", Real::Anyone),
    killed(7, "datagram", Real::Anyone),
    killed(8, "unix-pair", Real::Anyone),
    killed(9, "spawn-a-thread", Real::Anyone),
    killed(10, "run-a-command", Real::Anyone),
    killed(11, "working-folder", Real::Anyone),
    killed(12, "remove-a-file", Real::Anyone),
];

/// The numbers are those of `library` and `misbehave`: the environment is empty and the clock can be read, as
/// docs/plugins.md says.
const REST: &[Attack] = &[
    lie(20, "list-the-environment", End::Error(1)),
    lie(21, "read-the-environment", End::Error(1)),
    lie(22, "print", End::Error(CONTROL)),
    lie(23, "clock", End::Error(0)),
    lie(40, "process-abort", End::Died("it gave itself up (abort)")),
    lie(41, "panic", End::Failed("error")),
    lie(42, "loop", End::Died("late")),
    lie(43, "recursion", End::Died("signal 11")),
    lie(44, "memory-hog", End::Died("it ran out of memory")),
    lie(45, "process-exit", End::Died("it exited")),
    lie(46, "not-a-number", End::Dropped),
    lie(48, "a-million-picks", End::Failed("rejected")),
];

const IN_RUST: Kind = Kind { in_rust: true, ..SANDBOXED };

/// A plugin that keeps a count in a static, as it may: one worker serves many people.
const CARRIED: Attack = lie(24, "carried-over", End::Error(0));
const TWICE: Attack = lie(47, "one-item-twice", End::Dropped);

#[test]
fn what_rust_offers_ends_its_worker_and_nothing_else() {
    let all: Vec<&Attack> = CALLS.iter().chain(REST).chain([&CARRIED, &TWICE]).collect();
    for user in users() {
        let Some(mut shop) = Hostile::serve(&IN_RUST, &all, user) else {
            return;
        };
        let fights = CALLS.iter().chain(REST).filter_map(|attack| fought(&shop, attack).err());
        let wrong: Vec<String> = fights.collect();
        assert!(wrong.is_empty(), "{user:?}:\n{}", wrong.join("\n"));
        // what it keeps in its memory is its own to carry from one person to the next
        let carried: Vec<_> = (0..3).map(|_| told(&shop.ask(CARRIED.name), CARRIED.name)).collect();
        assert_eq!(carried, [Some(0), Some(1), Some(2)]);
        let twice = shop.ask(TWICE.name).items();
        assert_eq!((twice.len(), twice.iter().filter(|item| *item == "r5").count()), (5, 1), "{twice:?}");
        assert!(shop.server.is_running());
        assert_eq!(told(&shop.ask("control"), "control"), Some(CONTROL), "{user:?}");
        assert_eq!(counter(&shop.health("control"), "deaths"), 0);
    }
}

#[test]
fn all_of_it_works_where_nothing_confines_it() {
    let open = Kind { open: true, ..IN_RUST };
    for user in users() {
        let Some(shop) = Hostile::serve(&open, &CALLS.iter().collect::<Vec<_>>(), user) else {
            return;
        };
        let told: Vec<_> =
            CALLS.iter().map(|attack| (attack, told(&shop.ask(attack.name), attack.name))).collect();
        let wrong: Vec<_> = told
            .iter()
            .filter(|(attack, result)| attack.real == Real::Anyone && *result != Some(0))
            .map(|(attack, result)| (attack.name, result))
            .collect();
        assert!(wrong.is_empty(), "{user:?}: these did not succeed: {wrong:?}");
    }
}
