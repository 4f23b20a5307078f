//! Products as WooCommerce exports them: a row a product, and a row for each of its variants that names it as its parent
//! (<https://github.com/woocommerce/woocommerce/wiki/Product-CSV-Import-Schema>).

mod columns;
mod families;

use std::io::BufRead;

use self::{columns::COLUMNS, families::Families};
use crate::{
    ImportError, ReadOptions, Sink, Summary,
    delimited::DelimitedTable,
    head::FileHead,
    products::{ItemRows, column_key},
    shape::Shape,
};

/// Products as WooCommerce exports them.
pub(crate) struct WooCommerce;

impl Shape for WooCommerce {
    fn shape_name(&self) -> &'static str {
        "woocommerce"
    }

    fn recognise_head(&self, head: &FileHead<'_>) -> Option<&'static str> {
        let is_export = head.names(&["type", "sku", "name", "regular_price"], column_key);
        is_export.then_some("a WooCommerce product export, variants under their parents")
    }

    fn read(
        &self,
        content: &mut dyn BufRead,
        options: &ReadOptions,
        sink: &mut Sink<'_>,
    ) -> Result<Summary, ImportError> {
        let mut rows = ItemRows::new(COLUMNS, options, sink);
        let mut table = DelimitedTable::new(content)?;
        let mut families = Families::new(&table.header, options.level, &mut rows)?;
        while let Some(row) = table.next()? {
            rows.summary.rows += 1;
            match row.cells {
                Ok(cells) => families.add(row.line, cells, &mut rows)?,
                Err(what) => rows.refuse(row.line, what),
            }
        }
        families.finish_families(&mut rows)?;
        rows.finish_rows()
    }
}
