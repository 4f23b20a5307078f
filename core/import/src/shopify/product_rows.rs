//! Rows of one handle become one product, or its variants.

use std::collections::HashSet;

use crate::{
    ImportError, ItemLevel,
    products::{ItemRows, Record, column_key},
};

/// Columns that say something of the product and stand in its first row alone.
const OF_PRODUCT: [&str; 9] = [
    "handle",
    "url_handle",
    "title",
    "vendor",
    "product_category",
    "type",
    "tags",
    "image_src",
    "product_image_url",
];

/// How many there are of a variant.
const QUANTITY: [&str; 2] = ["variant_inventory_qty", "inventory_quantity"];

/// A row of a product: its line and its cells by column.
struct ProductRow {
    line: u64,
    cells: Vec<String>,
}

/// Collects the rows of a handle, which stand together.
pub(super) struct ProductRows {
    keys: Vec<String>,
    places: Vec<usize>,
    item_id: usize,
    in_stock: usize,
    level: ItemLevel,
    open: Vec<ProductRow>,
    /// Handles that were read whole.
    closed: HashSet<String>,
}

impl ProductRows {
    pub(super) fn new(
        names: &[String],
        level: ItemLevel,
        rows: &mut ItemRows<'_, '_>,
    ) -> Result<Self, ImportError> {
        let keys: Vec<String> = names.iter().map(|name| column_key(name)).collect();
        if !keys.iter().any(|key| key == "handle" || key == "url_handle") {
            return Err(ImportError::Columns { missing: "Handle" });
        }
        Ok(Self {
            places: names.iter().map(|name| rows.column(name)).collect(),
            item_id: rows.column("SKU or handle"),
            in_stock: rows.column("quantity, tracker and policy"),
            keys,
            level,
            open: Vec::new(),
            closed: HashSet::new(),
        })
    }

    /// Adds a row; where it begins another product, the one before is handed on.
    pub(super) fn add(
        &mut self,
        line: u64,
        cells: Vec<String>,
        rows: &mut ItemRows<'_, '_>,
    ) -> Result<(), ImportError> {
        let row = ProductRow { line, cells };
        let handle = self.handle(&row).to_owned();
        if handle.is_empty() {
            rows.refuse(line, "`Handle` is empty: each row names the product that it belongs to");
            return Ok(());
        }
        if self.open.first().is_some_and(|first| self.handle(first) != handle) {
            self.finish_product(rows)?;
        }
        if self.closed.contains(&handle) {
            rows.refuse(
                line,
                "rows of another product stand between the rows of this one: sort the file by `Handle`",
            );
            return Ok(());
        }
        self.open.push(row);
        Ok(())
    }

    /// Hands on the product whose rows were read.
    pub(super) fn finish_product(&mut self, rows: &mut ItemRows<'_, '_>) -> Result<(), ImportError> {
        let open = std::mem::take(&mut self.open);
        let Some(first) = open.first() else { return Ok(()) };
        self.closed.insert(self.handle(first).to_owned());
        if !self.is_published(first) {
            rows.summary.set_aside("a product that is not published");
            return Ok(());
        }
        match self.level {
            ItemLevel::Product => {
                let is_in_stock = open.iter().filter_map(|row| self.is_in_stock(row)).reduce(|a, b| a || b);
                let id = self.handle(first);
                rows.take(self.make_record(first, first, id, is_in_stock))
            }
            ItemLevel::Variant => {
                let variants = open.iter().filter(|row| self.is_variant(row));
                for row in variants {
                    let sku = self.cell(row, &["variant_sku", "sku"]);
                    if sku.is_empty() {
                        rows.refuse(row.line, "the variant has no SKU, which is its id: give it one, or read products by --level product");
                    } else {
                        rows.take(self.make_record(first, row, sku, self.is_in_stock(row)))?;
                    }
                }
                Ok(())
            }
        }
    }

    /// The cells of a variant, with what its product says; a picture of its own comes before that of the product.
    fn make_record(
        &self,
        product: &ProductRow,
        row: &ProductRow,
        id: &str,
        is_in_stock: Option<bool>,
    ) -> Record {
        let mut cells = vec![(self.item_id, id.to_owned())];
        cells.extend(is_in_stock.map(|is_in_stock| (self.in_stock, is_in_stock.to_string())));
        for (at, (key, place)) in self.keys.iter().zip(&self.places).enumerate() {
            let of_product = OF_PRODUCT.contains(&key.as_str());
            let source = if of_product { product } else { row };
            let cell = source.cells.get(at).map(String::as_str).unwrap_or_default();
            // a barcode carries an apostrophe so that no sheet makes a number of it
            let cell = if key.ends_with("barcode") { cell.trim_start_matches('\'') } else { cell };
            if !cell.is_empty() {
                cells.push((*place, cell.to_owned()));
            }
        }
        Record { line: row.line, cells }
    }

    /// A row without price and SKU holds a further picture.
    fn is_variant(&self, row: &ProductRow) -> bool {
        !self.cell(row, &["variant_price", "price", "variant_sku", "sku"]).is_empty()
    }

    fn is_published(&self, row: &ProductRow) -> bool {
        let is = |names: &[&str], words: &[&str]| {
            let cell = self.cell(row, names).to_ascii_lowercase();
            words.contains(&cell.as_str())
        };
        !is(&["published", "published_on_online_store"], &["false"])
            && !is(&["status"], &["draft", "archived"])
    }

    /// Whether a variant can be sold: nobody counts it, or there is some, or it is sold without; `None` where the export
    /// tells nothing of stocks.
    fn is_in_stock(&self, row: &ProductRow) -> Option<bool> {
        if !self.keys.iter().any(|key| QUANTITY.contains(&key.as_str())) {
            return None;
        }
        let is_counted = !self.cell(row, &["variant_inventory_tracker", "inventory_tracker"]).is_empty();
        let goes_on = self.cell(row, &["variant_inventory_policy", "continue_selling_when_out_of_stock"]);
        let goes_on = matches!(goes_on.to_ascii_lowercase().as_str(), "continue" | "true");
        let count: i64 = self.cell(row, &QUANTITY).parse().unwrap_or(0);
        Some(!is_counted || goes_on || count > 0)
    }

    fn handle<'r>(&self, row: &'r ProductRow) -> &'r str {
        self.cell(row, &["handle", "url_handle"])
    }

    /// The first filled cell of these columns.
    fn cell<'r>(&self, row: &'r ProductRow, names: &[&str]) -> &'r str {
        let places = self.keys.iter().enumerate().filter(|(_, key)| names.contains(&key.as_str()));
        let mut cells = places.filter_map(|(at, _)| row.cells.get(at)).map(String::as_str);
        cells.find(|cell| !cell.is_empty()).unwrap_or_default()
    }
}
