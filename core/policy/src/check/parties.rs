//! `[vendors]`, and who receives data: `recipients` and `transfers`.

use std::sync::Arc;

use jardin_diagnostics::{
    TomlEntry, TomlTable, TomlValue,
    codes::{INVALID_VALUE, MISSING_KEY},
};

use crate::rules::{Party, PartyRole, Role, Vendor};

pub(super) fn read_vendors(root: &TomlTable<'_>) -> Vec<Vendor> {
    let Some(table) = root.get("vendors").and_then(|n| n.table("[vendors]")) else {
        return Vec::new();
    };
    let vendor = |entry: TomlEntry<'_>| {
        let of = entry.node.table(format!("vendor `{}`", entry.key))?;
        let name =
            of.require("name", "\"Name, town\"").and_then(|n| n.text()).map(Arc::from).unwrap_or_default();
        let roles = [("supplier", Role::Supplier), ("processor", Role::Processor)];
        let role = of.require("role", "\"supplier\"").and_then(|n| n.word("role", &roles))?;
        let contract = of.text("contract");
        if role == Role::Processor && contract.is_none() {
            lacks_contract(entry.node, entry.key);
        }
        of.end();
        Some(Vendor { key: entry.key.into(), name, role, contract })
    };
    table.entries().into_iter().filter_map(vendor).collect()
}

/// A list of names, and of tables that say more of somebody.
pub(super) fn read_parties(node: TomlValue<'_>) -> Vec<Party> {
    let nodes = node.list().unwrap_or_default();
    let mut parties: Vec<Party> = Vec::new();
    for (node, party) in nodes.into_iter().filter_map(|node| Some((node, read_party(node)?))) {
        if parties.iter().any(|other| other.name == party.name) {
            let help = "say what there is to say of somebody in one place".to_owned();
            node.finding(INVALID_VALUE, format!("`{}` stands twice", party.name), Some(help));
        }
        parties.push(party);
    }
    parties
}

fn read_party(node: TomlValue<'_>) -> Option<Party> {
    if !node.is_table() {
        let name = node.text()?;
        return Some(Party {
            name: name.into(),
            role: None,
            country: None,
            safeguard: None,
            contract: None,
            purpose: None,
        });
    }
    let table = node.table("a recipient")?;
    let name: Option<Arc<str>> =
        table.require("name", "\"Name, town\"").and_then(|n| n.text()).map(Arc::from);
    let roles = PartyRole::ALL.map(|role| (role.word(), role));
    let party = Party {
        name: name.unwrap_or_default(),
        role: table.get("role").and_then(|n| n.word("role", &roles)),
        country: table.text("country"),
        safeguard: table.text("safeguard"),
        contract: table.text("contract"),
        purpose: table.text("for"),
    };
    if party.role == Some(PartyRole::Processor) && party.contract.is_none() {
        lacks_contract(node, &party.name);
    }
    table.end();
    Some(party)
}

fn lacks_contract(node: TomlValue<'_>, name: &str) {
    let help = "write `contract = \"…\"`, its reference".to_owned();
    node.finding(MISSING_KEY, format!("processor `{name}` has no contract (GDPR Art. 28)"), Some(help));
}
