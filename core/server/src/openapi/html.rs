//! The API as a page for people, printed from the table of routes.

use std::fmt::Write as _;

use crate::{
    page::Page,
    problem_kind::ProblemKind,
    route::{Body, Route},
    routes,
};

const HEAD: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Jardin: the HTTP API</title>\n<h1>The HTTP API</h1>\n\
                    <p>Printed from the table of routes, as <code>openapi.json</code> is. A key or a page token is sent as <code>Authorization: Bearer</code>.</p>\n";

/// The page.
pub(crate) fn docs_page() -> Page {
    let mut html = HEAD.to_owned();
    routes::all().for_each(|route| push_route(&mut html, route));
    html.push_str("<h2 id=\"problems\">Problems</h2>\n<p>A problem is a document as RFC 9457 writes it; its <code>type</code> ends in one of these words.</p>\n<dl>\n");
    ProblemKind::ALL.into_iter().for_each(|kind| push_problem(&mut html, kind));
    html.push_str("</dl>\n</html>\n");
    Page { path: "/docs", content_type: "text/html; charset=utf-8", content: html.into() }
}

fn push_route(html: &mut String, route: &Route) {
    let roles = route.roles.iter().map(|role| role.word().to_owned());
    let callers: Vec<String> =
        roles.chain(route.scope.map(|scope| format!("token {}", scope.word()))).collect();
    let callers = if callers.is_empty() { "anybody".to_owned() } else { callers.join(", ") };
    let (verb, path) = (route.verb.word(), escaped(route.path.template));
    // writing into a text does not fail
    let _ = writeln!(html, "<h2 id=\"{}\"><code>{verb} {path}</code></h2>", route.name);
    let _ = writeln!(html, "<p>{}. For {}.</p>", escaped(route.summary), escaped(&callers));
    if let Body::Json(shape) | Body::Lines(shape) = route.body {
        let _ = writeln!(html, "<table>\n<caption>{}</caption>", escaped(shape.says));
        for field in shape.fields {
            let needed = if field.required { "required" } else { "optional" };
            let (form, says) = (escaped(&field.form()), escaped(field.says));
            let _ = writeln!(
                html,
                "<tr><th scope=\"row\"><code>{}</code></th><td>{needed}</td><td>{form}</td><td>{says}</td></tr>",
                field.key
            );
        }
        let example = format!("{:#}", shape.example_value());
        let _ = writeln!(html, "</table>\n<pre>{}</pre>", escaped(&example));
    }
    let _ = writeln!(html, "<p>Answers {}.</p>", route.answer.status);
    if let Some(shape) = route.answer.body {
        let example = format!("{:#}", shape.example_value());
        let _ = writeln!(html, "<pre>{}</pre>", escaped(&example));
    }
    let problems = route.problems.iter().map(|kind| format!("<a href=\"#{0}\">{0}</a>", kind.word()));
    let problems: Vec<String> = problems.collect();
    if !problems.is_empty() {
        let _ = writeln!(html, "<p>Problems of its own: {}.</p>", problems.join(", "));
    }
}

fn push_problem(html: &mut String, kind: ProblemKind) {
    let (word, status) = (kind.word(), kind.status().as_u16());
    let _ = writeln!(
        html,
        "<dt id=\"{word}\"><code>{word}</code> {status}</dt>\n<dd>{}</dd>",
        escaped(kind.describe_kind())
    );
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
