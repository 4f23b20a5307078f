//! Rows of an invoice become one purchase.

use std::collections::{HashMap, VecDeque};

use jardin_model::Timestamp;
use serde_json::{Value, json};

use super::row::Sale;
use crate::{Batch, fingerprint::fingerprint};

/// So many invoices are open at a time: rows of one invoice stand together, apart from a few that are mixed
/// with the next ones.
const OPEN: usize = 64;
/// An invoice with more products than this goes on as another event.
const PRODUCTS: usize = 10_000;

/// Invoices whose rows may still come, in the order of their first rows.
#[derive(Default)]
pub(super) struct Invoices(VecDeque<Invoice>);

struct Invoice {
    number: String,
    customer: Option<String>,
    at: Timestamp,
    first_line: u64,
    /// Product and quantity, in the order of the file.
    lines: Vec<(String, u32)>,
    places: HashMap<String, usize>,
}

impl Invoices {
    /// Adds a sale and closes what must be closed; gives the number of events that came of it.
    pub(super) fn add(&mut self, sale: Sale, line: u64, batch: &mut Batch) -> u64 {
        // the newest is searched first, and is nearly always the one
        let found = self.0.iter_mut().rev().find(|o| o.number == sale.invoice && o.has_room(&sale.stock));
        if let Some(open) = found {
            open.add(sale.stock, sale.quantity);
            return 0;
        }
        let mut invoice = Invoice {
            number: sale.invoice,
            customer: sale.customer,
            at: sale.at,
            first_line: line,
            lines: Vec::new(),
            places: HashMap::new(),
        };
        invoice.add(sale.stock, sale.quantity);
        self.0.push_back(invoice);
        let oldest = if self.0.len() > OPEN { self.0.pop_front() } else { None };
        oldest.map_or(0, |invoice| invoice.close(batch))
    }

    /// Closes every invoice.
    pub(super) fn close_all(&mut self, batch: &mut Batch) -> u64 {
        self.0.drain(..).map(|invoice| invoice.close(batch)).sum()
    }
}

impl Invoice {
    fn has_room(&self, stock: &str) -> bool {
        self.lines.len() < PRODUCTS || self.places.contains_key(stock)
    }

    fn add(&mut self, stock: String, quantity: u32) {
        if let Some((_, so_far)) = self.places.get(&stock).and_then(|place| self.lines.get_mut(*place)) {
            *so_far = so_far.saturating_add(quantity);
        } else {
            self.places.insert(stock.clone(), self.lines.len());
            self.lines.push((stock, quantity));
        }
    }

    fn close(self, batch: &mut Batch) -> u64 {
        let of_line = |(stock, quantity): &(String, u32)| json!({"item_id": stock, "quantity": quantity});
        let lines: Vec<Value> = self.lines.iter().map(of_line).collect();
        let mut event = json!({
            "event_id": format!("online-retail/{}/{:016x}", self.number, self.lines_fingerprint()),
            "type": "purchase",
            "occurred_at": self.at.to_string(),
            "session_id": self.number,
            "items": lines,
        });
        if let (Some(customer), Some(map)) = (self.customer, event.as_object_mut()) {
            map.insert("subject_id".to_owned(), customer.into());
        }
        batch.events.push(event);
        batch.lines.push(self.first_line);
        1
    }

    /// Of the invoice's lines and nothing else: the same purchase has the same id wherever it stands, and the
    /// rest of a purchase that was cut has another.
    fn lines_fingerprint(&self) -> u64 {
        let said = self.lines.iter().flat_map(|(stock, quantity)| {
            let quantity = quantity.to_le_bytes();
            stock.bytes().chain([b' ']).chain(quantity)
        });
        fingerprint(said.chain(self.at.ms().to_le_bytes()))
    }
}
