//! The same attributes as elements: of an `item` of RSS 2.0 or an `entry` of Atom. Elements within an attribute, such as
//! the price within `shipping`, are not the product's.

use std::io::{self, BufRead, Read};

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use crate::{
    ImportError,
    products::{ItemRows, Record},
};

/// The most bytes of one text, tag or comment.
const MAX_PIECE: usize = 1 << 20;

/// What is said of a reference to an entity that nobody declared.
const UNDECLARED: &str =
    "the product names an entity that is not declared, such as &nbsp;: write the character itself";

/// Reads the products of a feed.
pub(super) fn read_xml(content: &mut dyn BufRead, rows: &mut ItemRows<'_, '_>) -> Result<(), ImportError> {
    let mut reader = Reader::from_reader(Pieces { inner: content, line: 1, piece: 0 });
    reader.config_mut().expand_empty_elements = true;
    let (mut buffer, mut product) = (Vec::new(), None);
    loop {
        buffer.clear();
        reader.get_mut().piece = 0;
        let line = reader.get_ref().line;
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) if product.is_none() => return Ok(()),
            Ok(Event::Eof) => {
                rows.refuse(line, "the file ends within a product");
                return Ok(());
            }
            Ok(event) => take_event(&event, line, &mut product, rows)?,
            Err(quick_xml::Error::Io(source)) if source.kind() != io::ErrorKind::InvalidData => {
                let source = io::Error::new(source.kind(), source.to_string());
                return Err(ImportError::Broken { line, source });
            }
            Err(error) => {
                rows.refuse(line, format!("the XML is broken here, and nothing behind it is read: {error}"));
                return Ok(());
            }
        }
    }
}

/// A product that is being read.
struct Product {
    line: u64,
    /// Its cells, and whether each is an attribute of the feed's own namespace.
    cells: Vec<(usize, String, bool)>,
    /// The elements that are open within it.
    depth: usize,
    /// The attribute that is being read, and its text.
    attribute: Option<(usize, String, bool)>,
    fault: Option<&'static str>,
}

fn take_event(
    event: &Event<'_>,
    line: u64,
    product: &mut Option<Product>,
    rows: &mut ItemRows<'_, '_>,
) -> Result<(), ImportError> {
    let Some(open) = product else {
        if let Event::Start(start) = event
            && matches!(start.local_name().as_ref(), b"item" | b"entry")
        {
            rows.summary.rows += 1;
            *product = Some(Product { line, cells: Vec::new(), depth: 0, attribute: None, fault: None });
        }
        return Ok(());
    };
    match event {
        Event::Start(start) => open.begin(start, rows),
        Event::Text(text) => open.add(text.decode().ok().as_deref()),
        Event::CData(text) => open.add(text.decode().ok().as_deref()),
        Event::GeneralRef(reference) => open.add_reference(
            reference.resolve_char_ref().ok().flatten(),
            reference.decode().ok().as_deref().unwrap_or_default(),
        ),
        Event::End(_) if open.depth == 0 => {
            let Some(product) = product.take() else { return Ok(()) };
            match product.fault {
                Some(fault) => rows.refuse(product.line, fault),
                None => rows.take(product.into_record())?,
            }
        }
        Event::End(_) => open.end(),
        _ => {}
    }
    Ok(())
}

impl Product {
    fn begin(&mut self, start: &BytesStart<'_>, rows: &mut ItemRows<'_, '_>) {
        self.depth += 1;
        if self.depth > 1 {
            return;
        }
        let name = start.name();
        let Ok(name) = std::str::from_utf8(name.as_ref()) else {
            self.fault = Some("a name is not UTF-8; save the file as UTF-8");
            return;
        };
        let is_own = name.contains(':');
        self.attribute = Some((rows.column(name), address_of(start).unwrap_or_default(), is_own));
    }

    /// Adds to the attribute's own text; what is within another element of it is not the product's.
    fn add(&mut self, text: Option<&str>) {
        match (text, &mut self.attribute) {
            (None, _) => self.fault = Some("a text is not UTF-8; save the file as UTF-8"),
            (Some(text), Some((_, so_far, _))) if self.depth == 1 => so_far.push_str(text),
            _ => {}
        }
    }

    fn add_reference(&mut self, character: Option<char>, name: &str) {
        let known = quick_xml::escape::resolve_predefined_entity(name);
        match (character, known) {
            (Some(character), _) => self.add(Some(character.encode_utf8(&mut [0; 4]))),
            (None, Some(text)) => self.add(Some(text)),
            (None, None) => self.fault = Some(UNDECLARED),
        }
    }

    fn end(&mut self) {
        self.depth -= 1;
        if self.depth == 0
            && let Some((place, text, is_own)) = self.attribute.take()
            && !text.trim().is_empty()
        {
            self.cells.push((place, text.trim().to_owned(), is_own));
        }
    }

    /// What the feed says of itself, such as the id of an entry of Atom, is not the product's where an attribute says it.
    fn into_record(self) -> Record {
        let own: Vec<usize> =
            self.cells.iter().filter(|(.., is_own)| *is_own).map(|(place, ..)| *place).collect();
        let counts = |(place, _, is_own): &(usize, String, bool)| *is_own || !own.contains(place);
        let cells = self.cells.into_iter().filter(counts).map(|(place, text, _)| (place, text));
        Record { line: self.line, cells: cells.collect() }
    }
}

/// Where an Atom link leads: of the page itself, not of pictures or other forms of it.
fn address_of(start: &BytesStart<'_>) -> Option<String> {
    let attribute = |name: &str| start.try_get_attribute(name).ok().flatten();
    if start.local_name().as_ref() != b"link"
        || attribute("rel").is_some_and(|relation| relation.value.as_ref() != b"alternate")
    {
        return None;
    }
    let address = attribute("href")?;
    let address = std::str::from_utf8(&address.value).ok()?;
    Some(quick_xml::escape::unescape(address).ok()?.into_owned())
}

/// A stream that knows its line, and that ends where one piece of it is too long.
struct Pieces<'a> {
    inner: &'a mut dyn BufRead,
    line: u64,
    piece: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

impl BufRead for Pieces<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.piece > MAX_PIECE {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a text or tag is longer than 1 MiB"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.piece += amount;
        let consumed = self.inner.fill_buf().ok().and_then(|buffer| buffer.get(..amount)).unwrap_or_default();
        self.line += consumed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.inner.consume(amount);
    }
}
