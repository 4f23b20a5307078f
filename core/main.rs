//! The `jardin` program; its commands are in `core/cli`.

use std::process::ExitCode;

use jardin_sandbox::ClearingAllocator;

/// Of the host and of its workers: what was said about a person leaves memory with the block that held it.
#[global_allocator]
static ALLOCATOR: ClearingAllocator = ClearingAllocator::of_system();

fn main() -> ExitCode {
    jardin_cli::main()
}
