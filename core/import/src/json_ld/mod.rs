//! Products as pages describe them for search engines: JSON-LD in the words of schema.org
//! (<https://schema.org/Product>).

mod product;

use std::io::BufRead;

use serde_json::Value;

use self::product::{COLUMNS, Placed, add_product};
use crate::{
    ImportError, ItemLevel, ReadOptions, Sink, Summary,
    head::FileHead,
    json_values::JsonObjects,
    products::{ItemRows, Record},
    shape::Shape,
};

/// Products as JSON-LD: an object a line, a list of objects, or a document with `@graph`.
pub(crate) struct JsonLd;

impl Shape for JsonLd {
    fn shape_name(&self) -> &'static str {
        "json-ld"
    }

    fn recognise_head(&self, head: &FileHead<'_>) -> Option<&'static str> {
        let is_linked = head.has_keys(&["@type"]) || head.has_keys(&["@graph"]);
        is_linked.then_some("JSON-LD, products in the words of schema.org")
    }

    fn read(
        &self,
        content: &mut dyn BufRead,
        options: &ReadOptions,
        sink: &mut Sink<'_>,
    ) -> Result<Summary, ImportError> {
        let mut rows = ItemRows::new(COLUMNS, options, sink);
        let mut objects = JsonObjects::new(content);
        while let Some((line, object)) = objects.next()? {
            match object {
                Ok(object) => read_object(&object, line, options.level, &mut rows)?,
                Err(what) => {
                    rows.summary.rows += 1;
                    rows.refuse(line, what);
                }
            }
        }
        rows.finish_rows()
    }
}

/// The products of an object: itself, those of its graph, or the variants of a group.
fn read_object(
    object: &Value,
    line: u64,
    level: ItemLevel,
    rows: &mut ItemRows<'_, '_>,
) -> Result<(), ImportError> {
    if let Some(graph) = object.get("@graph").and_then(Value::as_array) {
        return graph.iter().try_for_each(|object| read_object(object, line, level, rows));
    }
    rows.summary.rows += 1;
    let variants = object.get("hasVariant").and_then(Value::as_array);
    match (variants, level) {
        (Some(variants), ItemLevel::Variant) if is_a(object, "ProductGroup") => {
            variants.iter().try_for_each(|variant| take_product(&[variant, object], line, rows))
        }
        _ if is_a(object, "Product") || is_a(object, "ProductGroup") => take_product(&[object], line, rows),
        _ => {
            rows.summary.set_aside("an object that is not a product");
            Ok(())
        }
    }
}

/// A product; what it does not say itself its group says.
fn take_product(said_by: &[&Value], line: u64, rows: &mut ItemRows<'_, '_>) -> Result<(), ImportError> {
    let mut placed = Placed::default();
    add_product(said_by, &mut placed);
    let cells = placed.cells.into_iter().map(|(name, text)| (rows.column(name), text)).collect();
    rows.take(Record { line, cells })
}

/// True of an object of a type, written alone, in a list, or as an address.
fn is_a(object: &Value, name: &str) -> bool {
    let is_name = |kind: &Value| kind.as_str().and_then(|kind| kind.rsplit('/').next()) == Some(name);
    object
        .get("@type")
        .is_some_and(|kind| is_name(kind) || kind.as_array().is_some_and(|all| all.iter().any(is_name)))
}
