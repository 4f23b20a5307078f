//! Products as Shopify exports them: rows that share a handle are one product, the first with what all of it has in
//! common, each with a variant or a picture (<https://help.shopify.com/en/manual/products/import-export/using-csv>).

mod columns;
mod product_rows;

use std::io::BufRead;

use self::{columns::COLUMNS, product_rows::ProductRows};
use crate::{
    ImportError, ReadOptions, Sink, Summary,
    delimited::DelimitedTable,
    head::FileHead,
    products::{ItemRows, column_key},
    shape::Shape,
};

/// Products as Shopify exports them.
pub(crate) struct Shopify;

impl Shape for Shopify {
    fn shape_name(&self) -> &'static str {
        "shopify"
    }

    fn recognise_head(&self, head: &FileHead<'_>) -> Option<&'static str> {
        let is_older = head.names(&["handle", "title", "variant_price"], column_key);
        let is_newer = head.names(&["url_handle", "title", "price"], column_key);
        (is_older || is_newer).then_some("a Shopify product export, rows joined by their handle")
    }

    fn read(
        &self,
        content: &mut dyn BufRead,
        options: &ReadOptions,
        sink: &mut Sink<'_>,
    ) -> Result<Summary, ImportError> {
        let mut rows = ItemRows::new(COLUMNS, options, sink);
        let mut table = DelimitedTable::new(content)?;
        let mut products = ProductRows::new(&table.header, options.level, &mut rows)?;
        while let Some(row) = table.next()? {
            rows.summary.rows += 1;
            match row.cells {
                Ok(cells) => products.add(row.line, cells, &mut rows)?,
                Err(what) => {
                    products.finish_product(&mut rows)?;
                    rows.refuse(row.line, what);
                }
            }
        }
        products.finish_product(&mut rows)?;
        rows.finish_rows()
    }
}
