//! The demo's shop in a browser: pages beside the API, which they call as any shop's own pages would.

use anyhow::Context as _;
use jardin_server::Page;
use serde_json::{Value, json};

use super::shop;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";
const JSON: &str = "application/json";

/// Everything that the shop's pages load.
pub(super) fn pages() -> anyhow::Result<Vec<Page>> {
    let fixed = [
        ("/", HTML, include_str!("index.html")),
        ("/favicon.svg", SVG, include_str!("favicon.svg")),
        ("/storefront.css", CSS, include_str!("storefront.css")),
        ("/storefront.js", JAVASCRIPT, include_str!("storefront.js")),
        ("/api.js", JAVASCRIPT, include_str!("api.js")),
        ("/jardin.js", JAVASCRIPT, include_str!("../../../../../clients/js/jardin.js")),
        ("/pictures.js", JAVASCRIPT, include_str!("pictures.js")),
        ("/words.js", JAVASCRIPT, include_str!("words.js")),
    ];
    let mut pages: Vec<Page> = fixed
        .into_iter()
        .map(|(path, content_type, text)| Page { path, content_type, content: text.as_bytes().into() })
        .collect();
    let products = shop::items()?.iter().map(shown_product).collect::<Option<Value>>();
    let products = products.context("an item of the demo lacks what its page shows")?;
    pages.push(Page {
        path: "/products.json",
        content_type: JSON,
        content: products.to_string().into_bytes().into(),
    });
    Ok(pages)
}

/// What a shop's own pages know of a product. What it pays for one is not among it.
fn shown_product(item: &Value) -> Option<Value> {
    let fields = item.get("fields")?;
    Some(json!({
        "id": item.get("item_id")?,
        "category": fields.get("category")?,
        "en": fields.get("title_en")?,
        "fr": fields.get("title_fr")?,
        "price": fields.get("price")?,
    }))
}
