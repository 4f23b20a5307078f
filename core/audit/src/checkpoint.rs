//! Checkpoints: how far a log had come, signed.

use std::{fmt, fs, path::Path, str::FromStr};

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::{
    chain::{Chain, parse_hex, to_hex},
    error::AuditError,
};

/// The file of a log's own checkpoints, in its folder.
pub(crate) const CHECKPOINTS: &str = "checkpoints";
/// The file of the public key, in a log's folder.
const PUBLIC_KEY: &str = "public.key";
/// What each checkpoint begins with, wherever it stands: of a log of acts, and of one of decisions.
const MARKS: [&str; 2] = ["jardin-audit-checkpoint", "jardin-decision-checkpoint"];
/// The name of a folder that holds a log of decisions; one of another name holds acts.
const DECISIONS: &str = "decisions";

/// With what the checkpoints of a log begin.
pub(crate) fn mark_of(folder: &Path) -> &'static str {
    let [acts, decisions] = MARKS;
    if folder.file_name().is_some_and(|name| name == DECISIONS) { decisions } else { acts }
}

/// How far a log had come. One a line, `jardin-audit-checkpoint entries=N chain=… at=… signature=…`, wherever it is kept; one of
/// decisions, in a folder of that name, begins with `jardin-decision-checkpoint`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Of which kind of log.
    pub(crate) mark: &'static str,
    /// After so many entries.
    pub entries: u64,
    pub(crate) chain: Chain,
    /// The time of the last of them (RFC 3339).
    pub at: String,
    signature: Signature,
}

impl Checkpoint {
    pub(crate) fn sign(
        key: &SigningKey,
        mark: &'static str,
        (entries, chain): (u64, Chain),
        at: &str,
    ) -> Self {
        let signature = key.sign(statement(mark, entries, chain, at).as_bytes());
        Self { mark, entries, chain, at: at.to_owned(), signature }
    }

    pub(crate) fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        let said = statement(self.mark, self.entries, self.chain, &self.at);
        key.verify_strict(said.as_bytes(), &self.signature).is_ok()
    }

    /// The checkpoints in a text, such as the log of a service; other lines are passed over.
    #[must_use]
    pub fn find_in(text: &str) -> Vec<Self> {
        let start = |line: &str| MARKS.iter().find_map(|mark| line.find(mark));
        let of_line = |line: &str| start(line).and_then(|start| line.get(start..)?.parse().ok());
        text.lines().filter_map(of_line).collect()
    }
}

fn statement(mark: &str, entries: u64, chain: Chain, at: &str) -> String {
    format!("{mark} entries={entries} chain={chain} at={at}")
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = statement(self.mark, self.entries, self.chain, &self.at);
        write!(f, "{said} signature={}", to_hex(&self.signature.to_bytes()))
    }
}

impl FromStr for Checkpoint {
    type Err = AuditError;

    fn from_str(line: &str) -> Result<Self, AuditError> {
        let read = || {
            let mut words = line.split_whitespace();
            let first = words.next()?;
            let mut value = |key: &str| words.next()?.strip_prefix(key);
            Some(Self {
                mark: MARKS.into_iter().find(|mark| *mark == first)?,
                entries: value("entries=")?.parse().ok()?,
                chain: Chain::parse(value("chain=")?)?,
                at: value("at=")?.to_owned(),
                signature: Signature::from_bytes(&parse_hex(value("signature=")?)?),
            })
        };
        read().ok_or_else(|| AuditError::foreign(Path::new(CHECKPOINTS), "a line is no checkpoint"))
    }
}

/// The public key of a log, as its folder says: 64 hexadecimal digits. Whoever may rewrite the folder may rewrite it too; a copy
/// elsewhere is what counts.
///
/// # Errors
/// [`AuditError::File`] where the folder holds none.
pub fn public_key_of(folder: &Path) -> Result<String, AuditError> {
    let path = folder.join(PUBLIC_KEY);
    Ok(fs::read_to_string(&path).map_err(AuditError::at(&path))?.trim().to_owned())
}

/// The newest checkpoint of a log, as its folder says; `None` while there is none.
///
/// # Errors
/// [`AuditError::File`] where the folder cannot be read.
pub fn newest_checkpoint(folder: &Path) -> Result<Option<Checkpoint>, AuditError> {
    Ok(own_checkpoints(folder)?.pop())
}

/// The checkpoints that a log's own folder holds, oldest first.
pub(crate) fn own_checkpoints(folder: &Path) -> Result<Vec<Checkpoint>, AuditError> {
    let path = folder.join(CHECKPOINTS);
    if !path.exists() {
        return Ok(Vec::new());
    }
    Ok(Checkpoint::find_in(&fs::read_to_string(&path).map_err(AuditError::at(&path))?))
}

/// Writes the public key beside the log.
pub(crate) fn write_public_key(folder: &Path, key: &SigningKey) -> Result<(), AuditError> {
    let path = folder.join(PUBLIC_KEY);
    let text = format!("{}\n", to_hex(key.verifying_key().as_bytes()));
    // what stands there already is left alone, on a full disk too
    if fs::read_to_string(&path).is_ok_and(|present| present == text) {
        return Ok(());
    }
    fs::write(&path, text).map_err(AuditError::at(&path))
}

pub(crate) fn parse_public_key(text: &str) -> Result<VerifyingKey, AuditError> {
    let bytes = parse_hex(text.trim()).ok_or(AuditError::Key)?;
    VerifyingKey::from_bytes(&bytes).map_err(|_| AuditError::Key)
}
