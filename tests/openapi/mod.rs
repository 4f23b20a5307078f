//! The pages about the API are what the table of routes prints, and what they say holds of a running server.

mod examples;
mod pages;
pub mod schema;

use std::{fs, path::Path};

use serde_json::Value;

/// The document as it is committed.
pub fn document() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    serde_json::from_str(&fs::read_to_string(path).expect("it is committed")).expect("it is JSON")
}

/// One operation of the document.
#[derive(Clone)]
pub struct Operation {
    pub name: String,
    pub verb: String,
    pub path: String,
    pub members: Value,
}

/// Every operation of the document.
pub fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().expect("paths");
    let each = paths.iter().flat_map(|(path, verbs)| {
        verbs.as_object().expect("verbs").iter().map(|(verb, members)| Operation {
            name: members["operationId"].as_str().expect("an operation has an id").to_owned(),
            verb: verb.to_uppercase(),
            path: path.clone(),
            members: members.clone(),
        })
    });
    each.collect()
}

impl Operation {
    /// The path with the examples of its names.
    pub fn example_path(&self) -> String {
        let parameters = self.members["parameters"].as_array().expect("parameters");
        let names = parameters.iter().filter(|parameter| parameter["in"] == "path");
        names.fold(self.path.clone(), |path, name| {
            let place = format!("{{{}}}", name["name"].as_str().expect("a name"));
            path.replace(&place, name["example"].as_str().expect("an example"))
        })
    }

    /// The type and the example of the body, where it has one.
    pub fn example_body(&self) -> Option<(String, Vec<u8>)> {
        let (kind, content) = self.members["requestBody"]["content"].as_object()?.iter().next()?;
        let body = match &content["example"] {
            Value::String(lines) => lines.clone(),
            example => example.to_string(),
        };
        Some((kind.clone(), body.into_bytes()))
    }

    /// The response of a status.
    pub fn response(&self, status: u16) -> Option<&Value> {
        self.members["responses"].get(status.to_string())
    }
}
