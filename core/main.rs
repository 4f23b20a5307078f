//! The `jardin` program: it wires everything and holds no rule.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
