//! A plugin that attacks as an author in Rust would: through the standard library. The setting `attack` says
//! how; its one pick tells how it went: item 0 where it succeeded, item 200 for an honest answer, else the
//! item whose index is the error number.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::panic,
    clippy::exit,
    reason = "what a plugin must not be able to do is done here"
)]

use std::{
    env, fs, hint, io,
    net::{TcpListener, TcpStream, UdpSocket},
    os::unix::net::UnixStream,
    process::{self, Command},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::SystemTime,
};

use jardin_sdk::{CatalogueRows, Params, Picks, Request, Strategy, strategy};

/// An honest answer.
const HONEST: u32 = 200;

/// Carried from person to person: how many requests were answered before.
static CALLS: AtomicU32 = AtomicU32::new(0);

struct Hostile {
    attack: u32,
}

fn outcome<T>(result: io::Result<T>) -> u32 {
    match result {
        Ok(_) => 0,
        Err(error) => error.raw_os_error().and_then(|n| n.try_into().ok()).unwrap_or(HONEST - 1),
    }
}

/// Through files, sockets, threads and processes: each ends the worker.
fn system(attack: u32) -> u32 {
    match attack {
        1 => outcome(fs::read("/etc/hostname")),
        2 => outcome(fs::write("/tmp/jardin-hostile", "x")),
        3 => outcome(fs::read_dir("/proc")),
        4 => outcome(fs::read_link("/proc/self/exe")),
        5 => outcome(TcpStream::connect("127.0.0.1:9")),
        6 => outcome(TcpListener::bind("127.0.0.1:0")),
        7 => outcome(UdpSocket::bind("127.0.0.1:0")),
        8 => outcome(UnixStream::pair()),
        9 => outcome(thread::Builder::new().spawn(|| {})),
        10 => outcome(Command::new("true").status()),
        11 => outcome(env::current_dir()),
        12 => outcome(fs::remove_file("/tmp/jardin-hostile")),
        _ => HONEST,
    }
}

/// What the library does without the kernel, or with what the worker has.
fn library(attack: u32) -> u32 {
    match attack {
        // nothing of the host's environment is there
        20 => u32::from(env::vars_os().next().is_none()),
        21 => u32::from(env::var_os("SECRET").is_none()),
        22 => {
            println!("to nobody");
            eprintln!("to nobody");
            HONEST
        }
        23 => u32::from(SystemTime::now() <= SystemTime::UNIX_EPOCH),
        24 => CALLS.fetch_add(1, Ordering::Relaxed),
        _ => HONEST,
    }
}

fn recursion(depth: u64) -> u64 {
    let frame = hint::black_box([depth; 128]);
    if depth == u64::MAX { 0 } else { recursion(depth + 1) + frame.first().copied().unwrap_or(0) }
}

/// Deaths and lies.
fn misbehave(attack: u32, picks: &mut Picks) {
    match attack {
        40 => process::abort(),
        41 => panic!("as asked"),
        42 => loop {
            hint::spin_loop();
        },
        43 => picks.add(u32::try_from(recursion(0) % 256).unwrap_or(0), 1.0),
        44 => {
            let mut hog = Vec::new();
            while hog.len() < 1 << 20 {
                hog.push(vec![1_u8; 1 << 20]);
            }
            picks.add(u32::from(hint::black_box(hog).is_empty()), 1.0);
        }
        45 => process::exit(0),
        46 => picks.add(5, f64::NAN),
        47 => (0..2).for_each(|_| picks.add(5, 1.0)),
        48 => (0..1_000_000).for_each(|n| picks.add(n, 1.0)),
        _ => {}
    }
}

impl Strategy for Hostile {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small whole number, from the test"
    )]
    fn create(params: &Params<'_>) -> Result<Self, String> {
        Ok(Self { attack: params.number("attack").unwrap_or(0.0) as u32 })
    }

    fn catalogue(&mut self, _: &CatalogueRows<'_>) {}

    fn recommend(&mut self, _: &Request<'_>, picks: &mut Picks) {
        match self.attack {
            0..20 => picks.add(system(self.attack), 1.0),
            20..40 => picks.add(library(self.attack), 1.0),
            _ => misbehave(self.attack, picks),
        }
    }
}

strategy! { Hostile, name: "hostile" }
