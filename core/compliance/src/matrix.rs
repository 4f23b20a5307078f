//! Fields against strategies: who reads what, and in which form.

use jardin_model::Namespace;
use jardin_policy::{
    Policy, StrategyRule, Transform,
    rules::{FieldGrant, FieldId, Isolation},
};

use super::{
    page::{Block, Page, Section},
    words::Words,
};

/// The table, in a language of the policy: a section for each namespace, a row for each field, a column for
/// each strategy.
#[must_use]
pub fn draw_matrix(policy: &Policy, language: Option<&str>) -> Page {
    let rules = policy.rules();
    let words = Words::of(language, rules);
    let title = words.pick("Who may read what", "Qui peut lire quoi", "Wer was lesen darf");
    let mut page = Page::new(format!("{title}: {}, {}", rules.controller, policy.revision()), words.code());
    let mut strategies: Vec<&StrategyRule> = rules.strategies.values().map(AsRef::as_ref).collect();
    strategies.retain(|rule| !rule.may_read.is_empty() || !rule.may_learn_from.is_empty());
    for space in Namespace::ALL {
        let fields = rules.fields.iter().enumerate().filter(|(_, f)| f.path.namespace == space);
        let rows: Vec<Vec<String>> = fields
            .map(|(id, field)| {
                let cells = strategies.iter().map(|rule| cell(rule, FieldId(id), &words));
                let kept = if space == Namespace::Item {
                    words.pick("with the product", "avec le produit", "mit dem Produkt").to_owned()
                } else {
                    words.keep(field.keep, rules)
                };
                [field.path.to_string(), words.class(field.class).to_owned(), kept]
                    .into_iter()
                    .chain(cells)
                    .collect()
            })
            .collect();
        if rows.is_empty() {
            continue;
        }
        let head = [
            words.pick("field", "champ", "Feld"),
            words.pick("class", "nature", "Art"),
            words.pick("kept", "conservé", "gespeichert"),
        ];
        let head = head.map(str::to_owned);
        let names = strategies.iter().map(|rule| {
            let advisory = if rule.isolation == Isolation::Process {
                words.pick(" (advisory)", " (indicatif)", " (zugesagt)")
            } else {
                ""
            };
            format!("{}{advisory}", rule.name)
        });
        let mut section = Section::new(words.space(space));
        section.blocks.push(Block::Table(head.into_iter().chain(names).collect(), rows));
        page.add(section);
    }
    let mut legend = Section::new(words.pick("How to read it", "Comment le lire", "Wie sie zu lesen ist"));
    legend.say(words.pick(
        "An empty cell is denied: for that strategy the field does not exist.",
        "Une case vide est un refus : pour cette stratégie, le champ n'existe pas.",
        "Eine leere Zelle heißt verwehrt: Für diese Strategie gibt es das Feld nicht.",
    ));
    legend.say(words.pick(
        "“hides”: by that field a product may be left out; any other field of a person may change the order alone.", "« masque » : d'après ce champ, un produit peut être retiré ; tout autre champ d'une personne ne peut changer que l'ordre.", "„verbirgt“: Nach diesem Feld darf ein Produkt weggelassen werden; jedes andere Feld einer Person darf nur die Reihenfolge ändern."));
    page.add(legend);
    page
}

fn cell(rule: &StrategyRule, field: FieldId, words: &Words) -> String {
    let granted = rule.may_read.iter().find(|g| g.field == field);
    let learned = rule.may_learn_from.iter().find(|l| l.field == field);
    let window = |newest: Option<jardin_policy::rules::Age>| {
        newest.map(|age| format!(", {}", words.age(age))).unwrap_or_default()
    };
    let form = |form: &Transform| {
        if form.is_exact() { "exact".to_owned() } else { words.form(form) }
    };
    let hides =
        |g: &FieldGrant| if g.may_hide { words.pick(", hides", ", masque", ", verbirgt") } else { "" };
    let reads = granted.map(|g| format!("{}{}{}", form(&g.transform), window(g.newest), hides(g)));
    let people = words.least_people(rule.people);
    let learns =
        learned.map(|l| format!("{}{}{people}", words.pick("learns", "apprend", "lernt"), window(l.newest)));
    [reads, learns].into_iter().flatten().collect::<Vec<_>>().join("; ")
}
