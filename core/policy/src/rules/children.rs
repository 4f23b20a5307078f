//! Who counts as a child.

use std::{collections::BTreeMap, sync::Arc};

use super::FieldId;

/// Who counts as a child: two ages, for they protect from two things.
#[derive(Debug, Clone)]
pub struct ChildRule {
    /// Younger than this, in whole years, no purpose rests on consent and no answer counts (GDPR Art. 8).
    pub consent_from: i16,
    /// Younger than this, in whole years, nothing profiles, whatever it rests on.
    pub profiling_from: i16,
    /// The age of consent by country.
    pub by: Option<AgesByCountry>,
    /// The field that tells the birth date.
    pub age_from: Option<FieldId>,
    /// Context flags that make everybody a child.
    pub also_if: Vec<FieldId>,
    /// Whether someone of unknown age counts as a child.
    pub unknown_is_child: bool,
    /// Why the unknown count as adults.
    pub unknown_because: Option<Arc<str>>,
}

/// The age of consent by country, nowhere below the policy's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgesByCountry {
    /// The fields that tell the country, that of the person before that of the page.
    pub fields: Vec<FieldId>,
    /// The age in each country.
    pub ages: BTreeMap<Arc<str>, i16>,
}

impl ChildRule {
    /// From which age an answer counts in a country, in whole years; where the country is unknown or not listed, from
    /// the highest.
    #[must_use]
    pub fn consent_age(&self, country: Option<&str>) -> i16 {
        let Some(by) = &self.by else { return self.consent_from };
        let listed = country.and_then(|country| by.ages.get(country)).copied();
        let highest = || by.ages.values().copied().max().unwrap_or(self.consent_from);
        listed.unwrap_or_else(highest).max(self.consent_from)
    }

    /// Every age at which something begins, in whole years.
    #[must_use]
    pub fn ages(&self) -> Vec<i16> {
        let countries = self.by.iter().flat_map(|by| by.ages.values().copied());
        [self.consent_from, self.profiling_from].into_iter().chain(countries).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(ages: &[(&str, i16)]) -> ChildRule {
        let ages = ages.iter().map(|(country, age)| (Arc::from(*country), *age)).collect();
        ChildRule {
            consent_from: 15,
            profiling_from: 18,
            by: Some(AgesByCountry { fields: Vec::new(), ages }),
            age_from: None,
            also_if: Vec::new(),
            unknown_is_child: true,
            unknown_because: None,
        }
    }

    #[test]
    fn an_unknown_country_takes_the_highest_age() {
        let rule = rule(&[("FR", 15), ("DE", 16), ("IE", 17)]);
        let asked = [("FR", 15), ("DE", 16), ("IE", 17), ("US", 17), ("de", 17)];
        for (country, age) in asked {
            assert_eq!(rule.consent_age(Some(country)), age, "{country}");
        }
        assert_eq!(rule.consent_age(None), 17);
    }

    #[test]
    fn no_country_lowers_the_policys_own_age() {
        assert_eq!(rule(&[("ES", 13)]).consent_age(Some("ES")), 15);
    }
}
