//! Writes the page of codes: `cargo run -p jardin-host --example codes > docs/codes.md`.
#[expect(clippy::print_stdout, reason = "an example shows its result")]
fn main() {
    print!("{}", jardin_diagnostics::codes_page(&jardin_host::every_code()));
}
