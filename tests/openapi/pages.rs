//! `UPDATE=1 cargo test --release --test jardin -- openapi::pages` prints both anew.

use std::{fs, path::Path};

use jardin_server::{openapi, route_table};

const BEGIN: &str = "<!-- the table of routes, printed -->\n";
const END: &str = "<!-- end of the table of routes -->\n";

/// Compares a file of the repository with what is printed, or writes it.
fn compare(name: &str, printed: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, printed).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == printed, "`{name}` is not what the routes print; run this test with UPDATE=1");
}

#[test]
fn the_openapi_document_is_printed_from_the_routes() {
    compare("openapi.json", &openapi());
}

#[test]
fn the_table_of_the_page_is_printed_from_the_routes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/http.md");
    let page = fs::read_to_string(path).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the page says where the table begins");
    let (_, after) = rest.split_once(END).expect("the page says where the table ends");
    compare("docs/http.md", &format!("{before}{BEGIN}\n{}\n{END}{after}", route_table()));
}

#[test]
fn the_page_of_a_running_shop_shows_every_route_and_every_problem() {
    let data = tempfile::tempdir().unwrap();
    let server = crate::support::Server::demo(data.path());
    let page = server.client.get("/docs");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    for operation in super::operations(&super::document()) {
        let title =
            format!("<h2 id=\"{}\"><code>{} {}</code></h2>", operation.name, operation.verb, operation.path);
        assert!(page.text.contains(&title), "{title}");
        for kind in operation.members["responses"].as_object().unwrap().values() {
            for word in kind["description"].as_str().unwrap().split(", ").filter(|word| *word != "done") {
                assert!(page.text.contains(&format!("<dt id=\"{word}\">")), "{word}");
            }
        }
    }
    assert!(!page.text.contains("<script"));
}
