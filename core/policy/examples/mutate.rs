//! Shows which widening edits of a policy nobody reports: `cargo run -p jardin-policy --example mutate -- FILE`.
use std::process::ExitCode;
#[expect(clippy::print_stdout, reason = "an example shows its result")]
fn main() -> ExitCode {
    let text = std::env::args().nth(1).and_then(|file| std::fs::read_to_string(file).ok());
    let Some(mutation) = text.and_then(|text| jardin_policy::tools::mutate("policy.toml", &text)) else {
        return ExitCode::FAILURE;
    };
    println!("{}", mutation.text());
    ExitCode::SUCCESS
}
