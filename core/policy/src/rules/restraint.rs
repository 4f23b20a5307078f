//! What holds lists back from somebody.

use super::{Age, FieldId};

/// What holds lists back, `[restraint]`. What is not said holds nothing back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RestraintRule {
    /// How often one product is shown within a visit.
    pub shown_at_most: Option<ShownAtMost>,
    /// Whether a product that they do not want is shown no more.
    pub dismissed: bool,
    /// The largest share of a list that data of a person chooses, above 0 and below 1.
    pub personal_share_at_most: Option<f64>,
    /// How long a product rests that they bought.
    pub after_purchase: Option<RestAfterPurchase>,
}

/// How often one product is shown within a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownAtMost {
    /// So many times, at least 1.
    pub times: u32,
    /// A product that was clicked is shown beyond it.
    pub unless_clicked: bool,
}

/// How long a product rests after its purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestAfterPurchase {
    /// For so long.
    pub rest: Age,
    /// The flag of products that do not rest, such as what is used up.
    pub unless: Option<FieldId>,
}

impl RestraintRule {
    /// What this rule and another one both permit, whose fields are those of this one's policy.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        let both = |ours: ShownAtMost, theirs: ShownAtMost| ShownAtMost {
            times: ours.times.min(theirs.times),
            unless_clicked: ours.unless_clicked && theirs.unless_clicked,
        };
        let longer = |ours: RestAfterPurchase, theirs: RestAfterPurchase| RestAfterPurchase {
            rest: if theirs.rest.approximate_days() > ours.rest.approximate_days() {
                theirs.rest
            } else {
                ours.rest
            },
            unless: ours.unless.filter(|unless| theirs.unless == Some(*unless)),
        };
        Self {
            shown_at_most: either(self.shown_at_most, other.shown_at_most, both),
            dismissed: self.dismissed || other.dismissed,
            personal_share_at_most: either(
                self.personal_share_at_most,
                other.personal_share_at_most,
                f64::min,
            ),
            after_purchase: either(self.after_purchase, other.after_purchase, longer),
        }
    }
}

fn either<T>(ours: Option<T>, theirs: Option<T>, both: impl Fn(T, T) -> T) -> Option<T> {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => Some(both(ours, theirs)),
        (ours, theirs) => ours.or(theirs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_rules_the_one_holds_that_shows_less() {
        let shown = |times, unless_clicked| Some(ShownAtMost { times, unless_clicked });
        let rests = |months, unless| Some(RestAfterPurchase { rest: Age::Months(months), unless });
        let rule = |shown_at_most, personal_share_at_most, after_purchase| RestraintRule {
            shown_at_most,
            dismissed: false,
            personal_share_at_most,
            after_purchase,
        };
        let consumable = Some(FieldId(7));
        for (ours, theirs, both) in [
            (rule(None, None, None), rule(None, None, None), rule(None, None, None)),
            (
                rule(shown(5, true), Some(0.5), None),
                rule(None, Some(0.7), rests(6, consumable)),
                rule(shown(5, true), Some(0.5), rests(6, consumable)),
            ),
            (
                rule(shown(5, true), None, rests(6, consumable)),
                rule(shown(9, false), None, rests(3, None)),
                rule(shown(5, false), None, rests(6, None)),
            ),
        ] {
            assert_eq!(ours.clone().stricter(theirs.clone()), both);
            assert_eq!(theirs.stricter(ours), both);
        }
        let hides = RestraintRule { dismissed: true, ..RestraintRule::default() };
        assert_eq!(RestraintRule::default().stricter(hides.clone()), hides);
    }
}
