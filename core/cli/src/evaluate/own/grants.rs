//! The price of privacy in a shop of one's own: the same evaluation with each grant of a strategy taken away,
//! and with fewer people.

use jardin_evaluate::Line;
use jardin_policy::rules::FieldId;

use super::{super::privacy::RATES, Own};

/// A line a change.
pub(super) fn price(own: &Own<'_>, strategy: &str, config: &str) -> anyhow::Result<Vec<Line>> {
    let names = [strategy.to_owned()];
    let valid = own.folder.policy.rules();
    let grants: Vec<(FieldId, String)> = own
        .folder
        .policy
        .strategy(strategy)
        .into_iter()
        .flat_map(|rule| &rule.may_read)
        .filter_map(|grant| Some((grant.field, valid.field(grant.field)?.path.to_string())))
        .collect();
    let mut lines = Vec::new();
    for (field, path) in grants {
        let measured = own.lines(&names, config, &|policy| policy.without_grant(strategy, field), 100)?;
        lines.extend(measured.into_iter().map(|line| Line { name: format!("without {path}"), ..line }));
    }
    for rate in RATES {
        let measured = own.lines(&names, config, &|policy| policy, rate)?;
        lines.extend(
            measured.into_iter().map(|line| Line { name: format!("{rate} % of those who agree"), ..line }),
        );
    }
    Ok(lines)
}
