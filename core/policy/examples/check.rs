//! Shows what is found in a policy: `cargo run -p jardin-policy --example check -- FILE`.
use std::process::ExitCode;
#[expect(clippy::print_stdout, reason = "an example shows its result")]
fn main() -> ExitCode {
    let Some(file) = std::env::args().nth(1) else {
        return ExitCode::from(2);
    };
    let Ok(source) = std::fs::read_to_string(&file) else {
        return ExitCode::from(2);
    };
    match jardin_policy::Policy::load(&file, &source) {
        Ok((policy, report)) => {
            println!("{}\n{} is in force", report.rendered(), policy.revision());
            ExitCode::SUCCESS
        }
        Err(report) => {
            println!("{}", report.rendered());
            ExitCode::FAILURE
        }
    }
}
