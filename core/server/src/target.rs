//! Where a request leads.

use hyper::Method;

use crate::{
    route::{Path, Route},
    routes,
};

/// Where a request leads.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    Route(&'static Route),
    /// A known path, without a route for the method.
    NoMethod(&'static Path),
    NoRoute,
}

impl Target {
    /// The route of a method and a path, as it stands in the request.
    pub(crate) fn find(method: &Method, path: &str) -> Self {
        let matching = routes::all().filter(|route| route.path.matches(path));
        // a path that is written out goes before one with a placeholder
        let Some(first) = matching.min_by_key(|r| r.path.names.len()) else { return Self::NoRoute };
        let mut rows = routes::all().filter(|r| r.path.template == first.path.template);
        rows.find(|r| r.verb.answers(method)).map_or(Self::NoMethod(first.path), Self::Route)
    }

    /// The row of a request for lists, which nearly all requests of a shop are; `None` for any other.
    pub(crate) fn list_row(method: &Method, path: &str) -> Option<&'static Route> {
        routes::lists().iter().find(|row| row.path.template == path && row.verb.answers(method))
    }

    /// A known path that was asked for by a method that it does not take.
    pub(crate) fn of_template(template: &str) -> Self {
        let route = routes::all().find(|route| route.path.template == template);
        route.map_or(Self::NoRoute, |route| Self::NoMethod(route.path))
    }

    /// The rows of a template.
    pub(crate) fn rows_of(template: &str) -> impl Iterator<Item = &'static Route> {
        routes::all().filter(move |route| route.path.template == template)
    }

    /// The route's template.
    pub(crate) const fn template(self) -> Option<&'static str> {
        match self {
            Self::Route(route) => Some(route.path.template),
            Self::NoMethod(path) => Some(path.template),
            Self::NoRoute => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_rows_share_a_name_or_a_verb_and_path() {
        let names: BTreeSet<_> = routes::all().map(|route| route.name).collect();
        let calls: BTreeSet<_> = routes::all().map(|r| (r.path.template, r.verb.word())).collect();
        assert_eq!((names.len(), calls.len()), (routes::all().count(), routes::all().count()));
    }

    #[test]
    fn every_placeholder_has_its_field() {
        for route in routes::all() {
            let places =
                route.path.template.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'));
            let fields = route.path.names.iter().map(|field| field.key);
            assert!(places.eq(fields), "{}", route.path.template);
        }
    }

    #[test]
    fn a_path_leads_to_the_row_that_says_more() {
        let name = |method: &Method, path: &str| match Target::find(method, path) {
            Target::Route(route) => route.name,
            Target::NoMethod(_) => "no method",
            Target::NoRoute => "no route",
        };
        for (method, path, expected) in [
            (Method::POST, "/v1/items/batch", "put_items"),
            (Method::PUT, "/v1/items/batch", "no method"),
            (Method::PUT, "/v1/items/batch2", "put_item"),
            (Method::HEAD, "/health/live", "show_live"),
            (Method::HEAD, "/v1/recommendations", "no method"),
            (Method::GET, "/v1/items/", "no route"),
            (Method::GET, "/v1/items/a/b", "no route"),
            (Method::GET, "/v1//policy", "no route"),
            (Method::GET, "/v1/policy/", "no route"),
        ] {
            assert_eq!(name(&method, path), expected, "{method} {path}");
        }
    }

    /// Straight to its row goes what leads there the other way, and every list does.
    #[test]
    fn lists_go_straight_to_the_rows_that_they_lead_to() {
        let mut straight = 0;
        for template in routes::all().map(|route| route.path.template) {
            for path in [template.to_owned(), format!("{template}/"), template.replacen("/v1", "/v2", 1)] {
                for method in [Method::POST, Method::GET, Method::HEAD, Method::PUT, Method::OPTIONS] {
                    let row = Target::list_row(&method, &path).map(|row| row.name);
                    let found = match Target::find(&method, &path) {
                        Target::Route(route) if route.name.starts_with("recommend") => Some(route.name),
                        _ => None,
                    };
                    assert_eq!(row, found, "{method} {path}");
                    straight += usize::from(row.is_some());
                }
            }
        }
        assert_eq!(straight, 2);
    }

    #[test]
    fn names_in_a_path_are_decoded_as_rfc_3986_says() {
        let Target::Route(route) = Target::find(&Method::GET, "/v1/items/x") else {
            panic!("there is a row")
        };
        for (segment, name) in [
            ("a%20b", Some("a b")),
            ("%C3%A9", Some("é")),
            ("a%2Fb", Some("a/b")),
            ("a%2", Some("a%2")),
            ("%zz", Some("%zz")),
            ("%ff", None),
            ("%07", None),
        ] {
            let read = route.path.read_names(&format!("/v1/items/{segment}")).ok();
            assert_eq!(
                read.as_deref().and_then(|names| names.first()).map(String::as_str),
                name,
                "{segment}"
            );
        }
    }
}
