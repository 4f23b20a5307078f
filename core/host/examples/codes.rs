//! Writes the page of codes: `cargo run -p jardin-host --example codes > docs/codes.md`.
#[expect(clippy::print_stdout, reason = "an example shows its result")]
fn main() {
    print!("{}", jardin_host::codes_and_verdicts_page());
}
