//! `policy.approved`: which policies somebody said yes to, one record each, written by `jardin policy approve`.

use std::{fmt::Write as _, sync::Arc};

use jardin_access::PolicyApproval;
use jardin_diagnostics::{FindingSink, Report, TomlValue, codes::INVALID_VALUE, read_toml};
use jardin_model::Timestamp;
use jardin_policy::{
    lock::{digest_of_hex, hex},
    rules::Approver,
};

/// One approval as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedApproval {
    /// Who said yes to what, and when.
    pub approval: PolicyApproval,
    /// Their signature; `None` where nobody has a key.
    pub signature: Option<[u8; 64]>,
}

/// The approvals beside a policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApprovalFile(Vec<RecordedApproval>);

impl ApprovalFile {
    /// Reads a policy.approved at a time: an approval that is still to come is an error.
    ///
    /// # Errors
    /// The report with every finding.
    pub fn parse(file: &str, source: &str, now: Timestamp) -> Result<Self, Report> {
        let sink = FindingSink::default();
        let records = read_toml(source, &sink, |root, _| {
            let nodes = root.get("approvals").and_then(|n| n.list()).unwrap_or_default();
            let records = nodes.into_iter().filter_map(|node| read_record(node, now)).collect();
            root.end();
            Some(records)
        });
        let report = sink.report(file, source);
        match records {
            Some(records) if !report.has_errors() => Ok(Self(records)),
            _ => Err(report),
        }
    }

    /// The approval of a text by its digest: where there are approvers, one that was signed by one of them.
    #[must_use]
    pub fn find_approval(&self, digest: &[u8; 32], approvers: &[Approver]) -> Option<&RecordedApproval> {
        let counts = |record: &&RecordedApproval| approvers.is_empty() || record.is_signed_by(approvers);
        self.0.iter().filter(|record| record.approval.digest == *digest).find(counts)
    }
}

impl RecordedApproval {
    fn is_signed_by(&self, approvers: &[Approver]) -> bool {
        let signer = approvers.iter().find(|approver| approver.name == self.approval.by);
        let signed = self.signature.as_ref().zip(signer);
        signed.is_some_and(|(signature, signer)| self.approval.is_signed(signature, &signer.key))
    }

    /// As it stands in the file.
    #[must_use]
    pub fn text(&self) -> String {
        let RecordedApproval { approval, signature } = self;
        let quoted = |text: &str| toml_edit::Value::from(text).to_string().trim().to_owned();
        let reach: Vec<String> =
            approval.reach.iter().map(|line| format!("    {},\n", quoted(line))).collect();
        let mut text = format!(
            "[[approvals]]\ndigest = \"{}\"\nby     = {}\nat     = \"{}\"\nreach  = [\n{}]\n",
            hex(&approval.digest),
            quoted(&approval.by),
            approval.at,
            reach.concat()
        );
        if let Some(signature) = signature {
            let digits: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
            let _ = writeln!(text, "signature = \"{digits}\"");
        }
        text
    }
}

fn read_record(node: TomlValue<'_>, now: Timestamp) -> Option<RecordedApproval> {
    let table = node.table("[[approvals]]")?;
    let again = || Some("run `jardin policy approve`, which writes it".to_owned());
    let digest = table.require("digest", "\"…\"").and_then(|n| n.text()).and_then(digest_of_hex);
    let by: Option<Arc<str>> = table.require("by", "\"Name, office\"").and_then(|n| n.text()).map(Arc::from);
    let at = table.require("at", "\"2026-11-28T10:00:00Z\"").and_then(|n| n.text());
    let at = at.and_then(|text| Timestamp::parse(text).ok());
    let reach = table.require("reach", "[]").and_then(|n| n.texts()).unwrap_or_default();
    let signature = table.get("signature").map_or(Some(None), |n| read_signature(n).map(Some));
    table.end();
    if at.is_some_and(|at| at > now) {
        node.finding(INVALID_VALUE, "this approval is dated in the future", again());
    }
    let reach = reach.into_iter().map(|(line, _)| Arc::from(line)).collect();
    let read = || Some(PolicyApproval { digest: digest?, by: by?, at: at?, reach });
    let (Some(approval), Some(signature)) = (read(), signature) else {
        node.finding(INVALID_VALUE, "this approval cannot be read", again());
        return None;
    };
    Some(RecordedApproval { approval, signature })
}

fn read_signature(node: TomlValue<'_>) -> Option<[u8; 64]> {
    let (first, second) = node.text()?.split_at_checked(64)?;
    let mut signature = [0; 64];
    let (head, tail) = signature.split_at_mut(32);
    head.copy_from_slice(&digest_of_hex(first)?);
    tail.copy_from_slice(&digest_of_hex(second)?);
    Some(signature)
}

/// The lines of a policy that say who approves it.
#[must_use]
pub fn approver_block(name: &str, key: &[u8; 32]) -> String {
    let name = toml_edit::Value::from(name);
    format!("[[policy.approvers]]\nname = {}\nkey  = \"{}\"", name.to_string().trim(), hex(key))
}
