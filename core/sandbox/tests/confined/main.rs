//! Processes that confine themselves and then do what foreign code might: this program, started again by
//! itself for each case.
#![expect(unsafe_code, reason = "bare system calls are what is tried here")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test, without the usual harness"
)]

mod cases;
mod parent;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("child") => cases::child(arguments.get(2).map(String::as_str).unwrap_or_default()),
        // what cargo asks of a harness when it only wants to know the names
        Some("--list") => println!("confined: test"),
        _ => parent::run(),
    }
}
