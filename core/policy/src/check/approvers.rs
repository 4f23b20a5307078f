//! `[[policy.approvers]]`: whose signed approval counts.

use std::sync::Arc;

use jardin_diagnostics::{TomlValue, codes::INVALID_VALUE};

use crate::{codes::NAME_COLLISION, lock::digest_of_hex, rules::Approver};

pub(super) fn read_approvers(node: TomlValue<'_>) -> Vec<Approver> {
    let mut approvers: Vec<Approver> = Vec::new();
    for node in node.list().unwrap_or_default() {
        let Some(approver) = read_approver(node) else { continue };
        if approvers.iter().any(|other| other.name == approver.name) {
            let help = Some("give each a name of their own".to_owned());
            node.finding(NAME_COLLISION, format!("two approvers are called `{}`", approver.name), help);
        }
        approvers.push(approver);
    }
    approvers
}

fn read_approver(node: TomlValue<'_>) -> Option<Approver> {
    let table = node.table("[[policy.approvers]]")?;
    let name: Option<Arc<str>> =
        table.require("name", "\"Name, office\"").and_then(|n| n.text()).map(Arc::from);
    let key = table.require("key", "\"…\"").and_then(read_key);
    table.end();
    Some(Approver { name: name?, key: key? })
}

fn read_key(node: TomlValue<'_>) -> Option<[u8; 32]> {
    let key = digest_of_hex(node.text()?);
    if key.is_none() {
        let help = "write the public key that `jardin key approver` shows".to_owned();
        node.finding(INVALID_VALUE, "a public key is 64 hexadecimal digits", Some(help));
    }
    key
}
