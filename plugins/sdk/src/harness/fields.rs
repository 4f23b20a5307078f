//! Fields of an item or a request.

use jardin_abi::FrameWriter;

enum Cell {
    Number(f64),
    Flag(bool),
    Text(String),
    Texts(Vec<String>),
    Date(i32),
    Time(i64),
    Item(u32),
    Items(Vec<u32>),
    Events(Vec<jardin_abi::Event>),
    Absent,
}

/// Fields of an item or a request.
#[derive(Default)]
pub struct Fields(Vec<(String, Cell)>);

impl Fields {
    fn set_cell(&mut self, name: &str, cell: Cell) -> &mut Self {
        self.0.retain(|(n, _)| n != name);
        self.0.push((name.to_owned(), cell));
        self
    }

    /// A number.
    pub fn number(&mut self, name: &str, value: f64) -> &mut Self {
        self.set_cell(name, Cell::Number(value))
    }

    /// A flag.
    pub fn flag(&mut self, name: &str, value: bool) -> &mut Self {
        self.set_cell(name, Cell::Flag(value))
    }

    /// A text.
    pub fn text(&mut self, name: &str, value: &str) -> &mut Self {
        self.set_cell(name, Cell::Text(value.to_owned()))
    }

    /// Texts.
    pub fn texts(&mut self, name: &str, values: &[&str]) -> &mut Self {
        self.set_cell(name, Cell::Texts(values.iter().map(|v| (*v).to_owned()).collect()))
    }

    /// A day, in days since 1970-01-01.
    pub fn date(&mut self, name: &str, days: i32) -> &mut Self {
        self.set_cell(name, Cell::Date(days))
    }

    /// An instant, in milliseconds since 1970-01-01 UTC.
    pub fn time(&mut self, name: &str, ms: i64) -> &mut Self {
        self.set_cell(name, Cell::Time(ms))
    }

    /// An item's index.
    pub fn item(&mut self, name: &str, index: u32) -> &mut Self {
        self.set_cell(name, Cell::Item(index))
    }

    /// Items' indices.
    pub fn items(&mut self, name: &str, indices: &[u32]) -> &mut Self {
        self.set_cell(name, Cell::Items(indices.to_vec()))
    }

    /// A history, newest first.
    pub fn events(&mut self, name: &str, events: &[jardin_abi::Event]) -> &mut Self {
        self.set_cell(name, Cell::Events(events.to_vec()))
    }

    /// The candidates that were given.
    pub(super) fn candidates(&self) -> Option<Vec<u32>> {
        self.0.iter().find_map(|(name, cell)| match cell {
            Cell::Items(list) if name == "candidates" => Some(list.clone()),
            _ => None,
        })
    }

    /// A field that is granted and absent.
    pub fn absent(&mut self, name: &str) -> &mut Self {
        self.set_cell(name, Cell::Absent)
    }

    /// Writes so many rows, all alike.
    pub(super) fn write(&self, writer: &mut FrameWriter, rows: usize) {
        for (name, cell) in &self.0 {
            match cell {
                Cell::Number(n) => writer.write_numbers(name, &vec![Some(*n); rows]),
                Cell::Flag(f) => writer.write_flags(name, &vec![Some(*f); rows]),
                Cell::Text(t) => writer.write_text(name, &vec![Some(t.as_str()); rows]),
                Cell::Texts(list) => {
                    writer.write_texts(name, &vec![Some(list.iter().map(String::as_str).collect()); rows])
                }
                Cell::Date(days) => writer.write_dates(name, &vec![Some(*days); rows]),
                Cell::Time(ms) => writer.write_times(name, &vec![Some(*ms); rows]),
                Cell::Item(i) => writer.write_items(name, &vec![Some(*i); rows]),
                Cell::Items(list) => writer.write_item_lists(name, &vec![Some(list.as_slice()); rows]),
                Cell::Events(events) => writer.write_events(name, &vec![Some(events.clone()); rows]),
                Cell::Absent => writer.write_text(name, &vec![None; rows]),
            }
        }
    }
}
