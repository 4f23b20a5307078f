//! One row: a sale, something to set aside, or something wrong.

use std::iter::Peekable;

use jardin_model::{Date, Money, Timestamp, Zone};

use crate::ImportError;

/// The columns that are read, by name; others may stand between them.
const NAMES: [&str; 7] =
    ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"];

/// What Online Retail II calls three of them.
const NAMES_OF_II: [(&str, &str); 3] =
    [("InvoiceNo", "Invoice"), ("UnitPrice", "Price"), ("CustomerID", "Customer ID")];

/// How a row is read.
#[derive(Debug)]
pub(super) enum Row {
    Sale(Sale),
    /// No sale, and why.
    Aside(&'static str),
    /// Wrong, and in what; no value of the row stands in it.
    Bad(&'static str),
}

/// A sale of one product.
#[derive(Debug)]
pub(super) struct Sale {
    pub(super) invoice: String,
    /// The stock code in capitals: the set writes some both ways.
    pub(super) stock: String,
    pub(super) description: String,
    pub(super) quantity: u32,
    pub(super) at: Timestamp,
    pub(super) price: Money,
    pub(super) customer: Option<String>,
}

/// Where the columns stand, and what reading them needs.
pub(super) struct Columns {
    places: [usize; NAMES.len()],
    cells: Cells,
    times: Times,
}

impl Columns {
    /// Finds the columns in the first line.
    pub(super) fn find(head: &[u8]) -> Result<Self, ImportError> {
        let mut cells = Cells::default();
        // a first line that is no row at all names no column
        let _ = cells.split(head);
        let mut places = [0; NAMES.len()];
        for (place, name) in places.iter_mut().zip(NAMES) {
            let of_second = NAMES_OF_II.iter().find(|(first, _)| *first == name).map(|(_, second)| *second);
            let is_name = |cell: &[u8]| {
                let cell = std::str::from_utf8(cell.trim_ascii()).ok();
                cell.is_some() && [Some(name), of_second].contains(&cell)
            };
            let found = (0..cells.len()).find(|at| cells.get(*at).is_some_and(is_name));
            *place = found.ok_or(ImportError::Columns { missing: name })?;
        }
        Ok(Self { places, cells, times: Times::default() })
    }

    /// Reads a line.
    pub(super) fn row(&mut self, line: &[u8]) -> Row {
        if let Err(what) = self.cells.split(line) {
            return Row::Bad(what);
        }
        let mut texts = [""; NAMES.len()];
        for (text, place) in texts.iter_mut().zip(self.places) {
            match self.cells.get(place).map(std::str::from_utf8) {
                Some(Ok(cell)) => *text = cell.trim(),
                Some(Err(_)) => return Row::Bad("a cell is not UTF-8"),
                None => return Row::Bad("the row has too few cells"),
            }
        }
        sale(texts, &mut self.times).unwrap_or_else(|row| row)
    }
}

/// `Err` where the row is no sale.
fn sale(
    [invoice, stock, description, quantity, at, price, customer]: [&str; 7],
    times: &mut Times,
) -> Result<Row, Row> {
    if invoice.is_empty() || stock.is_empty() {
        return Err(Row::Bad("the invoice number or the stock code is empty"));
    }
    let quantity: i64 = quantity.parse().map_err(|_| Row::Bad("the quantity is no whole number"))?;
    let price: Money =
        price.parse().map_err(|_| Row::Bad("the price is no decimal with at most four places"))?;
    let at = times.instant(at).ok_or(Row::Bad("the date is not written as 2010-12-01 08:26:00"))?;
    let stock = stock.to_ascii_uppercase();
    if invoice.starts_with(['C', 'c']) {
        return Err(Row::Aside("cancellations"));
    }
    if !is_product(&stock) {
        return Err(Row::Aside("no products"));
    }
    if quantity <= 0 || price.ten_thousandths() <= 0 {
        return Err(Row::Aside("quantities or prices not above 0"));
    }
    Ok(Row::Sale(Sale {
        invoice: invoice.to_owned(),
        stock,
        description: description.to_owned(),
        quantity: u32::try_from(quantity).map_err(|_| Row::Bad("the quantity is too large"))?,
        at,
        price,
        // a spreadsheet has made decimals of the numbers: 17850.0
        customer: (!customer.is_empty()).then(|| customer.strip_suffix(".0").unwrap_or(customer).to_owned()),
    }))
}

/// A product's code begins with five digits, or with DCGS, a range of gifts. What is left are POST, DOT, D,
/// M, S, B, C2, BANK CHARGES, AMAZONFEE, CRUK, PADS and gift vouchers.
fn is_product(stock: &str) -> bool {
    stock.starts_with("DCGS")
        || stock.as_bytes().first_chunk::<5>().is_some_and(|d| d.iter().all(u8::is_ascii_digit))
}

/// The cells of one line.
#[derive(Default)]
struct Cells {
    text: Vec<u8>,
    /// Where each cell ends in `text`.
    ends: Vec<usize>,
}

impl Cells {
    /// Takes a line apart at its commas; a cell in quotes may hold some, and a doubled quote in it is one
    /// (RFC 4180).
    fn split(&mut self, line: &[u8]) -> Result<(), &'static str> {
        self.text.clear();
        self.ends.clear();
        let mut bytes = line.iter().copied().peekable();
        loop {
            let next = if bytes.next_if_eq(&b'"').is_some() {
                self.quoted(&mut bytes)?
            } else {
                self.plain(&mut bytes)
            };
            self.ends.push(self.text.len());
            if next.is_none() {
                return Ok(());
            }
        }
    }

    /// To the comma, which it gives, or to the end.
    fn plain(&mut self, bytes: &mut impl Iterator<Item = u8>) -> Option<u8> {
        for byte in bytes {
            if byte == b',' {
                return Some(byte);
            }
            self.text.push(byte);
        }
        None
    }

    fn quoted(&mut self, bytes: &mut Peekable<impl Iterator<Item = u8>>) -> Result<Option<u8>, &'static str> {
        while let Some(byte) = bytes.next() {
            if byte != b'"' || bytes.next_if_eq(&b'"').is_some() {
                self.text.push(byte);
                continue;
            }
            return match bytes.next() {
                Some(other) if other != b',' => Err("a quote stands within a cell"),
                end => Ok(end),
            };
        }
        Err("a quote is not closed")
    }

    const fn len(&self) -> usize {
        self.ends.len()
    }

    fn get(&self, at: usize) -> Option<&[u8]> {
        let start = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start..*self.ends.get(at)?)
    }
}

/// The last time that was read: the rows of an invoice share theirs.
struct Times {
    london: Option<Zone>,
    last: Option<(String, Timestamp)>,
}

impl Default for Times {
    fn default() -> Self {
        Self { london: Zone::from_name("Europe/London").ok(), last: None }
    }
}

impl Times {
    /// The instant of a local time of London, written as `2010-12-01 08:26:00`.
    fn instant(&mut self, text: &str) -> Option<Timestamp> {
        if let Some((_, at)) = self.last.as_ref().filter(|(last, _)| last == text) {
            return Some(*at);
        }
        let (day, time) = text.split_once([' ', 'T'])?;
        let mut parts = time.split(':').map(|p| p.parse::<i64>().ok());
        let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
        if parts.next().is_some()
            || !(0..24).contains(&hour)
            || !(0..60).contains(&minute)
            || !(0..60).contains(&second)
        {
            return None;
        }
        let day: Date = day.parse().ok()?;
        let at = self.london.as_ref()?.instant(day, hour * 3600 + minute * 60 + second)?;
        self.last = Some((text.to_owned(), at));
        Some(at)
    }
}
