//! Values as bytes: a tag, then the value. Numbers are little endian, lengths are LEB128.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::EventDetails;
use jardin_model::{
    Date, HistoryLine, ItemId, ItemIndex, Money, RecommendationId, SessionId, StoredValue, Timestamp, Value,
};

/// Writes values.
#[derive(Debug, Default)]
pub(crate) struct Out(pub(crate) Vec<u8>);

impl Out {
    pub(crate) fn word(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.0.push((n & 0x7f) as u8 | 0x80);
            n >>= 7;
        }
        self.0.push((n & 0x7f) as u8);
    }

    fn time(&mut self, ms: i64) {
        self.0.extend(ms.to_le_bytes());
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.word(text.len() as u64);
        self.0.extend(text.as_bytes());
    }

    pub(crate) fn value(&mut self, value: &Value) {
        match value {
            Value::Text(text) => {
                self.0.push(1);
                self.text(text);
            }
            Value::Texts(texts) => {
                self.0.push(2);
                self.word(texts.len() as u64);
                texts.iter().for_each(|t| self.text(t));
            }
            Value::Number(n) => {
                self.0.push(3);
                self.0.extend(n.to_le_bytes());
            }
            Value::Money(money) => {
                self.0.push(4);
                self.time(money.ten_thousandths());
            }
            Value::Flag(flag) => self.0.extend([5, u8::from(*flag)]),
            Value::Date(date) => {
                self.0.push(6);
                self.text(&date.to_string());
            }
            Value::Time(time) => {
                self.0.push(7);
                self.time(time.ms());
            }
            Value::Item(id) => {
                self.0.push(8);
                self.text(id.as_str());
            }
            Value::Items(ids) => {
                self.0.push(9);
                self.word(ids.len() as u64);
                ids.iter().for_each(|id| self.text(id.as_str()));
            }
        }
    }

    pub(crate) fn fields(&mut self, fields: &BTreeMap<Arc<str>, Value>) {
        self.word(fields.len() as u64);
        for (name, value) in fields {
            self.text(name);
            self.value(value);
        }
    }
}

/// Reads values; `None` where the bytes are no such value.
#[derive(Debug)]
pub(crate) struct In<'a>(pub(crate) &'a [u8]);

impl<'a> In<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    pub(crate) fn word(&mut self) -> Option<u64> {
        let mut n = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.take(1)?.first()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(n);
            }
        }
        None
    }

    /// A count that its bytes could hold, so that a damaged one takes no memory.
    fn count(&mut self) -> Option<usize> {
        let n = usize::try_from(self.word()?).ok()?;
        (n <= self.0.len()).then_some(n)
    }

    fn time(&mut self) -> Option<i64> {
        Some(i64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        let length = self.count()?;
        std::str::from_utf8(self.take(length)?).ok()
    }

    pub(crate) fn value(&mut self) -> Option<Value> {
        Some(match self.take(1)?.first()? {
            1 => Value::Text(self.text()?.into()),
            2 => {
                let count = self.count()?;
                Value::Texts((0..count).map(|_| self.text().map(Arc::from)).collect::<Option<_>>()?)
            }
            3 => Value::Number(f64::from_le_bytes(self.take(8)?.try_into().ok()?)),
            4 => Value::Money(Money::from_ten_thousandths(self.time()?)),
            5 => Value::Flag(self.take(1)? == [1]),
            6 => Value::Date(self.text()?.parse::<Date>().ok()?),
            7 => Value::Time(Timestamp::from_ms(self.time()?)),
            8 => Value::Item(ItemId::new(self.text()?).ok()?),
            9 => {
                let count = self.count()?;
                Value::Items((0..count).map(|_| ItemId::new(self.text()?).ok()).collect::<Option<_>>()?)
            }
            _ => return None,
        })
    }

    pub(crate) fn fields(&mut self) -> Option<BTreeMap<Arc<str>, Value>> {
        let count = self.count()?;
        (0..count).map(|_| Some((Arc::from(self.text()?), self.value()?))).collect()
    }
}

/// A profile: each field with the time at which it was stored.
pub(crate) fn profile_bytes(profile: &BTreeMap<Arc<str>, StoredValue>) -> Vec<u8> {
    let mut out = Out::default();
    out.word(profile.len() as u64);
    for (name, stored) in profile {
        out.text(name);
        out.value(&stored.value);
        out.time(stored.stored_at.ms());
    }
    out.0
}

pub(crate) fn profile_of(bytes: &[u8]) -> Option<BTreeMap<Arc<str>, StoredValue>> {
    let mut input = In(bytes);
    let count = input.count()?;
    let mut field = || {
        let name = Arc::from(input.text()?);
        let value = input.value()?;
        Some((name, StoredValue { value, stored_at: Timestamp::from_ms(input.time()?) }))
    };
    (0..count).map(|_| field()).collect()
}

/// What an event says beyond integers.
pub(crate) fn details_bytes(session: &str, details: &EventDetails) -> Vec<u8> {
    let mut out = Out::default();
    out.text(session);
    out.text(details.recommendation.as_ref().map_or("", RecommendationId::as_str));
    out.fields(&details.fields);
    out.word(details.lines.len() as u64);
    details.lines.iter().for_each(|line| out.fields(line));
    out.0
}

/// The visit that an event names, and what else it says.
pub(crate) fn details_of(bytes: &[u8]) -> Option<(Option<SessionId>, EventDetails)> {
    let mut input = In(bytes);
    let session = SessionId::new(input.text()?).ok();
    let recommendation = RecommendationId::new(input.text()?).ok();
    let fields = input.fields()?;
    let count = input.count()?;
    let lines = (0..count).map(|_| input.fields()).collect::<Option<_>>()?;
    Some((session, EventDetails { recommendation, fields, lines }))
}

/// The products of an event.
pub(crate) fn lines_bytes(lines: &[HistoryLine]) -> Vec<u8> {
    let mut out = Out::default();
    for line in lines {
        out.word(line.item.0.into());
        out.word(line.quantity.into());
    }
    out.0
}

pub(crate) fn lines_of(bytes: &[u8]) -> Box<[HistoryLine]> {
    let mut input = In(bytes);
    let mut lines = Vec::new();
    while let (Some(item), Some(quantity)) = (input.word(), input.word()) {
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
        ];
        let fields: BTreeMap<Arc<str>, Value> =
            values.into_iter().enumerate().map(|(i, v)| (format!("f{i}").into(), v)).collect();
        let mut out = Out::default();
        out.fields(&fields);
        assert_eq!(In(&out.0).fields(), Some(fields));
        // cut anywhere it is no value, and never a panic
        for end in 0..out.0.len() {
            assert_eq!(In(&out.0[..end]).fields(), None);
        }
    }

    #[test]
    fn a_word_of_each_length_comes_back() {
        for n in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut out = Out::default();
            out.word(n);
            assert_eq!(In(&out.0).word(), Some(n));
        }
    }
}
