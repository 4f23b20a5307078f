//! Commands: a file a command.
use std::process::ExitCode;
pub(crate) fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|a| a == jardin_native::WORKER_ARGUMENT) {
        return jardin_native::worker();
    }
    ExitCode::from(2)
}
