//! Products with their variants.

use std::collections::BTreeMap;

use crate::{
    ImportError, ItemLevel,
    products::{ItemRows, Record, column_key},
};

/// What a variant has of its parent where it says nothing itself.
const INHERITED: [&str; 5] = ["categories", "tags", "images", "brands", "brand"];

/// What a product takes of its first variant, for it has none of its own.
const OF_FIRST_VARIANT: [&str; 2] = ["regular_price", "sale_price"];

/// A row as the file has it.
struct WooRow {
    line: u64,
    cells: Vec<String>,
}

/// Products with variants, by SKU and by number, until their variants were read.
pub(super) struct Families {
    keys: Vec<String>,
    places: Vec<usize>,
    image: usize,
    level: ItemLevel,
    parents: Vec<WooRow>,
    by_name: BTreeMap<String, usize>,
}

impl Families {
    pub(super) fn new(
        names: &[String],
        level: ItemLevel,
        rows: &mut ItemRows<'_, '_>,
    ) -> Result<Self, ImportError> {
        let keys: Vec<String> = names.iter().map(|name| column_key(name)).collect();
        if !keys.iter().any(|key| key == "type") {
            return Err(ImportError::Columns { missing: "Type" });
        }
        let places = names.iter().map(|name| rows.column(name)).collect();
        Ok(Self {
            keys,
            places,
            image: rows.column("first of Images"),
            level,
            parents: Vec::new(),
            by_name: BTreeMap::new(),
        })
    }

    pub(super) fn add(
        &mut self,
        line: u64,
        mut cells: Vec<String>,
        rows: &mut ItemRows<'_, '_>,
    ) -> Result<(), ImportError> {
        cells.iter_mut().for_each(strip_apostrophe);
        let row = WooRow { line, cells };
        if matches!(self.cell(&row, "published"), "0" | "-1") {
            rows.summary.set_aside("a product that is not published");
            return Ok(());
        }
        let kind = self.cell(&row, "type").split(',').next().unwrap_or_default().trim().to_owned();
        match (kind.as_str(), self.level) {
            ("variation", ItemLevel::Variant) => self.add_variant(row, rows),
            ("variation", ItemLevel::Product) => {
                self.complete_parent(&row);
                rows.summary.set_aside("a variant: products are read");
                Ok(())
            }
            ("variable", level) => {
                if level == ItemLevel::Variant {
                    rows.summary.set_aside("a product whose variants are read");
                }
                self.add_parent(row);
                Ok(())
            }
            _ => rows.take(self.make_record(&row)),
        }
    }

    fn add_parent(&mut self, row: WooRow) {
        let names = [self.cell(&row, "sku").to_owned(), format!("id:{}", self.cell(&row, "id"))];
        let place = self.parents.len();
        self.parents.push(row);
        self.by_name.extend(names.into_iter().filter(|name| !name.is_empty()).map(|name| (name, place)));
    }

    fn add_variant(&self, mut row: WooRow, rows: &mut ItemRows<'_, '_>) -> Result<(), ImportError> {
        let parent = self.by_name.get(self.cell(&row, "parent")).and_then(|place| self.parents.get(*place));
        let Some(parent) = parent else {
            rows.refuse(row.line, "the product that `Parent` names does not stand above this variant");
            return Ok(());
        };
        let inherited = |(_, key): &(usize, &String)| INHERITED.contains(&key.as_str());
        for (at, _) in self.keys.iter().enumerate().filter(inherited) {
            if let (Some(cell), Some(of_parent)) = (row.cells.get_mut(at), parent.cells.get(at))
                && cell.is_empty()
            {
                cell.clone_from(of_parent);
            }
        }
        rows.take(self.make_record(&row))
    }

    fn complete_parent(&mut self, variant: &WooRow) {
        let Some(place) = self.by_name.get(self.cell(variant, "parent")).copied() else { return };
        let Some(parent) = self.parents.get_mut(place) else { return };
        for (at, _) in
            self.keys.iter().enumerate().filter(|(_, key)| OF_FIRST_VARIANT.contains(&key.as_str()))
        {
            if let (Some(cell), Some(of_variant)) = (parent.cells.get_mut(at), variant.cells.get(at))
                && cell.is_empty()
            {
                cell.clone_from(of_variant);
            }
        }
    }

    /// Hands on the products with variants, where products are read.
    pub(super) fn finish_families(&mut self, rows: &mut ItemRows<'_, '_>) -> Result<(), ImportError> {
        let parents = std::mem::take(&mut self.parents);
        if self.level == ItemLevel::Variant {
            return Ok(());
        }
        parents.iter().try_for_each(|row| rows.take(self.make_record(row)))
    }

    fn make_record(&self, row: &WooRow) -> Record {
        let cells = self.keys.iter().zip(&self.places).zip(&row.cells);
        let filled = cells.filter(|(_, cell)| !cell.is_empty());
        let mut cells: Vec<(usize, String)> =
            filled.map(|((key, place), cell)| (*place, read_cell(key, cell))).collect();
        let image =
            self.cell(row, "images").split(',').next().map(str::trim).filter(|image| !image.is_empty());
        cells.extend(image.map(|image| (self.image, image.to_owned())));
        Record { line: row.line, cells }
    }

    fn cell<'r>(&self, row: &'r WooRow, name: &str) -> &'r str {
        let place = self.keys.iter().position(|key| key == name);
        place.and_then(|place| row.cells.get(place)).map(String::as_str).unwrap_or_default()
    }
}

/// A cell that a spreadsheet would take for a formula carries an apostrophe.
fn strip_apostrophe(cell: &mut String) {
    let is_marked = cell.strip_prefix('\'').is_some_and(|rest| rest.starts_with(['=', '+', '-', '@']));
    if is_marked {
        cell.remove(0);
    }
}

/// Whether there is any is said by a digit.
fn read_cell(key: &str, cell: &str) -> String {
    match (key, cell) {
        ("in_stock?", "1") => "in_stock",
        ("in_stock?", "0") => "out_of_stock",
        _ => cell,
    }
    .to_owned()
}
