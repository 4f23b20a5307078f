#!/usr/bin/env bash
# Package:  rss 2.0.12 from crates.io
# Expected: a product field of a feed is found by its namespace, however the feed writes it, as XML namespaces say
# Happens:  fields are kept under the prefix that the file happens to use (`g`, `base`, …), and an element that names its namespace itself,
#           without a prefix, is dropped without an error
# Hurt:     an importer that asks for `g` reads products without prices from feeds that are valid; Jardin reads no feed by this library
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder" && mkdir src && cat > Cargo.toml <<'TOML'
[package]
name = "feed"
version = "0.1.0"
edition = "2021"

[dependencies]
rss = { version = "=2.0.12", default-features = false }
TOML
cat > src/main.rs <<'RUST'
const PRODUCTS: &str = "urn:products";

/// The prefixes under which the price of an item was kept.
fn kept(root: &str, price: &str) -> Vec<String> {
    let item = format!("<item><title>Tent</title>{price}</item>");
    let text = format!("<rss version=\"2.0\"{root}><channel><title>t</title><link>l</link><description>d</description>{item}</channel></rss>");
    let channel: rss::Channel = text.parse().expect("the feed is valid");
    channel.items()[0].extensions().keys().cloned().collect()
}

fn main() {
    let usual = kept(&format!(" xmlns:g=\"{PRODUCTS}\""), "<g:price>199.00 EUR</g:price>");
    let other = kept(&format!(" xmlns:base=\"{PRODUCTS}\""), "<base:price>199.00 EUR</base:price>");
    let bare = kept("", &format!("<price xmlns=\"{PRODUCTS}\">199.00 EUR</price>"));
    println!("the same field: kept under {usual:?}, {other:?}, {bare:?}");
    let as_seen = usual == ["g"] && other == ["base"] && bare.is_empty();
    std::process::exit(if as_seen { 0 } else { 1 });
}
RUST
cargo run --quiet
