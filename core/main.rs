//! The `jardin` program; its commands are in `core/cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    jardin_cli::main()
}
