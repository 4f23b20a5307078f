//! Data that is granted and never read (GDPR Art. 5(1)(c)).

use std::collections::BTreeSet;

use jardin_diagnostics::Finding;
use jardin_model::FieldPath;
use jardin_policy::{
    Policy, StrategyRule,
    rules::{Class, FieldGrant},
};

use crate::codes::OVER_GRANT;

/// A grant of a strategy that touches a person or a secret of the shop, is not read by its file, and for
/// which no reason is given.
#[must_use]
pub fn find_over_grants(policy: &Policy, rule: &StrategyRule, reads: &BTreeSet<FieldPath>) -> Vec<Finding> {
    let finding = |grant: &FieldGrant| {
        let field = policy.rules().field(grant.field)?;
        let is_over = grant.because.is_none()
            && matters(field.path.namespace.is_personal(), field.class)
            && !reads.contains(&field.path);
        is_over.then(|| Finding {
            code: OVER_GRANT,
            span: grant.span,
            message: format!("`{}` is granted `{}` and never reads it", rule.name, field.path),
            help: Some("take the grant away, or say why it stays: `because = \"…\"`".to_owned()),
        })
    };
    rule.may_read.iter().filter_map(finding).collect()
}

/// True for a field whose grant is to be needed: of a person or a visit, or a secret of the shop.
pub(super) const fn matters(of_a_person: bool, class: Class) -> bool {
    of_a_person || matches!(class, Class::Confidential | Class::Personal | Class::HighlyPersonal)
}
