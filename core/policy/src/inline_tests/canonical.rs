//! What a test says, in one line.

use crate::rules::{FieldId, GivenField, GivenItem, InlineTest, PolicyRules};

impl InlineTest {
    /// What it says, with every field by its path, so that tests of two policies can be compared.
    #[must_use]
    pub fn canonical_text(&self, rules: &PolicyRules) -> String {
        let path = |id: &FieldId| rules.field(*id).map(|f| f.path.to_string()).unwrap_or_default();
        let item = |item: &GivenItem| {
            let fields: Vec<_> = item.fields.iter().map(|(id, plain)| (path(id), plain.clone())).collect();
            format!("{fields:?} {:?} {:?}", item.on, item.quantity)
        };
        let value = |value: &GivenField| match value {
            GivenField::Items(items, one) => {
                format!("{one} {:?}", items.iter().map(item).collect::<Vec<_>>())
            }
            other => format!("{other:?}"),
        };
        let (given, expect) = (&self.given, &self.expect);
        let fields: Vec<_> = given.fields.iter().map(|(id, v)| (path(id), value(v))).collect();
        let sees: Vec<_> = expect.sees.iter().map(|(id, plain)| (path(id), plain)).collect();
        let choices = (
            &given.consent,
            given.consent_on,
            &given.consent_text,
            given.objected,
            given.restricted,
            given.today,
            &given.stop,
        );
        let flags: Vec<String> = given.signals.context_flags.iter().map(path).collect();
        let signals =
            (given.signals.gpc, &given.signals.tcf_publisher_purposes, &given.signals.consent_mode, flags);
        let rest = (
            &expect.runs,
            &expect.hides,
            &expect.stores,
            &expect.teaches,
            expect.sees_nothing_about_the_person,
        );
        format!("{} {choices:?} {signals:?} {fields:?} {sees:?} {rest:?}", self.ask)
    }
}
