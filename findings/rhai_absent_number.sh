#!/usr/bin/env bash
# Package:  rhai 1.27.0 from crates.io, with its defaults
# Expected: ordering an absent value, `()`, against a number is an error, as adding to it is
# Happens:  `() < 0.12`, `() > 0.12` and `() == 0.12` are all false, so a rule goes on as if the value were fine
# Hurt:     "drop what has a margin under 12 %" keeps every product whose margin is not known; Jardin's check refuses to
#           order or calculate with a value that may be absent, unless the rule says what counts then (`??`)
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
cat > "$folder/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"
[dependencies]
rhai = "=1.27.0"
TOML
cat > "$folder/src/main.rs" <<'RS'
fn main() {
    let engine = rhai::Engine::new();
    let ordered: Vec<bool> = ["() < 0.12", "() > 0.12", "() == 0.12"].iter().map(|s| engine.eval::<bool>(s).unwrap()).collect();
    let added = engine.eval::<rhai::Dynamic>("() + 0.12").is_err();
    println!("rhai 1.27.0: () < 0.12, () > 0.12, () == 0.12 are {ordered:?}; () + 0.12 is an error: {added}");
    std::process::exit(if ordered == [false, false, false] && added { 0 } else { 1 });
}
RS
cargo run --quiet --manifest-path "$folder/Cargo.toml"
