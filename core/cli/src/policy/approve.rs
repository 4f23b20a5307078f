//! `jardin policy approve`: the controller's yes to a policy.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use jardin_access::{ApproverKey, PolicyApproval};
use jardin_contract::{Clock as _, SystemClock};
use jardin_host::{AwaitedApproval, FolderAct, RecordedApproval, ShopContent, SourceText, counted};
use jardin_policy::lock::{digest_of_hex, hex};

use crate::{
    print,
    shop_arg::{ShopArg, open_folder, record_act, unless_refused},
    written_file::write_file,
};

const HEAD: &str = "# The policies that were approved, written by `jardin policy approve`.\n";

/// Approve the policy as it is written now, in the name of somebody
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: jardin policy approve examples/shop --by \"Claire Morel, managing director\"\n\
                        Exit code: 0 the approval is recorded, 1 the policy has errors, 2 it could not be recorded"
)]
pub(super) struct ApproveArgs {
    #[command(flatten)]
    shop: ShopArg,
    /// Who approves; where the policy names its approvers, one of them
    #[arg(long, value_name = "NAME")]
    by: String,
    /// The key of that approver, as `jardin key approver` made it
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The data folder, if it is not the one of server.toml: what it has in force is what an approval reaches beyond
    #[arg(long)]
    data: Option<PathBuf>,
}

pub(super) fn run(args: &ApproveArgs) -> anyhow::Result<ExitCode> {
    if args.by.trim().is_empty() {
        bail!("say who approves, such as `--by \"Claire Morel, managing director\"`");
    }
    let folder = open_folder(&args.shop.folder)?;
    let Some(content) = unless_refused(ShopContent::read(&folder))? else {
        return Ok(ExitCode::from(1));
    };
    let awaited = content.awaited_approval(args.data.as_deref())?;
    let approval = PolicyApproval {
        digest: *content.policy.digest(),
        by: args.by.as_str().into(),
        at: SystemClock.now(),
        reach: awaited.reach.clone(),
    };
    let signature = sign_approval(&approval, &awaited, args.key.as_deref())?;
    let path = content.folder.approvals_path();
    let before = if path.exists() { SourceText::read(&path)?.text } else { HEAD.to_owned() };
    let record = RecordedApproval { approval, signature };
    write_file(&path, format!("{before}\n{}", record.text()).as_bytes())?;
    record_act(&folder, args.data.as_deref(), FolderAct::ApprovePolicy(record.approval.digest));
    print::line(&described(&record));
    print::line(&format!("recorded in {}", path.display()));
    Ok(ExitCode::SUCCESS)
}

/// The signature of an approver; none where the policy names nobody.
fn sign_approval(
    approval: &PolicyApproval,
    awaited: &AwaitedApproval,
    key: Option<&Path>,
) -> anyhow::Result<Option<[u8; 64]>> {
    if awaited.approvers.is_empty() {
        return Ok(None);
    }
    let Some(approver) = awaited.approvers.iter().find(|approver| approver.name == approval.by) else {
        let names: Vec<String> = awaited.approvers.iter().map(|a| format!("`{}`", a.name)).collect();
        bail!("`{}` does not approve this policy; its approvers are {}", approval.by, names.join(", "));
    };
    let path = key.context("the policy names its approvers: add `--key FILE` with the key of this one")?;
    let key = read_key(path)?;
    if key.public() != approver.key {
        bail!("`{}` is not the key of `{}`", path.display(), approver.name);
    }
    Ok(Some(key.sign(approval)))
}

fn read_key(path: &Path) -> anyhow::Result<ApproverKey> {
    let text = fs::read_to_string(path).with_context(|| format!("`{}` cannot be read", path.display()))?;
    let secret = digest_of_hex(text.trim())
        .with_context(|| format!("`{}` is not a key of `jardin key approver`", path.display()))?;
    Ok(ApproverKey::of_secret(&secret))
}

fn described(record: &RecordedApproval) -> String {
    let RecordedApproval { approval, signature } = record;
    let how = if signature.is_some() { "approved and signed" } else { "approved" };
    let lines: String = approval.reach.iter().map(|line| format!("\n    {line}")).collect();
    let reaches = match approval.reach.len() {
        0 => "nothing reaches further than before".to_owned(),
        count => format!("it reaches further in {}:", counted(count, "way")),
    };
    format!("{how} by {}: {}\n{reaches}{lines}", approval.by, hex(&approval.digest))
}
