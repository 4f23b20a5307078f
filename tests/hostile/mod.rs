//! A plugin that attacks: each attack is refused or kills its worker and nothing else, is noticed, and the
//! request gets the fallback's list. The same attacks succeed where a worker is not confined, so that they
//! are known to be real.

mod attacks;
mod canary;
mod forgetting;
mod in_rust;
mod shop;
mod staying;

use crate::support::Answer;
use attacks::{Attack, CALLS, End, LIES, Real};
use shop::{Hostile, Kind, User, is_root, told, users};

const SANDBOXED: Kind = Kind { flags: &[], in_rust: false, open: false, within: None };
const CONSTRUCTOR: Kind = Kind { flags: &["-DCONSTRUCTOR"], ..SANDBOXED };
const TAKEOVER: Kind = Kind { flags: &["-DTAKEOVER"], ..SANDBOXED };
const OPEN: Kind = Kind { open: true, ..SANDBOXED };

const CONTROL: u32 = 200;
/// EPERM by the filter, EACCES by Landlock.
const REFUSED: [u32; 2] = [1, 13];
/// EFAULT and EINVAL: the kernel looked at what the call was given.
const REACHED: [u32; 3] = [0, 14, 22];

fn counter(health: &serde_json::Value, name: &str) -> u64 {
    health["counters"][name].as_u64().unwrap_or_default()
}

/// Makes one attack and says what was wrong with its end.
fn fought(shop: &Hostile, attack: &Attack) -> Result<(), String> {
    let answer = shop.ask(attack.name);
    if answer.items().len() != 5 {
        return Err(format!("{}: the fallback did not fill the list: {}", attack.name, answer.text));
    }
    // an answer that is late goes out before the worker has been killed
    for _ in 0..100 {
        if ended(attack, &answer, &shop.health(attack.name)) {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let tried = answer.tried(attack.name);
    Err(format!("{}: {tried:?}, health {}, {}", attack.name, shop.health(attack.name), answer.text))
}

fn ended(attack: &Attack, answer: &Answer, health: &serde_json::Value) -> bool {
    let (status, why) = answer.tried(attack.name).unwrap();
    let told = told(answer, attack.name);
    let note = health["note"].as_str().unwrap_or_default();
    let died = |how: &str, counted: &str| {
        let as_it_should = status == "failed" && note.contains(how) && counter(health, counted) == 1;
        as_it_should && counter(health, "deaths") == 1 && told.is_none()
    };
    match attack.end {
        End::Killed => died("signal 31", "refused-calls"),
        End::Died("late") => died("late", "killed-late"),
        End::Died(how) if how.starts_with("signal") => died(how, "deaths-by-signal"),
        End::Died(how) => died(how, "deaths"),
        End::Error(number) => told == Some(number),
        End::Failed(reason) => {
            why.as_deref() == Some(reason)
                && (reason != "rejected" || counter(health, "rejected-answers") == 1)
        }
        End::Dropped => told.is_none() && counter(health, "deaths") == 0,
    }
}

fn all() -> Vec<&'static Attack> {
    CALLS.iter().chain(LIES).collect()
}

#[test]
fn every_attack_ends_its_worker_and_nothing_else() {
    for user in users() {
        let Some(mut shop) = Hostile::serve(&SANDBOXED, &all(), user) else {
            return;
        };
        assert_eq!(told(&shop.ask("control"), "control"), Some(CONTROL), "{user:?}");
        let wrong: Vec<String> = all().into_iter().filter_map(|a| fought(&shop, a).err()).collect();
        assert!(wrong.is_empty(), "{user:?}:\n{}", wrong.join("\n"));
        assert!(shop.server.is_running());
        assert_eq!(told(&shop.ask("control"), "control"), Some(CONTROL), "{user:?}");
        assert_eq!(counter(&shop.health("control"), "deaths"), 0);
        assert_eq!(shop.health("control")["enforcement"], "sandbox");
    }
}

/// What a constructor found out must be a refusal; these are not.
fn allowed_to_constructors(attack: &Attack) -> Option<u32> {
    match attack.name {
        "inherited-descriptors" => Some(9),
        _ => None,
    }
}

#[test]
fn what_a_constructor_tries_is_refused() {
    let attacks: Vec<&Attack> = CALLS.iter().filter(|a| a.name != "calls-of-32-bit-programs").collect();
    for user in users() {
        let Some(shop) = Hostile::serve(&CONSTRUCTOR, &attacks, user) else {
            return;
        };
        assert_eq!(told(&shop.ask("control"), "control"), Some(CONTROL), "{user:?}");
        let mut wrong = Vec::new();
        for attack in &attacks {
            let answer = shop.ask(attack.name);
            let result = told(&answer, attack.name);
            let fits = match allowed_to_constructors(attack) {
                Some(allowed) => result == Some(allowed),
                None => result.is_some_and(|r| REFUSED.contains(&r)),
            };
            if !fits {
                wrong.push(format!("{}: {result:?}", attack.name));
            }
        }
        assert!(wrong.is_empty(), "{user:?}:\n{}", wrong.join("\n"));
    }
}

/// The second filter cannot be forced upon code that never returns. But such code can install no filter that
/// the host would count instead, so that the host gives it nothing.
#[test]
fn a_constructor_that_keeps_the_process_gets_no_data() {
    let within = Kind { within: Some(&[]), ..TAKEOVER };
    for (kind, user) in
        [&TAKEOVER, &within].into_iter().flat_map(|kind| users().into_iter().map(move |user| (kind, user)))
    {
        let Some(shop) = Hostile::serve(kind, &[], user) else {
            return;
        };
        shop.until(|| {
            shop.health("control")["note"].as_str().is_some_and(|note| note.contains("not confined"))
        });
        let answer = shop.ask("control");
        assert_eq!((told(&answer, "control"), answer.items().len()), (None, 5), "{user:?}: {}", answer.text);
        assert_eq!(counter(&shop.health("control"), "requests"), 0, "{user:?}");
    }
}

/// In a container the host itself stands under a filter, which is counted neither for a worker nor against
/// it.
#[test]
fn a_worker_is_ready_where_the_host_stands_under_a_filter() {
    let within = Kind { within: Some(&[]), ..SANDBOXED };
    for user in users() {
        let Some(shop) = Hostile::serve(&within, &[], user) else {
            return;
        };
        assert_eq!(told(&shop.ask("control"), "control"), Some(CONTROL), "{user:?}");
    }
}

/// What a kernel lacks is named with what to do, and nothing is loaded.
#[test]
fn nothing_is_loaded_where_the_kernel_lacks_a_measure() {
    // landlock_create_ruleset, landlock_add_rule and landlock_restrict_self have these numbers on every
    // machine; seccomp's is the machine's own
    let seccomp =
        if cfg!(target_arch = "x86_64") { "-DFIRST=317 -DLAST=317" } else { "-DFIRST=277 -DLAST=277" };
    let seccomp: Vec<&str> = seccomp.split(' ').collect();
    let (landlock, seccomp): (&'static [&'static str], &'static [&'static str]) =
        (&["-DFIRST=444", "-DLAST=446"], seccomp.leak());
    for (missing, phrases) in [
        (landlock, ["has no Landlock", "start it with `landlock`"]),
        (seccomp, ["takes no seccomp filter", "build it with CONFIG_SECCOMP_FILTER"]),
    ] {
        let kind = Kind { within: Some(missing), ..SANDBOXED };
        let Some(shop) = Hostile::bare(&kind, &[], User::Own) else {
            return;
        };
        let note = || shop.health("control")["note"].as_str().unwrap_or_default().to_owned();
        shop.until(|| phrases.iter().all(|phrase| note().contains(phrase)));
        assert_eq!(shop.health("control")["ready"], false);
        assert_eq!(told(&shop.ask("control"), "control"), None);
        assert_eq!(counter(&shop.health("control"), "requests"), 0);
    }
}

/// As those of Go and Python do.
#[test]
fn a_constructor_that_starts_a_thread_is_refused_with_what_to_do() {
    let threads = Kind { flags: &["-DTHREADS"], ..SANDBOXED };
    let Some(shop) = Hostile::serve(&threads, &[], User::Own) else {
        return;
    };
    shop.until(|| {
        let health = shop.health("control");
        let note = health["note"].as_str().unwrap_or_default();
        note.contains("start no thread") && note.contains("Go or Python") && health["ready"] == false
    });
    assert_eq!(counter(&shop.health("control"), "requests"), 0);
}

#[test]
fn the_attacks_are_real_where_nothing_confines_them() {
    for user in users() {
        let Some(shop) = Hostile::serve(&OPEN, &CALLS.iter().collect::<Vec<_>>(), user) else {
            return;
        };
        assert_eq!(shop.health("control")["enforcement"], "advisory");
        let root = is_root() && user == User::Own;
        let mut wrong = Vec::new();
        for attack in CALLS {
            let result = told(&shop.ask(attack.name), attack.name);
            let expected = attack.real == Real::Anyone || (attack.real == Real::Root && root);
            if expected && !result.is_some_and(|r| REACHED.contains(&r)) {
                wrong.push(format!("{}: {result:?}", attack.name));
            }
        }
        assert!(wrong.is_empty(), "{user:?}: these did not succeed:\n{}", wrong.join("\n"));
    }
}
