//! A list that follows what was looked at in a visit: what a new shop has of it where its controller asks for it, and
//! states the interest and the balance.

use super::toml_text::quote_text;

/// What the controller states of it.
pub(super) struct FollowedVisit {
    /// The interest, in a sentence that shoppers read.
    pub(super) interest: String,
    /// Where the balance is written down.
    pub(super) balance: String,
}

/// What shoppers read, in the languages that we speak: what the list is for, and why a product stands in it.
const SPOKEN: [(&str, &str, &str); 3] = [
    (
        "en",
        "Put first, during this visit, the kinds of products that you just looked at.",
        "Of a kind that you just looked at",
    ),
    (
        "fr",
        "Mettre en avant, pendant cette visite, le genre de produits que vous venez de regarder.",
        "Du même genre que ce que vous venez de regarder",
    ),
    (
        "de",
        "Während dieses Besuchs zuerst zeigen, was zu dem gehört, was Sie gerade angesehen haben.",
        "Von der Art, die Sie gerade angesehen haben",
    ),
];

/// The sentences of a language; any other begins in English.
fn spoken(language: &str) -> (&'static str, &'static str) {
    let [english, ..] = SPOKEN;
    let own = SPOKEN.into_iter().find(|(code, ..)| *code == language).unwrap_or(english);
    (own.1, own.2)
}

impl FollowedVisit {
    /// What stands in policy.toml.
    pub(super) fn write_policy(&self, language: &str) -> String {
        format!(
            "
# What was looked at in a visit; it goes with the visit, {IDLE} after the last click.
[fields.session]
viewed = {{ type = \"events\", class = \"personal\", keep = \"session\", source = \"observed\", of = [\"view_item\"], at_most = 30 }}

[purposes.this-visit]
says      = {{ {language} = {says} }}
profiling = false
profiling_because = \"reacts to what was looked at in this visit, forgets it with the visit, and predicts nothing about the person\"
basis     = \"legitimate interests\"
interest  = {{ {language} = {interest} }}
balance   = {balance}
device    = \"nothing\"
stop_if   = [\"objection\", \"global privacy control\"]

[strategies.this-visit]
script   = \"this_visit.rhai\"
purpose  = \"this-visit\"
may_read = {{ \"item.sku\" = \"exact\", \"item.category\" = \"exact\", \"session.viewed\" = \"exact\" }}
",
            says = quote_text(spoken(language).0),
            interest = quote_text(&self.interest),
            balance = quote_text(&self.balance),
        )
    }

    /// What stands in jardin.toml before the placements.
    pub(super) fn reasons(language: &str) -> String {
        format!("[reasons]\nthis_visit = {{ {language} = {} }}\n\n", quote_text(spoken(language).1))
    }
}

/// After how long a visit without a click has ended.
pub(super) const IDLE: &str = "30 minutes";

/// The rule.
pub(super) const SCRIPT: &str =
    "// More of the kinds of products that were looked at in this visit. It reads this visit alone.
fn adjust(item, session) {
    for look in session.viewed ?? [] {
        if look.item.category == item.category && look.item.sku != item.sku {
            item.boost(4, \"of a kind that was looked at in this visit\");
            item.say(\"this_visit\");
            return;
        }
    }
}
";
