//! Kinds of products whose names suggest what is nobody's business: proposed for `[never]` and `[discreet]`, and in force only once
//! somebody has decided so.

use std::collections::{BTreeMap, BTreeSet};

use super::toml_text::quote_text;

/// Words that suggest something: beginnings, and whole ones.
struct Suggesting {
    beginnings: &'static [&'static str],
    words: &'static [&'static str],
}

/// Health and belief (GDPR Art. 9(1)), in the languages of our shops.
const HEALTH_OR_BELIEF: Suggesting = Suggesting {
    beginnings: &[
        "pharma",
        "medic",
        "medik",
        "medis",
        "gesundheit",
        "health",
        "santé",
        "salud",
        "salute",
        "gezondheid",
        "contracep",
        "kontrazep",
        "anticonc",
        "verhütung",
        "pregnan",
        "schwanger",
        "grossesse",
        "embaraz",
        "gravidanza",
        "zwanger",
        "fertil",
        "inkontinen",
        "incontinen",
        "diabet",
        "blutdruck",
        "orthop",
        "hearing",
        "hörger",
        "halal",
        "kosher",
        "koscher",
        "casher",
        "religi",
        "bibel",
        "bible",
        "biblia",
        "koran",
        "quran",
        "church",
        "kirche",
        "judai",
        "prayer",
        "gebet",
    ],
    words: &["viagra", "cbd", "hiv"],
};

/// Intimacy.
const INTIMACY: Suggesting = Suggesting {
    beginnings: &[
        "intim",
        "erotic",
        "erotik",
        "érotique",
        "erót",
        "lingerie",
        "dessous",
        "condom",
        "kondom",
        "préserva",
        "preserva",
    ],
    words: &["sex", "adult", "erwachsene"],
};

/// The values that suggest it, as lines of a policy that are marked as comments; nothing where there is none.
pub(super) fn propose_guards(kinds: &BTreeMap<String, BTreeSet<String>>) -> String {
    let never = propose(kinds, &HEALTH_OR_BELIEF);
    let discreet = propose(kinds, &INTIMACY);
    if never.is_none() && discreet.is_none() {
        return String::new();
    }
    let table = |name: &str, items: Option<String>| {
        items.map(|items| format!("# [{name}]\n# items = {{ {items} }}\n")).unwrap_or_default()
    };
    format!(
        "\n# Proposed, not in force: names of these kinds suggest health, belief or intimacy. Products of never are tied to nobody, those of
# discreet count within a visit alone. Strike out what is harmless, and take the marks away.
{}{}",
        table("never", never),
        table("discreet", discreet)
    )
}

/// True where some value suggests health, belief or intimacy.
pub(super) fn suggest_anything(values: &BTreeSet<String>) -> bool {
    values.iter().any(|value| HEALTH_OR_BELIEF.is_said_by(value) || INTIMACY.is_said_by(value))
}

fn propose(kinds: &BTreeMap<String, BTreeSet<String>>, suggesting: &Suggesting) -> Option<String> {
    let of_field = |(field, values): (&String, &BTreeSet<String>)| {
        let found = values.iter().filter(|value| suggesting.is_said_by(value));
        let found: Vec<String> = found.map(|value| quote_text(value)).collect();
        (!found.is_empty()).then(|| format!("\"item.{field}\" = [{}]", found.join(", ")))
    };
    let fields: Vec<String> = kinds.iter().filter_map(of_field).collect();
    (!fields.is_empty()).then(|| fields.join(", "))
}

impl Suggesting {
    fn is_said_by(&self, value: &str) -> bool {
        let value = value.to_lowercase();
        let mut words = value.split(|c: char| !c.is_alphanumeric());
        words.any(|word| {
            self.words.contains(&word) || self.beginnings.iter().any(|beginning| word.starts_with(beginning))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_suggest_health_belief_or_intimacy_are_proposed_and_others_are_not() {
        for (value, is_never, is_discreet) in [
            ("Health & Beauty > Contraception", true, false),
            ("Gesundheit", true, false),
            ("Religiöse Kunst", true, false),
            ("halal", true, false),
            ("Sex toys", false, true),
            ("Damen > Dessous", false, true),
            ("Sextants", false, false),
            ("Wine > Red", false, false),
            ("Tents", false, false),
        ] {
            let said = (HEALTH_OR_BELIEF.is_said_by(value), INTIMACY.is_said_by(value));
            assert_eq!(said, (is_never, is_discreet), "{value}");
        }
    }

    #[test]
    fn a_proposal_is_a_comment_until_somebody_decides() {
        let values = ["Pharmacy", "Tea", "Lingerie"].map(str::to_owned);
        let kinds = BTreeMap::from([("category".to_owned(), BTreeSet::from(values))]);
        let text = propose_guards(&kinds);
        assert!(text.contains("# [never]\n# items = { \"item.category\" = [\"Pharmacy\"] }"), "{text}");
        assert!(text.contains("# [discreet]\n# items = { \"item.category\" = [\"Lingerie\"] }"), "{text}");
        assert!(text.lines().all(|line| line.is_empty() || line.starts_with('#')), "{text}");
        assert_eq!(propose_guards(&BTreeMap::new()), "");
    }
}
