//! `jardin key`: the keys of server.toml.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use jardin_access::{ApproverKey, Key, NewKey, Role};
use jardin_host::{FolderAct, KeyFile, ShopFolder, approver_block, key_block};
use jardin_model::Timestamp;
use jardin_policy::lock::hex;

use super::{
    backup::open_store_of,
    print,
    serve::runtime,
    shop_arg::{open_folder, record_act},
    written_file::write_file,
};

/// Make, list, exchange and take back the keys by which programs call the API
#[derive(Debug, clap::Args)]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Debug, clap::Subcommand)]
enum KeyCommand {
    /// Make the key with which somebody approves policies, in a file for them alone.
    Approver(ApproverArgs),
    /// Make a key with these roles; it is shown once, and server.toml keeps its digest.
    Add(AddArgs),
    /// List the keys by name, with their roles and last days.
    List(FolderArgs),
    /// Take a key back; a running server refuses it from its next request on.
    Revoke(RevokeArgs),
    /// Wrap the keys of people by a new master key, while the shop serves.
    RotateMaster(RotateMasterArgs),
    /// Make a key that follows another one: same roles, both known until the old one's last day.
    Rotate(RotateArgs),
}

#[derive(Debug, clap::Args)]
struct FolderArgs {
    /// The shop folder
    #[arg(long, default_value = ".")]
    shop: PathBuf,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin key add serve ingest --name website --until 2027-06-30\n\
                        Exit code: 0 the key is in server.toml, 2 it could not be made, 3 server.toml cannot be written and\n\
                        the lines for it are printed instead")]
struct AddArgs {
    /// What the key may do: ingest, catalogue, serve, subjects, merchant, compliance, operations
    #[arg(required = true, value_parser = parse_role)]
    roles: Vec<Role>,
    /// What it is called, in logs as well
    #[arg(long)]
    name: String,
    /// Its last day, in UTC, such as 2027-06-30
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    #[command(flatten)]
    folder: FolderArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin key approver \"Claire Morel\" --key claire.key\n\
                        Put the lines that it prints into policy.toml; the file stays with whoever approves.")]
struct ApproverArgs {
    /// Who approves
    name: String,
    /// Where their key is to be; there must be no such file yet
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples: jardin key revoke website, jardin key revoke --tokens-before 2026-11-28T10:00:00Z"
)]
struct RevokeArgs {
    /// Which key, by its name; the page tokens that it made go with it
    #[arg(required_unless_present = "tokens_before")]
    name: Option<String>,
    /// Refuse every page token that was made before this time, whichever key made it
    #[arg(long, value_name = "TIME", value_parser = parse_time, conflicts_with = "name")]
    tokens_before: Option<Timestamp>,
    #[command(flatten)]
    folder: FolderArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin key rotate website --name website-2027 --until 2027-01-31")]
struct RotateArgs {
    /// The key that is followed, by its name
    old: String,
    /// What the new one is called
    #[arg(long)]
    name: String,
    /// The old key's last day, in UTC
    #[arg(long, value_name = "DATE")]
    until: String,
    #[command(flatten)]
    folder: FolderArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin key rotate-master --shop my-shop\n\
                        A key in a file is made anew and overwritten there. A key in a variable X is followed by the one in X_NEXT, which both this\n\
                        command and the running shop must have; from the next start on X must hold it.\n\
                        Backups that were made before are opened by the key from before alone: keep a copy of it as long as them, or make\n\
                        a backup afterwards.\n\
                        Exit code: 0 the keys are wrapped by the new master key, 2 they are wrapped as before")]
struct RotateMasterArgs {
    #[command(flatten)]
    folder: FolderArgs,
    /// The data folder
    #[arg(long)]
    data: Option<PathBuf>,
}

fn parse_role(word: &str) -> Result<Role, String> {
    Role::from_word(word).ok_or_else(|| format!("the roles are {}", Role::ALL.map(Role::word).join(", ")))
}

pub(crate) fn parse_time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text)
        .map_err(|_| "write a time with its offset, such as 2026-11-28T10:00:00Z".to_owned())
}

pub(crate) fn run(args: &KeyArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        KeyCommand::Approver(args) => make_approver(args),
        KeyCommand::Add(args) => add(args),
        KeyCommand::List(args) => list(&args.shop),
        KeyCommand::Revoke(args) => revoke(args),
        KeyCommand::RotateMaster(args) => rotate_master(args),
        KeyCommand::Rotate(args) => rotate(args),
    }
}

fn add(args: &AddArgs) -> anyhow::Result<ExitCode> {
    let folder = open_folder(&args.folder.shop)?;
    let mut file = read_keys(&folder)?;
    let (new, key) = make_key(&args.name, args.roles.clone())?;
    file.add_key(&key, args.until.as_deref())?;
    let block = key_block(&key, args.until.as_deref())?;
    finish(&folder, &file, &Made { act: FolderAct::AddKey, new, block })
}

fn make_approver(args: &ApproverArgs) -> anyhow::Result<ExitCode> {
    let key = ApproverKey::create().context("the system gives no random bytes")?;
    let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&args.key);
    let written = made.and_then(|mut file| writeln!(file, "{}", hex(&key.secret())));
    written.with_context(|| format!("`{}` cannot be written", args.key.display()))?;
    print::line(&approver_block(&args.name, &key.public()));
    Ok(ExitCode::SUCCESS)
}

fn rotate(args: &RotateArgs) -> anyhow::Result<ExitCode> {
    let folder = open_folder(&args.folder.shop)?;
    let mut file = read_keys(&folder)?;
    let config = folder.read_server_config()?;
    let Some(old) = config.keys.iter().find(|key| *key.name == *args.old) else {
        bail!("no key is called `{}`; `jardin key list` shows those that exist", args.old);
    };
    let (new, key) = make_key(&args.name, old.roles.clone())?;
    file.end_key(&args.old, &args.until)?;
    file.add_key(&key, None)?;
    let block = key_block(&key, None)?;
    finish(&folder, &file, &Made { act: FolderAct::RotateKey, new, block })
}

fn rotate_master(args: &RotateMasterArgs) -> anyhow::Result<ExitCode> {
    let store = open_store_of(&args.folder.shop, args.data.as_deref())?;
    runtime()?.block_on(store.rotate_master_key())?;
    print::line(&format!(
        "the keys of people are wrapped by the new master key in {}",
        store.master_key_place()
    ));
    print::line("backups made before are opened by the key from before alone; make a new one");
    Ok(ExitCode::SUCCESS)
}

fn revoke(args: &RevokeArgs) -> anyhow::Result<ExitCode> {
    let folder = open_folder(&args.folder.shop)?;
    let mut file = read_keys(&folder)?;
    let (act, what) = match (&args.name, args.tokens_before) {
        (_, Some(before)) => {
            file.refuse_tokens(before);
            (FolderAct::RevokeTokens, format!("every page token made before {before}"))
        }
        (name, None) => {
            let name = name.as_deref().unwrap_or_default();
            file.remove_key(name)?;
            (FolderAct::RevokeKey, format!("`{name}`"))
        }
    };
    write_file(&folder.server_path(), file.text().as_bytes())?;
    record_act(&folder, None, act);
    print::line(&format!("{what} is taken back"));
    Ok(ExitCode::SUCCESS)
}

fn list(shop: &Path) -> anyhow::Result<ExitCode> {
    let keys = open_folder(shop)?.read_server_config()?.keys;
    if keys.is_empty() {
        print::line("no key exists: everybody on this machine is answered, and nobody else");
    }
    for key in &keys {
        let roles = key.roles.iter().map(|role| role.word()).collect::<Vec<_>>().join(", ");
        let until = key.until.map_or_else(String::new, |until| format!(", until {until}"));
        print::line(&format!("{}: {roles}{until}", key.name));
    }
    Ok(ExitCode::SUCCESS)
}

fn read_keys(folder: &ShopFolder) -> anyhow::Result<KeyFile> {
    let source = folder.server_text()?;
    Ok(KeyFile::read(source.as_ref().map_or("", |source| &source.text))?)
}

fn make_key(name: &str, roles: Vec<Role>) -> anyhow::Result<(NewKey, Key)> {
    if name.trim().is_empty() {
        bail!("a key needs a name, such as `--name website`");
    }
    let new = NewKey::create().context("the system gives no random bytes")?;
    let key = Key { name: name.into(), sha256: new.sha256, roles, until: None };
    Ok((new, key))
}

/// A key that was made, by what, and the lines of server.toml for it.
struct Made {
    act: FolderAct,
    new: NewKey,
    block: String,
}

/// Writes the file, and shows the key: the one moment at which it can be seen.
fn finish(folder: &ShopFolder, file: &KeyFile, made: &Made) -> anyhow::Result<ExitCode> {
    let written = write_file(&folder.server_path(), file.text().as_bytes());
    match &written {
        Ok(()) => record_act(folder, None, made.act),
        Err(error) => {
            print::error(&format!("{error:#}; put these lines into it:"));
            print::line(&made.block);
        }
    }
    print::line(&format!("the key, shown this once:\n{}", made.new.text));
    Ok(ExitCode::from(if written.is_ok() { 0 } else { 3 }))
}
