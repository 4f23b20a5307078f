//! A feed for Google's Merchant Center: a table, RSS 2.0 or Atom, all with the same attributes
//! (<https://support.google.com/merchants/answer/7052112>).

mod attributes;
mod xml;

use std::io::BufRead;

use crate::{
    ImportError, ItemLevel, ReadOptions, Sink, Summary,
    delimited::DelimitedTable,
    head::FileHead,
    products::{ItemRows, Record, column_key},
    shape::Shape,
};

/// A feed for Google's Merchant Center.
pub(crate) struct Google;

impl Shape for Google {
    fn shape_name(&self) -> &'static str {
        "google"
    }

    fn recognise_head(&self, head: &FileHead<'_>) -> Option<&'static str> {
        match head.first_byte() {
            Some(b'{' | b'[') => None,
            Some(b'<') if head.contains("<rss") => Some("a Google Merchant feed as RSS 2.0"),
            Some(b'<') if head.contains("<feed") => Some("a Google Merchant feed as Atom"),
            _ => {
                let is_table = [["id", "title", "link"], ["id", "title", "price"]];
                let is_table = is_table.iter().any(|names| head.names(names, column_key));
                is_table.then_some("a Google Merchant feed, a product a row")
            }
        }
    }

    fn read(
        &self,
        content: &mut dyn BufRead,
        options: &ReadOptions,
        sink: &mut Sink<'_>,
    ) -> Result<Summary, ImportError> {
        if options.level == ItemLevel::Product {
            return Err(ImportError::Level);
        }
        let mut rows = ItemRows::new(attributes::ATTRIBUTES, options, sink);
        let is_xml = content.fill_buf().is_ok_and(|head| FileHead::new(head).first_byte() == Some(b'<'));
        if is_xml {
            xml::read_xml(content, &mut rows)?;
        } else {
            read_table(content, &mut rows)?;
        }
        rows.finish_rows()
    }
}

fn read_table(content: &mut dyn BufRead, rows: &mut ItemRows<'_, '_>) -> Result<(), ImportError> {
    let mut table = DelimitedTable::new(content)?;
    let places: Vec<usize> = table.header.iter().map(|name| rows.column(name)).collect();
    if !rows.has_item_id(&places) {
        return Err(ImportError::Columns { missing: "id" });
    }
    while let Some(row) = table.next()? {
        rows.summary.rows += 1;
        match row.cells {
            Ok(cells) => {
                let filled = places.iter().copied().zip(cells).filter(|(_, cell)| !cell.is_empty());
                rows.take(Record { line: row.line, cells: filled.collect() })?;
            }
            Err(what) => rows.refuse(row.line, what),
        }
    }
    Ok(())
}
