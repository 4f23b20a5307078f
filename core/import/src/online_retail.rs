//! The Online Retail set: invoice lines of a gift shop in the United Kingdom (Chen 2015, doi 10.24432/C5BW33).
//!
//! A row is a sale unless it is set aside, in this order: a cancellation (the invoice number begins with C); no product (the stock code is
//! not five digits with letters behind them: POST, D, M, DOT, BANK CHARGES and their like); a quantity or a price that is not above 0.
//! The sales of one invoice are one purchase: its lines in the order of the file, a repeated product once, with the sum of the
//! quantities; the visit is the invoice number, the person the customer number where there is one. Times are those of London.

use std::{
    collections::{BTreeMap, HashMap},
    io::Read,
};

use csv::ByteRecord;
use serde_json::{Value, json};

use crate::{Batch, ImportError, Sink, Summary, batch::EVENTS};

/// An invoice whose rows may still come: rows of one invoice stand together, so that few are open at a time.
struct Invoice {
    number: String,
    customer: Option<String>,
    at: String,
    first_line: u64,
    /// Product and quantity, in the order of the file.
    lines: Vec<(String, u64)>,
    places: HashMap<String, usize>,
}

struct Columns([usize; 7]);

const NAMES: [&str; 7] = [
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
];

/// How a row is read.
enum Row {
    Sale {
        invoice: String,
        stock: String,
        description: String,
        quantity: u64,
        at: String,
        price: String,
        customer: Option<String>,
    },
    Aside(&'static str),
    Bad(&'static str),
}

/// Reads the set. Each event's id is made of its invoice number, so that a second import of the file is recognised.
///
/// # Errors
/// [`ImportError::Columns`] where the first line is another one, [`ImportError::Broken`] where the bytes break off,
/// [`ImportError::Refused`] where a batch is refused.
pub fn online_retail(content: impl Read, sink: &mut Sink<'_>) -> Result<Summary, ImportError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(content);
    let broken = |line: u64, error: csv::Error| ImportError::Broken {
        line,
        source: error.into(),
    };
    let columns = Columns::find(reader.byte_headers().map_err(|e| broken(0, e))?)?;
    let mut summary = Summary::default();
    let mut items = BTreeMap::new();
    let mut open: Option<Invoice> = None;
    let mut batch = Batch::default();
    let mut record = ByteRecord::new();
    let mut last_line = 1;
    while reader.read_byte_record(&mut record).map_err(|e| broken(last_line, e))? {
        let line = record.position().map_or(0, csv::Position::line);
        last_line = line;
        summary.rows += 1;
        match columns.row(&record) {
            Row::Aside(why) => summary.set_aside(why),
            Row::Bad(what) => summary.note(line, what),
            Row::Sale {
                invoice,
                stock,
                description,
                quantity,
                at,
                price,
                customer,
            } => {
                summary.without_customer += u64::from(customer.is_none());
                if open.as_ref().is_none_or(|o| o.number != invoice) {
                    close(open.take(), &mut batch, &mut summary);
                    open = Some(Invoice {
                        number: invoice,
                        customer,
                        at,
                        first_line: line,
                        lines: Vec::new(),
                        places: HashMap::new(),
                    });
                }
                if let Some(open) = &mut open {
                    open.add(&stock, quantity);
                }
                note_item(&mut items, stock, description, price, &mut batch);
                if batch.events.len() >= EVENTS {
                    sink(std::mem::take(&mut batch)).map_err(|what| ImportError::Refused { what })?;
                }
            }
        }
    }
    close(open, &mut batch, &mut summary);
    summary.items = items.len() as u64;
    sink(batch).map_err(|what| ImportError::Refused { what })?;
    Ok(summary)
}

impl Columns {
    fn find(headers: &ByteRecord) -> Result<Self, ImportError> {
        let mut places = [0; 7];
        for (place, name) in places.iter_mut().zip(NAMES) {
            let plain = |h: &[u8]| h.strip_prefix("\u{feff}".as_bytes()).unwrap_or(h).trim_ascii() == name.as_bytes();
            *place = headers.iter().position(plain).ok_or(ImportError::Columns { missing: name })?;
        }
        Ok(Self(places))
    }

    fn row(&self, record: &ByteRecord) -> Row {
        let mut cells = [""; 7];
        for (cell, place) in cells.iter_mut().zip(self.0) {
            match record.get(place).map(std::str::from_utf8) {
                Some(Ok(text)) => *cell = text.trim(),
                Some(Err(_)) => return Row::Bad("a cell is not UTF-8"),
                None => return Row::Bad("the row has too few cells"),
            }
        }
        let [invoice, stock, description, quantity, at, price, customer] = cells;
        if invoice.is_empty() {
            return Row::Bad("the invoice number is empty");
        }
        let (Ok(quantity), Ok(amount)) = (quantity.parse::<i64>(), price.parse::<f64>()) else {
            return Row::Bad("the quantity or the price is no number");
        };
        let Some(at) = instant(at) else {
            return Row::Bad("the date is not written as 2010-12-01 08:26:00");
        };
        if invoice.starts_with(['C', 'c']) {
            return Row::Aside("cancellations");
        }
        if !is_product(stock) {
            return Row::Aside("no products");
        }
        if quantity <= 0 || amount.is_nan() || amount <= 0.0 {
            return Row::Aside("quantities or prices not above 0");
        }
        Row::Sale {
            invoice: invoice.to_owned(),
            stock: stock.to_owned(),
            description: description.to_owned(),
            quantity: quantity.unsigned_abs(),
            at,
            price: format!("{amount:.4}"),
            customer: (!customer.is_empty()).then(|| customer.strip_suffix(".0").unwrap_or(customer).to_owned()),
        }
    }
}

/// Five digits, and letters behind them.
fn is_product(stock: &str) -> bool {
    let (digits, rest) = stock.split_at_checked(5).unwrap_or(("", stock));
    digits.len() == 5 && digits.bytes().all(|b| b.is_ascii_digit()) && rest.bytes().all(|b| b.is_ascii_alphabetic())
}

/// The instant of a local time of London, as RFC 3339 writes it.
fn instant(text: &str) -> Option<String> {
    let (day, time) = text.split_once([' ', 'T'])?;
    let mut parts = time.split(':').map(|p| p.parse::<i64>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    if parts.next().is_some() || !(0..24).contains(&hour) || !(0..60).contains(&minute) || !(0..60).contains(&second) {
        return None;
    }
    let day: jardin_model::Date = day.parse().ok()?;
    let london = jardin_model::Zone::named("Europe/London").ok()?;
    Some(london.instant(day, hour * 3600 + minute * 60 + second)?.to_string())
}

impl Invoice {
    fn add(&mut self, stock: &str, quantity: u64) {
        match self.places.get(stock).and_then(|place| self.lines.get_mut(*place)) {
            Some((_, so_far)) => *so_far += quantity,
            None => {
                self.places.insert(stock.to_owned(), self.lines.len());
                self.lines.push((stock.to_owned(), quantity));
            }
        }
    }
}

fn close(invoice: Option<Invoice>, batch: &mut Batch, summary: &mut Summary) {
    let Some(invoice) = invoice else { return };
    summary.events += 1;
    let lines: Vec<Value> = invoice
        .lines
        .iter()
        .map(|(stock, quantity)| json!({"item_id": stock, "quantity": quantity}))
        .collect();
    // an invoice that comes back later in the file is another event of the same visit
    let mut event = json!({
        "event_id": format!("online-retail/{}/{}", invoice.number, invoice.first_line),
        "type": "purchase",
        "occurred_at": invoice.at,
        "session_id": invoice.number,
        "items": lines,
    });
    if let (Some(customer), Some(map)) = (invoice.customer, event.as_object_mut()) {
        map.insert("subject_id".to_owned(), customer.into());
    }
    batch.events.push(event);
    batch.lines.push(invoice.first_line);
}

/// Hands an item over when it is new or its description or price has changed.
fn note_item(items: &mut BTreeMap<String, (String, String)>, stock: String, description: String, price: String, batch: &mut Batch) {
    let known = items.get(&stock);
    let description = match known {
        Some((before, _)) if description.is_empty() => before.clone(),
        _ => description,
    };
    if known.is_some_and(|(d, p)| *d == description && *p == price) {
        return;
    }
    batch.items.push(json!({
        "item_id": stock,
        "fields": {"title": description, "price": price, "category": "gifts", "in_stock": true},
    }));
    items.insert(stock, (description, price));
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    fn read(rows: &str) -> (Summary, Batch) {
        let mut all = Batch::default();
        let text = format!("{HEAD}{rows}");
        let summary = online_retail(text.as_bytes(), &mut |batch| {
            all.items.extend(batch.items);
            all.events.extend(batch.events);
            Ok(())
        });
        (summary.unwrap(), all)
    }

    #[test]
    fn an_invoice_is_one_purchase_with_each_product_once() {
        let (summary, batch) = read(
            "7001,10002,\"LAMP, RED\",2,2011-07-01 09:30:00,1.25,901.0,France\n\
             7001,10003a,BOX,1,2011-07-01 09:30:00,0.5,901.0,France\n\
             7001,10002,\"LAMP, RED\",3,2011-07-01 09:30:00,1.25,901.0,France\n\
             7002,10003a,BOX,1,2011-12-01 09:30:00,0.5,,France\n",
        );
        assert_eq!((summary.events, summary.items, summary.without_customer, summary.bad), (2, 2, 1, 0));
        let first = &batch.events[0];
        assert_eq!(
            first["items"],
            json!([{"item_id": "10002", "quantity": 5}, {"item_id": "10003a", "quantity": 1}])
        );
        assert_eq!((&first["subject_id"], &first["session_id"]), (&json!("901"), &json!("7001")));
        // London keeps summer time in July and not in December
        assert_eq!(first["occurred_at"], "2011-07-01T08:30:00Z");
        assert_eq!(batch.events[1]["occurred_at"], "2011-12-01T09:30:00Z");
        assert!(batch.events[1].get("subject_id").is_none());
    }

    #[test]
    fn what_is_no_sale_is_set_aside_and_counted() {
        let (summary, batch) = read(
            "C7001,10002,LAMP,-2,2011-07-01 09:30:00,1.25,901.0,France\n\
             7001,POST,POSTAGE,1,2011-07-01 09:30:00,18.0,901.0,France\n\
             7001,BANK CHARGES,x,1,2011-07-01 09:30:00,18.0,901.0,France\n\
             7001,10002,LAMP,-2,2011-07-01 09:30:00,1.25,901.0,France\n\
             7001,10002,LAMP,2,2011-07-01 09:30:00,0,901.0,France\n",
        );
        let expected = [("cancellations", 1), ("no products", 2), ("quantities or prices not above 0", 2)];
        assert_eq!(summary.set_aside, expected.into());
        assert!(batch.events.is_empty() && summary.bad == 0);
    }

    #[test]
    fn bad_rows_are_named_by_line_and_stop_nothing() {
        let (summary, batch) = read(
            "7001,10002,LAMP,two,2011-07-01 09:30:00,1.25,901.0,France\n\
             7001,10002,LAMP,2,01/07/2011,1.25,901.0,France\n\
             7001,10002\n\
             7001,10002,LAMP,2,2011-07-01 09:30:00,1.25,901.0,France\n",
        );
        assert_eq!(summary.bad_rows.iter().map(|b| b.line).collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!(batch.events.len(), 1);
    }

    #[test]
    fn another_file_is_refused_by_the_name_of_what_is_missing() {
        let error = online_retail(&b"a,b,c\n1,2,3\n"[..], &mut |_| Ok(())).unwrap_err();
        assert!(error.to_string().contains("`InvoiceNo` is missing"), "{error}");
    }

    #[test]
    fn byte_order_mark_and_crlf_are_no_matter() {
        let text = format!("\u{feff}{}", HEAD.replace('\n', "\r\n")) + "7001,10002,LAMP,2,2011-07-01 09:30:00,1.25,901.0,France\r\n";
        let summary = online_retail(text.as_bytes(), &mut |_| Ok(())).unwrap();
        assert_eq!((summary.rows, summary.events), (1, 1));
    }

    #[test]
    fn cut_anywhere_it_never_panics() {
        let text = format!("{HEAD}7001,10002,\"LAMP, RED\",2,2011-07-01 09:30:00,1.25,901.0,France\n");
        for end in 0..text.len() {
            let _ = online_retail(&text.as_bytes()[..end], &mut |_| Ok(()));
        }
    }

    #[test]
    fn the_whole_set_has_the_published_numbers() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/online_retail.csv.xz");
        if !path.exists() {
            println!("SKIPPED: the Online Retail set is not beside the checkout ({})", path.display());
            return;
        }
        let opened = crate::open(&path).unwrap();
        let mut nobody = 0;
        let summary = online_retail(opened.content, &mut |batch| {
            nobody += batch.events.iter().filter(|e| e.get("subject_id").is_none()).count();
            Ok(())
        })
        .unwrap();
        // the rows of the set, and the products of its published split with those that are sold only in baskets of one
        assert_eq!((summary.rows, summary.bad), (541_909, 0));
        let (aside, sold): (u64, u64) = (summary.set_aside.values().sum(), summary.rows);
        assert!(nobody > 0 && aside < sold / 10 && summary.items >= 3_781, "{summary:?}");
    }
}
