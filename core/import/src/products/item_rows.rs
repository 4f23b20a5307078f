//! Records become items, batch by batch.

use std::{borrow::Cow, collections::BTreeSet};

use jardin_model::Currency;
use serde_json::{Map, Value, json};

use super::{
    CellFault, Form, Record,
    columns::{FileColumn, FileColumns, KnownColumn},
    form::put_value,
    price_styles::{find_currencies, find_styles},
};
use crate::{
    Batch, ImportError, ReadOptions, Sink, Summary,
    batch::ITEMS,
    column_map::MapTarget,
    price::{PriceFault, read_price},
    summary::BadRow,
};

/// So many records show how prices are written, before the first of them becomes an item.
const SAMPLE: usize = 1000;

/// Makes items of records and hands them over.
pub(crate) struct ItemRows<'a, 'b> {
    pub(crate) summary: Summary,
    options: &'a ReadOptions,
    columns: FileColumns<'a>,
    /// The first records, until there are enough.
    sample: Option<Vec<Record>>,
    currencies: BTreeSet<Currency>,
    batch: Batch,
    sink: &'a mut Sink<'b>,
}

impl<'a, 'b> ItemRows<'a, 'b> {
    pub(crate) fn new(
        specs: &'static [KnownColumn],
        options: &'a ReadOptions,
        sink: &'a mut Sink<'b>,
    ) -> Self {
        Self {
            summary: Summary { currency: options.currency, ..Summary::default() },
            options,
            columns: FileColumns::new(specs, options),
            sample: Some(Vec::new()),
            currencies: BTreeSet::new(),
            batch: Batch::default(),
            sink,
        }
    }

    /// The number of a column.
    pub(crate) fn column(&mut self, name: &str) -> usize {
        self.columns.place(name)
    }

    /// True where a column becomes the id of the item.
    pub(crate) fn has_item_id(&self, places: &[usize]) -> bool {
        places.iter().any(|place| self.columns.get(*place).is_some_and(|column| column.form == Form::ItemId))
    }

    /// Takes a record; the first ones wait until it is known how prices are written.
    ///
    /// # Errors
    /// [`ImportError::Refused`] where a batch is refused.
    pub(crate) fn take(&mut self, record: Record) -> Result<(), ImportError> {
        match &mut self.sample {
            Some(sample) => {
                sample.push(record);
                if sample.len() >= SAMPLE { self.end_sample() } else { Ok(()) }
            }
            None => self.add_item(&record),
        }
    }

    fn end_sample(&mut self) -> Result<(), ImportError> {
        let sample = self.sample.take().unwrap_or_default();
        self.currencies = find_currencies(&self.columns, &sample);
        if self.summary.currency.is_none() && self.currencies.len() == 1 {
            self.summary.currency = self.currencies.first().copied();
        }
        find_styles(&mut self.columns, &sample, self.summary.currency);
        sample.iter().try_for_each(|record| self.add_item(record))
    }

    fn add_item(&mut self, record: &Record) -> Result<(), ImportError> {
        match self.read_item(record) {
            Ok(item) => {
                self.summary.items += 1;
                self.batch.items.push(item);
                self.batch.item_lines.push(record.line);
            }
            Err(row) => self.summary.note_row(row),
        }
        if self.batch.items.len() >= ITEMS { self.batch.hand_over(self.sink) } else { Ok(()) }
    }

    fn read_item(&self, record: &Record) -> Result<Value, BadRow> {
        let item = self.cells_of(record, |column| column.form == Form::ItemId).next().map(|(_, texts)| texts);
        let item = item.and_then(|texts| texts.first().map(|text| (*text).to_owned()));
        let mut fields = Map::new();
        for (column, texts) in self.cells_of(record, |column| column.form != Form::ItemId) {
            self.put_cell(&mut fields, column, &texts).map_err(|fault| BadRow {
                line: record.line,
                item: item.clone(),
                what: format!(
                    "`{}` {}",
                    column.field.as_deref().unwrap_or(&column.key),
                    fault.describe_fault()
                )
                .into(),
                read: column.field.clone().zip(texts.first().map(|text| (*text).to_owned())),
            })?;
        }
        let item = item.ok_or(BadRow {
            line: record.line,
            item: None,
            what: Cow::Borrowed("the row has no id; where another column is the id, say so under [columns] of a --map, for example \"ID\" = \"item_id\""),
            read: None,
        })?;
        Ok(json!({ "item_id": item, "fields": fields }))
    }

    /// The filled cells of a record by column, in the order of the record, of those columns that become a field.
    fn cells_of<'r>(
        &'r self,
        record: &'r Record,
        is_meant: impl Fn(&FileColumn) -> bool + 'r,
    ) -> impl Iterator<Item = (&'r FileColumn, Vec<&'r str>)> {
        record.cells.iter().enumerate().filter_map(move |(at, (place, _))| {
            let column =
                self.columns.get(*place).filter(|column| column.field.is_some() && is_meant(column))?;
            let is_first = !record.cells.iter().take(at).any(|(earlier, _)| earlier == place);
            let texts = || {
                record
                    .cells
                    .iter()
                    .skip(at)
                    .filter(|(other, _)| other == place)
                    .map(|(_, text)| text.as_str())
            };
            is_first.then(|| (column, texts().collect()))
        })
    }

    fn put_cell(
        &self,
        fields: &mut Map<String, Value>,
        column: &FileColumn,
        texts: &[&str],
    ) -> Result<(), CellFault> {
        let Some(field) = column.field.as_deref() else { return Ok(()) };
        let first = texts.first().copied().unwrap_or_default();
        if !column.form.takes_many() && texts.iter().any(|text| *text != first) && column.form != Form::Money
        {
            return Err(CellFault::Repeated);
        }
        if column.form == Form::Money {
            return texts.iter().try_for_each(|text| self.put_price(fields, column, field, text));
        }
        let word = |word: &str| self.options.map.map_word(&word.trim().to_lowercase()).to_owned();
        put_value(fields, field, &column.form, texts, &word)
    }

    /// A price of the shop's currency becomes the column's field, one of another currency the field of its market.
    fn put_price(
        &self,
        fields: &mut Map<String, Value>,
        column: &FileColumn,
        field: &str,
        text: &str,
    ) -> Result<(), CellFault> {
        let own = self.summary.currency;
        let fault = |fault| CellFault::Price(fault, own);
        let price = read_price(text, own, column.style).map_err(fault)?;
        let market = format!("{}:{}", column.key, price.currency.code().to_ascii_lowercase());
        let field = match self.options.map.column(&market) {
            Some(MapTarget::Dropped) => return Ok(()),
            Some(MapTarget::Field(of_market, _)) => of_market,
            None if own == Some(price.currency) => field,
            None if own.is_none() => return Err(fault(PriceFault::SeveralCurrencies)),
            None => return Err(fault(PriceFault::Other(price.currency))),
        };
        if fields.insert(field.to_owned(), price.amount.to_string().into()).is_some() {
            return Err(CellFault::Repeated);
        }
        Ok(())
    }

    /// Notes a row that is no record at all.
    pub(crate) fn refuse(&mut self, line: u64, what: impl Into<Cow<'static, str>>) {
        self.summary.note(line, what);
    }

    /// Hands over what is left.
    ///
    /// # Errors
    /// [`ImportError::Refused`] where a batch is refused.
    pub(crate) fn finish_rows(mut self) -> Result<Summary, ImportError> {
        if self.sample.is_some() {
            self.end_sample()?;
        }
        self.batch.hand_over(self.sink)?;
        self.summary.columns = self.columns.mapped();
        self.summary.bad_rows.sort_by_key(|row| row.line);
        Ok(self.summary)
    }
}
