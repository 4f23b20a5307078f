//! The table of routes of docs/http.md.

use crate::{
    route::{Answer, Route},
    routes,
};

/// The table of routes as Markdown: a row per route.
#[must_use]
pub fn route_table() -> String {
    let head =
        "| verb and path | role | what it does | answer | problems of its own |\n|---|---|---|---|---|\n";
    routes::all().map(table_row).fold(head.to_owned(), |page, row| page + &row)
}

fn table_row(route: &Route) -> String {
    let roles = route.roles.iter().map(|role| role.word().to_owned());
    let roles: Vec<String> =
        roles.chain(route.scope.map(|scope| format!("token `{}`", scope.word()))).collect();
    let roles = if roles.is_empty() { "anybody".to_owned() } else { roles.join(", ") };
    let problems: Vec<&str> = route.problems.iter().map(|problem| problem.word()).collect();
    format!(
        "| {} {} | {roles} | {} | {} | {} |\n",
        route.verb.word(),
        route.path.template,
        route.summary,
        answer_cell(route.answer),
        problems.join(", ")
    )
}

fn answer_cell(answer: Answer) -> String {
    let second = answer.or.map(|status| format!(" or {status}")).unwrap_or_default();
    let body = answer.body.map(|shape| format!(" {}", shape.name)).unwrap_or_default();
    let tag = if answer.tagged { ", ETag" } else { "" };
    format!("{}{second}{body}{tag}", answer.status)
}
