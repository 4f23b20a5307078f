//! What a shop says of its items, beside the newest item of a visit: features for who is granted the fields.

use std::collections::BTreeMap;

use jardin_sdk::number::ln;

/// How two items are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    /// 1 where both say the same.
    Same,
    /// How far apart their logarithms are, at most [`FURTHEST`].
    Distance,
}

/// The features, each of one field. All are 0 where one of the two items does not say it.
const ITEM_FEATURES: [(&str, Comparison); 4] = [
    ("item.category", Comparison::Same),
    ("item.price", Comparison::Distance),
    ("item.brand", Comparison::Same),
    ("item.group", Comparison::Same),
];

/// Prices twenty times as high are no further away than any.
const FURTHEST: f32 = 3.0;

/// The fields of items that features compare.
#[derive(Debug, Clone, Default)]
pub struct ItemFields {
    /// By item, in the order of [`ITEM_FEATURES`]: the number of a text, or the logarithm of a number; not a
    /// number where it is unknown.
    values: Vec<[f32; ITEM_FEATURES.len()]>,
    texts: BTreeMap<String, u32>,
}

impl ItemFields {
    /// Sets what is known of an item, and nothing else stays known. `text` and `number` tell its fields by
    /// their names.
    pub fn put<'t>(
        &mut self,
        item: u32,
        text: impl Fn(&str) -> Option<&'t str>,
        number: impl Fn(&str) -> Option<f64>,
    ) {
        let values = ITEM_FEATURES.map(|(field, comparison)| {
            let value = match comparison {
                Comparison::Same => text(field).map(|text| self.text_number(text) as f32),
                Comparison::Distance => number(field).filter(|n| *n > 1e-6).map(|n| ln(n) as f32),
            };
            value.unwrap_or(f32::NAN)
        });
        let place = item as usize;
        if place >= self.values.len() {
            self.values.resize(place + 1, [f32::NAN; ITEM_FEATURES.len()]);
        }
        if let Some(slot) = self.values.get_mut(place) {
            *slot = values;
        }
    }

    /// A text's number: only whether two are equal counts, so that the order in which texts came does not.
    fn text_number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.texts.get(text) {
            return *number;
        }
        let number = self.texts.len() as u32;
        self.texts.insert(text.to_owned(), number);
        number
    }

    /// The features of an item beside the newest of a visit.
    pub(super) fn features(&self, newest: u32, item: u32) -> [f64; ITEM_FEATURES.len()] {
        let (one, other) = (self.values.get(newest as usize), self.values.get(item as usize));
        let mut features = [0.0; ITEM_FEATURES.len()];
        for ((slot, (_, comparison)), (one, other)) in features
            .iter_mut()
            .zip(ITEM_FEATURES)
            .zip(one.into_iter().flatten().zip(other.into_iter().flatten()))
        {
            let far = (one - other).abs();
            *slot = match comparison {
                Comparison::Same => f64::from(u8::from(far == 0.0)),
                // what is unknown is not a number, and compares with nothing
                Comparison::Distance => {
                    if far >= 0.0 {
                        f64::from(far.min(FURTHEST))
                    } else {
                        0.0
                    }
                }
            };
        }
        features
    }

    /// About how many bytes it takes.
    pub(crate) fn takes(&self) -> usize {
        size_of::<[f32; ITEM_FEATURES.len()]>() * self.values.capacity() + 64 * self.texts.len()
    }
}
