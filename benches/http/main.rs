//! What a list costs over HTTP, beside a handler that does nothing else: `cargo bench --profile dist --bench http`.
//!
//! For each kind of list and 1, 16 and 64 connections: requests a second as a share of the bare handler's, and
//! the CPU time of the program and its workers for a list. With `-- --against PROGRAM` another build of the program
//! is measured in turn with this one. Ratios hold within one run only.
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

use std::{path::Path, process::Command, time::Duration};

use load::{Load, Measured};
use support::{Server, program};

const CONNECTIONS: [usize; 3] = [1, 16, 64];
/// How long each measurement takes, and how many of them the median is of.
const LASTS: Duration = Duration::from_secs(2);
const ROUNDS: usize = 5;

/// The kinds of lists, each with its request.
const KINDS: [(&str, &str); 4] = [
    ("from memory", r#"{"placement":"home","subject_id":"noor"}"#),
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
    fn load(&self, body: &str, connections: usize, lasts: Duration) -> Measured {
        Load { address: &self.server.base, body, connections, lasts }.measure(self.server.pid())
    }
}

fn start(name: &str, mut command: Command, arguments: &[&str], folder: Option<&Path>) -> Measurable {
    command.args(arguments).args(folder);
    Measurable { name: name.to_owned(), server: Server::start(command) }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.iter().any(|a| a == bare::ARGUMENT) {
        return bare::serve();
    }
    let against = arguments.iter().position(|a| a == "--against").map(|at| arguments[at + 1].clone());
    let folder = tempfile::tempdir().unwrap();
    let demo = ["demo", "--listen", "127.0.0.1:0", "--data"];
    let own = Command::new(std::env::current_exe().unwrap());
    let mut servers = vec![start("bare", own, &[bare::ARGUMENT], None)];
    servers.push(start("this", program(), &demo, Some(&folder.path().join("this"))));
    if let Some(other) = against {
        let name = "the other";
        servers.push(start(name, Command::new(other), &demo, Some(&folder.path().join("other"))));
    }
    for connections in CONNECTIONS {
        println!("{connections} connections");
        for (kind, body) in KINDS {
            print_kind(kind, &measure_in_turn(&servers, body, connections), &servers);
        }
    }
}

/// The median of each server, measured one after the other, again and again.
fn measure_in_turn(servers: &[Measurable], body: &str, connections: usize) -> Vec<Measured> {
    let mut all: Vec<Vec<Measured>> = servers.iter().map(|_| Vec::new()).collect();
    for one in servers {
        one.load(body, connections, LASTS / 4);
    }
    for _ in 0..ROUNDS {
        for (measured, one) in all.iter_mut().zip(servers) {
            measured.push(one.load(body, connections, LASTS));
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
