//! The demo's shop in a browser: pages beside the API, which they call as any shop's own pages would.

use jardin_server::Page;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// Everything that the shop's pages load.
pub(super) fn pages() -> Vec<Page> {
    let files = [
        ("/", HTML, include_str!("index.html")),
        ("/style", HTML, include_str!("style.html")),
        ("/favicon.svg", SVG, include_str!("favicon.svg")),
        ("/storefront.css", CSS, include_str!("storefront.css")),
        ("/storefront.js", JAVASCRIPT, include_str!("storefront.js")),
        ("/pages.js", JAVASCRIPT, include_str!("pages.js")),
        ("/choices.js", JAVASCRIPT, include_str!("choices.js")),
        ("/known.js", JAVASCRIPT, include_str!("known.js")),
        ("/lists.js", JAVASCRIPT, include_str!("lists.js")),
        ("/state.js", JAVASCRIPT, include_str!("state.js")),
        ("/elements.js", JAVASCRIPT, include_str!("elements.js")),
        ("/api.js", JAVASCRIPT, include_str!("api.js")),
        ("/pictures.js", JAVASCRIPT, include_str!("pictures.js")),
        ("/style.js", JAVASCRIPT, include_str!("style.js")),
        ("/words.js", JAVASCRIPT, include_str!("words.js")),
        ("/words_en.js", JAVASCRIPT, include_str!("words_en.js")),
        ("/words_fr.js", JAVASCRIPT, include_str!("words_fr.js")),
        ("/words_de.js", JAVASCRIPT, include_str!("words_de.js")),
        ("/jardin.js", JAVASCRIPT, include_str!("../../../../../clients/js/jardin.js")),
    ];
    let page = |(path, content_type, text): (_, _, &'static str)| Page {
        path,
        content_type,
        content: text.as_bytes().into(),
    };
    files.into_iter().map(page).collect()
}
