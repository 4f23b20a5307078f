//! What a list costs over HTTP, beside a handler that does nothing else: `cargo bench --profile dist --bench http`.
//!
//! For each kind of list and 1, 16 and 64 connections: requests a second as a share of the bare handler's, the CPU
//! time of the program and its workers for a list, and its system calls. `-- --against PROGRAM` measures another
//! build of the program in turn with this one, `-- --with TEXT` the same one under a server.toml of that text.
//! `-- --latency` measures in place of all that how long answers take at half of what a server can do, each server on
//! one core and the client on another. Ratios hold within one run only.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    dead_code,
    unused_imports,
    reason = "a benchmark ends by panicking, prints its figures, reads the clock and uses a part of what the tests share"
)]

#[path = "../../tests/support/mod.rs"]
mod support;

mod bare;
mod cpu_time;
mod load;
mod open_loop;
mod syscalls;
mod waiting_times;

use std::{fs, path::Path, process::Command, time::Duration};

use load::{Load, Measured};
use support::{Server, program};

const CONNECTIONS: [usize; 3] = [1, 16, 64];
/// How long each measurement takes, and how many of them the median is of.
const LASTS: Duration = Duration::from_secs(2);
const ROUNDS: usize = 5;

/// The kinds of lists, each with its request.
const KINDS: [(&str, &str); 5] = [
    // who objected
    ("from memory", r#"{"placement":"home","subject_id":"sacha"}"#),
    ("by a script over the shop", r#"{"placement":"home","subject_id":"noor"}"#),
    ("through a plugin", r#"{"placement":"also_viewed","context":{"page_item":"TEN-103"}}"#),
    ("personal, by a script", r#"{"placement":"home","subject_id":"camille"}"#),
    ("by a script over a plugin", r#"{"placement":"product_page","context":{"page_item":"TEN-103"}}"#),
];

/// A server that is measured.
struct Measurable {
    name: String,
    server: Server,
}

impl Measurable {
    fn load<'a>(&'a self, body: &'a str, connections: usize, lasts: Duration) -> Load<'a> {
        Load { address: &self.server.base, body, connections, lasts }
    }

    fn measure(&self, body: &str, connections: usize, lasts: Duration) -> Measured {
        self.load(body, connections, lasts).measure(self.server.pid())
    }
}

/// Starts a server by a command, to which this program's own arguments or those of the demo are added.
fn start(name: &str, mut command: Command, demo: Option<&Path>) -> Measurable {
    match demo {
        Some(folder) => command.args(["demo", "--listen", "127.0.0.1:0", "--data"]).arg(folder),
        None => command.arg(bare::ARGUMENT),
    };
    Measurable { name: name.to_owned(), server: Server::start(command) }
}

/// The argument behind `name`.
fn argument(name: &str) -> Option<String> {
    let mut all = std::env::args().skip_while(|argument| argument != name);
    all.next().and_then(|_| all.next())
}

fn main() {
    let is_given = |name: &str| std::env::args().any(|argument| argument == name);
    if is_given(bare::ARGUMENT) {
        return bare::serve();
    }
    let folder = tempfile::tempdir().unwrap();
    let own = std::env::current_exe().unwrap();
    if is_given("--latency") {
        return waiting_times::print_waiting_times(&own, folder.path());
    }
    let mut servers = vec![start("bare", Command::new(own), None)];
    servers.push(start("this", program(), Some(&folder.path().join("this"))));
    if let Some(other) = argument("--against") {
        servers.push(start("the other", Command::new(other), Some(&folder.path().join("other"))));
    }
    if let Some(text) = argument("--with") {
        let demo = folder.path().join("with");
        fs::create_dir_all(demo.join("shop")).unwrap();
        fs::write(demo.join("shop/server.toml"), &text).unwrap();
        servers.push(start(&text.replace('\n', " "), program(), Some(&demo)));
    }
    for connections in CONNECTIONS {
        println!("{connections} connections");
        for (kind, body) in KINDS {
            print_kind(kind, &measure_in_turn(&servers, body, connections), &servers);
            for server in &servers {
                let calls = server.load(body, connections, LASTS / 4).count_calls(server.server.pid());
                println!("  {kind:<27} {:<10} {calls:>7.1} system calls", server.name);
            }
        }
    }
}

/// The median of each server, measured one after the other, again and again.
fn measure_in_turn(servers: &[Measurable], body: &str, connections: usize) -> Vec<Measured> {
    let mut all: Vec<Vec<Measured>> = servers.iter().map(|_| Vec::new()).collect();
    for one in servers {
        one.measure(body, connections, LASTS / 4);
    }
    for _ in 0..ROUNDS {
        for (measured, one) in all.iter_mut().zip(servers) {
            measured.push(one.measure(body, connections, LASTS));
        }
    }
    all.into_iter().map(Measured::median_of).collect()
}

fn print_kind(kind: &str, measured: &[Measured], servers: &[Measurable]) {
    let bare = &measured[0];
    for (one, server) in measured.iter().zip(servers).skip(1) {
        println!(
            "  {kind:<27} {:<10} {:>7.0} /s   {:>3.0} % of bare   CPU {:>6.1} µs   bare's {:>5.1} µs",
            server.name,
            one.per_second,
            one.per_second / bare.per_second * 100.0,
            one.cpu_us,
            bare.cpu_us,
        );
    }
}
