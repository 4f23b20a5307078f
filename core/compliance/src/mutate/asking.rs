//! Edits of what people are asked.

use super::{edits::Edits, tree::Tree};

impl Edits<'_> {
    pub(super) fn widen_consents(&mut self) {
        for name in self.keys(&["consents"]) {
            let at = |key| ["consents", &*name, key];
            let older = self.older_text(&name);
            self.append(&at("texts"), "an older question counts", Tree::text(&older));
            self.set(&at("lasts"), "a yes lasts longer", Tree::text("5 years"));
            self.stretch(&at("rests_for"), true, "what nobody agrees to any longer is kept for longer");
            self.remove(&at("ask_again_after"), "whoever said no is asked again at once");
            for version in self.keys(&at("wording")) {
                for language in self.keys(&["consents", &name, "wording", &version]) {
                    let path = ["consents", &*name, "wording", &*version, &*language];
                    self.set(&path, "people were asked something else", Tree::text("Agree?"));
                }
            }
            self.remove(&at("signals"), "signals no longer refuse");
            self.set(&["consents", &name, "signals", "may"], "signals of others grant", Tree::text("grant"));
            self.remove(&["consents", &name, "signals", "consent_mode"], "consent mode no longer refuses");
            self.remove_each(
                &["consents", &name, "signals", "tcf_publisher_purposes"],
                "a TCF purpose no longer refuses",
            );
        }
    }

    /// A version of the question that does not count: one that a test speaks of, where there is one.
    fn older_text(&self, consent: &str) -> String {
        let listed = self.of.at(&["consents", consent, "texts"]).map(Tree::list).unwrap_or_default();
        let tests = self.of.at(&["test"]).map(Tree::list).unwrap_or_default();
        let named =
            tests.iter().filter_map(|t| t.at(&["given", "consent_text"])).find(|text| !listed.contains(text));
        named.and_then(Tree::as_text).unwrap_or("1999-01").to_owned()
    }
}
