//! Borders between classes of a number.

use std::sync::Arc;

use crate::runtime::ViewValue;

/// Ascending finite borders between classes of a number.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Edges(Vec<f64>);

impl Edges {
    /// Borders; `None` unless there is at least one and they rise.
    pub(super) fn new(borders: Vec<f64>) -> Option<Self> {
        let rise = borders.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        (!borders.is_empty() && borders.iter().all(|b| b.is_finite()) && rise).then_some(Self(borders))
    }

    pub(super) fn borders(&self) -> &[f64] {
        &self.0
    }

    /// The class of a number, `under 25`, `25-50`, `50 and over`: a border belongs to the class above it.
    pub(super) fn class_of(&self, n: f64) -> ViewValue {
        let above = self.0.partition_point(|border| *border <= n);
        let text = match (above.checked_sub(1).and_then(|i| self.0.get(i)), self.0.get(above)) {
            (None, Some(high)) => format!("under {high}"),
            (Some(low), Some(high)) => format!("{low}-{high}"),
            (Some(low), None) => format!("{low} and over"),
            (None, None) => String::new(),
        };
        ViewValue::Text(text.into())
    }

    /// Every class.
    pub(super) fn classes(&self) -> Vec<Arc<str>> {
        let first = self.0.first().map(|b| format!("under {b}").into());
        let between = self.0.iter().zip(self.0.iter().skip(1)).map(|(a, b)| format!("{a}-{b}").into());
        let last = self.0.last().map(|b| format!("{b} and over").into());
        first.into_iter().chain(between).chain(last).collect()
    }

    /// True where each border is one of `old`: its classes are unions of old ones.
    pub(super) fn is_within(&self, old: &Self) -> bool {
        self.0.iter().all(|border| old.0.contains(border))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_border_belongs_to_the_class_above_it() {
        let edges = Edges::new(vec![25.0, 50.0]).unwrap();
        for (n, class) in [
            (-1.0, "under 25"),
            (24.9, "under 25"),
            (25.0, "25-50"),
            (50.0, "50 and over"),
            (1e9, "50 and over"),
        ] {
            assert_eq!(edges.class_of(n), ViewValue::Text(class.into()), "{n}");
        }
        assert_eq!(edges.classes(), ["under 25", "25-50", "50 and over"].map(Arc::from));
    }

    #[test]
    fn borders_rise_and_are_finite() {
        for refused in [vec![], vec![1.0, 1.0], vec![2.0, 1.0], vec![f64::INFINITY]] {
            assert_eq!(Edges::new(refused), None);
        }
    }
}
