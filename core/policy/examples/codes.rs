//! Writes the page of codes: `cargo run -p jardin-policy --example codes > docs/codes.md`.
#[expect(clippy::print_stdout, reason = "an example shows its result")]
fn main() {
    print!("{}", jardin_policy::tools::codes_page());
}
