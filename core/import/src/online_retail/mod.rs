//! The Online Retail set: invoice lines of a gift shop in the United Kingdom (Chen 2015, doi
//! 10.24432/C5BW33).
//!
//! A row is a sale unless it is set aside, in this order: a cancellation (the invoice number begins with C);
//! no product (POST, D, M, DOT, BANK CHARGES, gift vouchers and their like, see [`row`]); a quantity or a
//! price that is not above 0. The sales of one invoice are one purchase: its lines in the order of the file,
//! a repeated product once, with the sum of the quantities; the visit is the invoice number, the person the
//! customer number where there is one. Times are those of London.
//!
//! A row is a line: the set has no line break within a cell, so that a quote without its pair spoils one row
//! and no more.

mod goods;
mod invoices;
mod row;

use std::io::{BufRead, Read};

use goods::Goods;
use invoices::Invoices;
use row::{Columns, Row};

use crate::{
    Batch, ImportError, ReadOptions, Sink, Summary, batch::EVENTS, head::FileHead, lines::Lines, shape::Shape,
};

/// Online Retail I and II.
pub(crate) struct OnlineRetail;

impl Shape for OnlineRetail {
    fn shape_name(&self) -> &'static str {
        "online-retail"
    }

    fn recognise_head(&self, head: &FileHead<'_>) -> Option<&'static str> {
        let key = |name: &str| name.to_lowercase();
        let is_first = head.names(&["invoiceno", "stockcode", "invoicedate"], key);
        let is_second = head.names(&["invoice", "stockcode", "invoicedate"], key);
        match (is_first, is_second) {
            (true, _) => Some("the Online Retail set, an invoice line a row"),
            (_, true) => Some("the Online Retail II set, an invoice line a row"),
            _ => None,
        }
    }

    fn read(
        &self,
        content: &mut dyn BufRead,
        _options: &ReadOptions,
        sink: &mut Sink<'_>,
    ) -> Result<Summary, ImportError> {
        online_retail(content, sink)
    }
}

/// Reads the set. An event's id follows from its invoice's number and lines, so that a second import is
/// recognised, also of a part of the file.
///
/// # Errors
/// [`ImportError::Columns`] where the first line is another one, [`ImportError::Broken`] where the bytes
/// break off, [`ImportError::Refused`] where a batch is refused.
pub fn online_retail(content: impl Read, sink: &mut Sink<'_>) -> Result<Summary, ImportError> {
    let mut lines = Lines::new(content);
    let mut columns = Columns::find(lines.next()?.and_then(|l| l.text).unwrap_or_default())?;
    let mut summary = Summary::default();
    let mut goods = Goods::default();
    let mut invoices = Invoices::default();
    let mut batch = Batch::default();
    while let Some(line) = lines.next()? {
        if line.text.is_some_and(|t| t.trim_ascii().is_empty()) {
            continue;
        }
        summary.rows += 1;
        match line.text.map_or(Row::Bad("the line is longer than 1 MiB"), |text| columns.row(text)) {
            Row::Aside(why) => summary.set_aside(why),
            Row::Bad(what) => summary.note(line.number, what),
            Row::Sale(sale) => {
                summary.without_customer += u64::from(sale.customer.is_none());
                goods.note(&sale);
                summary.events += invoices.add(sale, line.number, &mut batch);
                if batch.events.len() >= EVENTS {
                    batch.items = goods.changed();
                    batch.hand_over(sink)?;
                }
            }
        }
    }
    summary.events += invoices.close_all(&mut batch);
    batch.items = goods.changed();
    batch.hand_over(sink)?;
    summary.items = goods.len();
    Ok(summary)
}

#[cfg(test)]
mod tests;
