//! What data about people does to the lists that they are shown.

use jardin_policy::rules::{FieldGrant, PolicyRules, PurposeId};

use super::running;
use crate::words::Words;

/// What the data of a purpose does to lists; nothing where no list is made of it.
pub(super) fn tell_effect(rules: &PolicyRules, purpose: PurposeId, words: &Words) -> &'static str {
    let is_personal = |g: &&FieldGrant| rules.field(g.field).is_some_and(|f| f.path.namespace.is_personal());
    let grants = running(rules, purpose).flat_map(|rule| &rule.may_read).filter(is_personal);
    match grants.map(|grant| grant.may_hide).max() {
        None => "",
        Some(true) => {
            words.pick(
                "It changes the order in which products are shown to you and may leave some out; it never changes a price or a service.", "Cela change l'ordre dans lequel les produits vous sont montrés et peut en retirer ; cela ne change jamais un prix ni un service.", "Es ändert die Reihenfolge, in der Ihnen Produkte gezeigt werden, und kann einzelne weglassen; es ändert nie einen Preis oder eine Leistung.")
        }
        Some(false) => {
            words.pick(
                "It changes the order in which products are shown to you and leaves none out; it never changes a price or a service.", "Cela change l'ordre dans lequel les produits vous sont montrés et n'en retire aucun ; cela ne change jamais un prix ni un service.", "Es ändert die Reihenfolge, in der Ihnen Produkte gezeigt werden, und lässt keines weg; es ändert nie einen Preis oder eine Leistung.")
        }
    }
}
