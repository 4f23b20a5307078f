//! How long answers take at half of what a server can do: whether somebody who asks for little waits behind those who
//! ask for much.

use std::{path::Path, process::Command, time::Duration};

use crate::{
    Measurable, argument,
    load::Load,
    open_loop::{OpenLoad, quantile},
    start,
    support::program,
};

const CONNECTIONS: usize = 64;
/// How many windows the median is of, and how long each takes.
const WINDOWS: usize = 5;
const LASTS: Duration = Duration::from_secs(20);

/// Light lists, with a heavy one among ten.
const MIX: [(&str, u64); 2] = [
    (r#"{"placement":"home","subject_id":"sacha"}"#, 90),
    (r#"{"placement":"product_page","context":{"page_item":"TEN-103"}}"#, 10),
];

/// Measures the bare handler and this program in turn, each at half of its own capacity and the bare one at the same
/// rate too.
pub fn print_waiting_times(own: &Path, folder: &Path) {
    let lasts =
        argument("--seconds").and_then(|seconds| seconds.parse().ok()).map_or(LASTS, Duration::from_secs);
    keep_on_core(1);
    let servers = [
        start("bare", on_first_core(own.as_os_str()), None),
        start("this", on_first_core(program().get_program()), Some(&folder.join("this"))),
    ];
    let half = capacity(&servers[1]) / 2.0;
    println!(
        "{half:.0} requests a second, half of what the program can do on one core with {CONNECTIONS} connections"
    );
    let mut windows: [Vec<Vec<Vec<f64>>>; 2] = Default::default();
    for _ in 0..WINDOWS {
        for (server, windows) in servers.iter().zip(&mut windows) {
            let load = OpenLoad {
                address: &server.server.base,
                kinds: &MIX,
                per_second: half,
                connections: CONNECTIONS,
                lasts,
            };
            windows.push(load.measure());
        }
    }
    for (server, windows) in servers.iter().zip(&windows) {
        for (kind, name) in ["light", "heavy"].iter().enumerate() {
            let median = |share: f64| {
                let mut of_windows: Vec<f64> = windows.iter().map(|w| quantile(&w[kind], share)).collect();
                of_windows.sort_by(f64::total_cmp);
                of_windows[WINDOWS / 2]
            };
            let (p50, p99) = (median(0.5), median(0.99));
            println!(
                "{:<5} {name}   p50 {p50:>7.0} µs   p99 {p99:>7.0} µs   p99 ÷ p50 {:>5.1}",
                server.name,
                p99 / p50
            );
        }
    }
}

/// How many requests of the mix a server answers a second where everybody asks again at once.
fn capacity(server: &Measurable) -> f64 {
    let per_second = |body: &str| {
        let load = Load {
            address: &server.server.base,
            body,
            connections: CONNECTIONS,
            lasts: Duration::from_secs(2),
        };
        let mut all: Vec<f64> = (0..3).map(|_| load.measure(server.server.pid()).per_second).collect();
        all.sort_by(f64::total_cmp);
        all[1]
    };
    // of each kind its share of the time
    1.0 / MIX.iter().map(|(body, share)| *share as f64 / 100.0 / per_second(body)).sum::<f64>()
}

fn on_first_core(program: &std::ffi::OsStr) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", "0"]).arg(program);
    command
}

/// Keeps this program's own thread on a core.
fn keep_on_core(core: usize) {
    let own = std::process::id().to_string();
    let kept = Command::new("taskset").args(["-cp", &core.to_string(), &own]).output();
    assert!(kept.is_ok_and(|kept| kept.status.success()), "there is no second core, or no `taskset`");
}
