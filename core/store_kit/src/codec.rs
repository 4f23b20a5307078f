//! Values as bytes: a tag, then the value. Numbers are little endian, lengths are LEB128.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::EventDetails;
use jardin_model::{
    Date, HistoryLine, ItemId, ItemIndex, Money, RecommendationId, SessionId, StoredValue, Timestamp, Value,
};

/// Writes values.
#[derive(Debug, Default)]
pub struct Encoder(pub Vec<u8>);

impl Encoder {
    /// Writes a number in as few bytes as it needs.
    pub fn write_word(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.0.push((n & 0x7f) as u8 | 0x80);
            n >>= 7;
        }
        self.0.push((n & 0x7f) as u8);
    }

    fn write_time(&mut self, ms: i64) {
        self.0.extend(ms.to_le_bytes());
    }

    /// Writes a text behind its length.
    pub fn write_text(&mut self, text: &str) {
        self.write_word(text.len() as u64);
        self.0.extend(text.as_bytes());
    }

    /// Writes a value behind the tag of its type.
    pub fn write_value(&mut self, value: &Value) {
        match value {
            Value::Text(text) => {
                self.0.push(1);
                self.write_text(text);
            }
            Value::Texts(texts) => {
                self.0.push(2);
                self.write_word(texts.len() as u64);
                texts.iter().for_each(|t| self.write_text(t));
            }
            Value::Number(n) => {
                self.0.push(3);
                self.0.extend(n.to_le_bytes());
            }
            Value::Money(money) => {
                self.0.push(4);
                self.write_time(money.ten_thousandths());
            }
            Value::Flag(flag) => self.0.extend([5, u8::from(*flag)]),
            Value::Date(date) => {
                self.0.push(6);
                self.write_text(&date.to_string());
            }
            Value::Time(time) => {
                self.0.push(7);
                self.write_time(time.ms());
            }
            Value::Item(id) => {
                self.0.push(8);
                self.write_text(id.as_str());
            }
            Value::Items(ids) => {
                self.0.push(9);
                self.write_word(ids.len() as u64);
                ids.iter().for_each(|id| self.write_text(id.as_str()));
            }
            Value::TakenAway => self.0.push(10),
        }
    }

    /// Writes named values.
    pub fn write_fields(&mut self, fields: &BTreeMap<Arc<str>, Value>) {
        self.write_word(fields.len() as u64);
        for (name, value) in fields {
            self.write_text(name);
            self.write_value(value);
        }
    }
}

/// Reads values; `None` where the bytes are no such value.
#[derive(Debug)]
pub struct Decoder<'a>(pub &'a [u8]);

impl<'a> Decoder<'a> {
    fn take_bytes(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    /// Reads what [`Encoder::write_word`] wrote.
    pub fn read_word(&mut self) -> Option<u64> {
        let mut n = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.take_bytes(1)?.first()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(n);
            }
        }
        None
    }

    /// A count that its bytes could hold, so that a damaged one takes no memory.
    fn read_count(&mut self) -> Option<usize> {
        let n = usize::try_from(self.read_word()?).ok()?;
        (n <= self.0.len()).then_some(n)
    }

    fn read_time(&mut self) -> Option<i64> {
        Some(i64::from_le_bytes(self.take_bytes(8)?.try_into().ok()?))
    }

    /// Reads what [`Encoder::write_text`] wrote.
    pub fn read_text(&mut self) -> Option<&'a str> {
        let length = self.read_count()?;
        std::str::from_utf8(self.take_bytes(length)?).ok()
    }

    /// Reads what [`Encoder::write_value`] wrote.
    pub fn read_value(&mut self) -> Option<Value> {
        Some(match self.take_bytes(1)?.first()? {
            1 => Value::Text(self.read_text()?.into()),
            2 => {
                let count = self.read_count()?;
                Value::Texts((0..count).map(|_| self.read_text().map(Arc::from)).collect::<Option<_>>()?)
            }
            3 => Value::Number(f64::from_le_bytes(self.take_bytes(8)?.try_into().ok()?)),
            4 => Value::Money(Money::from_ten_thousandths(self.read_time()?)),
            5 => Value::Flag(self.take_bytes(1)? == [1]),
            6 => Value::Date(self.read_text()?.parse::<Date>().ok()?),
            7 => Value::Time(Timestamp::from_ms(self.read_time()?)),
            8 => Value::Item(ItemId::new(self.read_text()?).ok()?),
            9 => {
                let count = self.read_count()?;
                Value::Items((0..count).map(|_| ItemId::new(self.read_text()?).ok()).collect::<Option<_>>()?)
            }
            10 => Value::TakenAway,
            _ => return None,
        })
    }

    /// Reads what [`Encoder::write_fields`] wrote.
    pub fn read_fields(&mut self) -> Option<BTreeMap<Arc<str>, Value>> {
        let count = self.read_count()?;
        (0..count).map(|_| Some((Arc::from(self.read_text()?), self.read_value()?))).collect()
    }
}

/// A profile: each field with the time at which it was stored.
#[must_use]
pub fn encode_profile(profile: &BTreeMap<Arc<str>, StoredValue>) -> Vec<u8> {
    let mut out = Encoder::default();
    out.write_word(profile.len() as u64);
    for (name, stored) in profile {
        out.write_text(name);
        out.write_value(&stored.value);
        out.write_time(stored.stored_at.ms());
    }
    out.0
}

/// The profile of [`encode_profile`]; `None` where the bytes are no such one.
#[must_use]
pub fn decode_profile(bytes: &[u8]) -> Option<BTreeMap<Arc<str>, StoredValue>> {
    let mut input = Decoder(bytes);
    let count = input.read_count()?;
    let mut field = || {
        let name = Arc::from(input.read_text()?);
        let value = input.read_value()?;
        Some((name, StoredValue { value, stored_at: Timestamp::from_ms(input.read_time()?) }))
    };
    (0..count).map(|_| field()).collect()
}

/// What an event says beyond integers.
#[must_use]
pub fn encode_details(session: Option<&SessionId>, details: &EventDetails) -> Vec<u8> {
    let mut out = Encoder::default();
    out.write_text(session.map_or("", SessionId::as_str));
    out.write_text(details.recommendation.as_ref().map_or("", RecommendationId::as_str));
    out.write_fields(&details.fields);
    out.write_word(details.lines.len() as u64);
    details.lines.iter().for_each(|line| out.write_fields(line));
    out.0
}

/// The visit that an event names, and what else it says.
#[must_use]
pub fn decode_details(bytes: &[u8]) -> Option<(Option<SessionId>, EventDetails)> {
    let mut input = Decoder(bytes);
    let session = SessionId::new(input.read_text()?).ok();
    let recommendation = RecommendationId::new(input.read_text()?).ok();
    let fields = input.read_fields()?;
    let count = input.read_count()?;
    let lines = (0..count).map(|_| input.read_fields()).collect::<Option<_>>()?;
    Some((session, EventDetails { recommendation, fields, lines }))
}

/// The products of an event.
#[must_use]
pub fn encode_lines(lines: &[HistoryLine]) -> Vec<u8> {
    let mut out = Encoder::default();
    for line in lines {
        out.write_word(line.item.0.into());
        out.write_word(line.quantity.into());
    }
    out.0
}

/// The products of [`encode_lines`]; damaged ones are left out.
#[must_use]
pub fn decode_lines(bytes: &[u8]) -> Box<[HistoryLine]> {
    let mut input = Decoder(bytes);
    let mut lines = Vec::new();
    while let (Some(item), Some(quantity)) = (input.read_word(), input.read_word()) {
        if let (Ok(item), Ok(quantity)) = (u32::try_from(item), u32::try_from(quantity)) {
            lines.push(HistoryLine { item: ItemIndex(item), quantity });
        }
    }
    lines.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back() {
        let text = |t: &str| Arc::<str>::from(t);
        let values = [
            Value::Text(text("été")),
            Value::Texts([text(""), text("x")].into()),
            Value::Number(-0.5),
            Value::Money("12.9999".parse().unwrap()),
            Value::Flag(true),
            Value::Flag(false),
            Value::Date(Date::constant(2008, 2, 29)),
            Value::Time(Timestamp::from_ms(-1)),
            Value::Item(ItemId::new("a/b").unwrap()),
            Value::Items([ItemId::new("a").unwrap()].into()),
            Value::TakenAway,
        ];
        let fields: BTreeMap<Arc<str>, Value> =
            values.into_iter().enumerate().map(|(i, v)| (format!("f{i}").into(), v)).collect();
        let mut out = Encoder::default();
        out.write_fields(&fields);
        assert_eq!(Decoder(&out.0).read_fields(), Some(fields));
        // cut anywhere it is no value, and never a panic
        for end in 0..out.0.len() {
            assert_eq!(Decoder(&out.0[..end]).read_fields(), None);
        }
    }

    #[test]
    fn a_word_of_each_length_comes_back() {
        for n in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut out = Encoder::default();
            out.write_word(n);
            assert_eq!(Decoder(&out.0).read_word(), Some(n));
        }
    }
}
