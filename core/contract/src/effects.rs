//! What a script did to a list of candidates, by columns: a rule that leaves most of them as they are costs a
//! few bytes for each.

use std::sync::Arc;

use crate::effect::{Effect, Note};

/// What stands for no text.
const NONE: u16 = u16::MAX;

/// One effect a candidate, in the candidates' order.
///
/// Reads as a list of [`Effect`]: [`Effects::iter`] puts each together, and one can be collected from an
/// iterator of them.
#[derive(Debug, Clone, Default)]
pub struct Effects {
    factors: Vec<f64>,
    /// Places in `texts`, or [`NONE`].
    dropped: Vec<u16>,
    /// Places in `texts`, or [`NONE`].
    says: Vec<u16>,
    /// One for each candidate, or empty where no note was asked for.
    notes: Vec<Vec<Note>>,
    texts: Vec<Arc<str>>,
}

/// A text that effects name: why a candidate was left out, or what a shopper is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EffectText(u16);

impl Effects {
    /// So many candidates that are left as they are.
    #[must_use]
    pub fn all_unmoved(count: usize) -> Self {
        Self {
            factors: vec![1.0; count],
            dropped: vec![NONE; count],
            says: vec![NONE; count],
            notes: Vec::new(),
            texts: Vec::new(),
        }
    }

    /// How many candidates there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.factors.len()
    }

    /// True where there is no candidate.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.factors.is_empty()
    }

    /// The effect on one candidate.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<Effect> {
        Some(Effect {
            factor: *self.factors.get(place)?,
            dropped: self.text_at(&self.dropped, place),
            says: self.text_at(&self.says, place),
            notes: self.notes.get(place).cloned().unwrap_or_default(),
        })
    }

    /// The effect on each candidate.
    pub fn iter(&self) -> impl Iterator<Item = Effect> + '_ {
        (0..self.len()).filter_map(|place| self.get(place))
    }

    /// The product of all factors of each candidate.
    #[must_use]
    pub fn factors(&self) -> &[f64] {
        &self.factors
    }

    /// The same, to be changed.
    pub fn factors_mut(&mut self) -> &mut [f64] {
        &mut self.factors
    }

    /// True where a candidate was left out.
    #[must_use]
    pub fn is_dropped(&self, place: usize) -> bool {
        self.dropped.get(place).is_some_and(|text| *text != NONE)
    }

    /// The reason that is named for a candidate.
    #[must_use]
    pub fn said(&self, place: usize) -> Option<&Arc<str>> {
        let text = self.says.get(place).filter(|text| **text != NONE)?;
        self.texts.get(usize::from(*text))
    }

    /// The factors of the candidates that were not left out.
    pub fn kept_factors(&self) -> impl Iterator<Item = f64> + '_ {
        self.factors.iter().zip(&self.dropped).filter(|(_, d)| **d == NONE).map(|(f, _)| *f)
    }

    /// A text that effects may name. After 65,535 of them the last stands for all others.
    pub fn intern_text(&mut self, text: &Arc<str>) -> EffectText {
        let known = self.texts.iter().position(|t| Arc::ptr_eq(t, text) || **t == **text);
        let place = known.unwrap_or_else(|| {
            if self.texts.len() < usize::from(NONE) {
                self.texts.push(Arc::clone(text));
            }
            self.texts.len() - 1
        });
        EffectText(u16::try_from(place).unwrap_or(NONE - 1))
    }

    /// Leaves a candidate out; of several reasons the first stays.
    pub fn leave_out(&mut self, place: usize, why: EffectText) {
        if let Some(dropped) = self.dropped.get_mut(place).filter(|d| **d == NONE) {
            *dropped = why.0;
        }
    }

    /// Names a reason; of several the last stays.
    pub fn name_reason(&mut self, place: usize, code: EffectText) {
        if let Some(says) = self.says.get_mut(place) {
            *says = code.0;
        }
    }

    /// Adds a note to a candidate.
    pub fn add_note(&mut self, place: usize, note: Note) {
        if self.notes.is_empty() {
            self.notes = vec![Vec::new(); self.len()];
        }
        if let Some(notes) = self.notes.get_mut(place) {
            notes.push(note);
        }
    }

    /// Forgets what was done to a candidate, which is left out instead.
    pub fn leave_out_only(&mut self, place: usize, why: EffectText) {
        self.replace_effect(place, why.0);
    }

    /// Forgets what was done to a candidate, which stays where it was.
    pub fn forget_effect(&mut self, place: usize) {
        self.replace_effect(place, NONE);
    }

    fn replace_effect(&mut self, place: usize, why: u16) {
        let columns = (self.factors.get_mut(place), self.dropped.get_mut(place), self.says.get_mut(place));
        if let (Some(factor), Some(dropped), Some(says)) = columns {
            (*factor, *dropped, *says) = (1.0, why, NONE);
        }
        if let Some(notes) = self.notes.get_mut(place) {
            notes.clear();
        }
    }

    fn text_at(&self, column: &[u16], place: usize) -> Option<Arc<str>> {
        let text = column.get(place).filter(|text| **text != NONE)?;
        self.texts.get(usize::from(*text)).cloned()
    }
}

impl FromIterator<Effect> for Effects {
    fn from_iter<I: IntoIterator<Item = Effect>>(effects: I) -> Self {
        let mut all = Self::default();
        for (place, effect) in effects.into_iter().enumerate() {
            all.factors.push(effect.factor);
            for (column, text) in [(0, effect.dropped), (1, effect.says)] {
                let text = text.map_or(NONE, |t| all.intern_text(&t).0);
                let column = if column == 0 { &mut all.dropped } else { &mut all.says };
                column.push(text);
            }
            if !effect.notes.is_empty() || !all.notes.is_empty() {
                all.notes.resize(place, Vec::new());
                all.notes.push(effect.notes);
            }
        }
        all
    }
}

impl IntoIterator for Effects {
    type Item = Effect;
    type IntoIter = std::vec::IntoIter<Effect>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter().collect::<Vec<_>>().into_iter()
    }
}

impl PartialEq for Effects {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make_effect(factor: f64, dropped: Option<&str>, says: Option<&str>, notes: &[&str]) -> Effect {
        let note = |text: &&str| Note { factor: Some(factor), text: Arc::from(*text) };
        Effect {
            factor,
            dropped: dropped.map(Arc::from),
            says: says.map(Arc::from),
            notes: notes.iter().map(note).collect(),
        }
    }

    #[test]
    fn reads_as_what_it_was_made_of() {
        let all = vec![
            make_effect(1.0, None, None, &[]),
            make_effect(2.0, None, Some("new_in"), &["a", "b"]),
            make_effect(0.5, Some("sold out"), None, &[]),
            make_effect(1.0, Some("new_in"), Some("sold out"), &["c"]),
        ];
        let effects: Effects = all.iter().cloned().collect();
        assert_eq!(effects.iter().collect::<Vec<_>>(), all);
        assert_eq!(effects.kept_factors().collect::<Vec<_>>(), [1.0, 2.0]);
        assert_eq!(effects.into_iter().collect::<Vec<_>>(), all);
    }

    #[test]
    fn the_first_reason_and_the_last_code_stay() {
        let mut effects = Effects::all_unmoved(2);
        let texts = ["one", "two"].map(|t| effects.intern_text(&Arc::from(t)));
        for text in texts {
            effects.leave_out(1, text);
            effects.name_reason(1, text);
        }
        assert_eq!(effects.get(1), Some(make_effect(1.0, Some("one"), Some("two"), &[])));
        assert_eq!(effects.get(0), Some(Effect::default()));
        effects.leave_out_only(1, texts[1]);
        assert_eq!(effects.get(1), Some(make_effect(1.0, Some("two"), None, &[])));
        assert_eq!(effects.get(2), None);
        effects.forget_effect(1);
        assert_eq!(effects.get(1), Some(Effect::default()));
    }
}
