//! The shop folder: the one reader of its files.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use jardin_diagnostics::Report;
use jardin_engine::ShopFiles;
use jardin_model::Timestamp;
use jardin_policy::{Policy, StrategyName, WrittenStop, lock::Lock};

use crate::{ApprovalFile, HostError, ServerConfig, shop_content::data_path};

/// A text with the name by which it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    /// The name, as the person who asked would write it.
    pub file: String,
    /// The text.
    pub text: String,
}

impl SourceText {
    /// Reads a file of UTF-8.
    ///
    /// # Errors
    /// Where it cannot be read, is not a file, or is not UTF-8.
    pub fn read(path: &Path) -> Result<Self, HostError> {
        let file = path.display().to_string();
        let bytes = read_file(path).map_err(|source| HostError::unreadable(&file, source))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            HostError::Unusable(format!(
                "`{file}` is not UTF-8: the byte at {at} is not a character; save it as UTF-8"
            ))
        })?;
        // some editors begin a file with a mark that says it is UTF-8
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        Ok(Self { file, text })
    }

    /// The policy of this text, its inline tests not run.
    ///
    /// # Errors
    /// The report of its errors.
    pub fn check_policy(&self) -> Result<Policy, HostError> {
        Ok(Policy::check(&self.file, &self.text).map(|(policy, _)| policy)?)
    }
}

/// The bytes of a regular file; a pipe would be waited for and never end.
pub(crate) fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let kind = fs::metadata(path)?.file_type();
    if !kind.is_file() && !kind.is_dir() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    fs::read(path)
}

/// The bytes of a file that a command names.
///
/// # Errors
/// Where it cannot be read, or is no regular file.
pub fn read_regular_file(path: &Path) -> Result<Vec<u8>, HostError> {
    read_file(path).map_err(|source| HostError::unreadable(&path.display().to_string(), source))
}

/// Where the files of a shop are.
#[derive(Debug, Clone)]
pub struct ShopFolder {
    path: PathBuf,
    /// Where the policy, jardin.toml, policy.lock and the scripts lie, where that is elsewhere: a revision of the history.
    texts: Option<PathBuf>,
    program: PathBuf,
    /// What jardin.toml names; what is wrong with it where it is not TOML.
    names: Result<ShopFiles, Box<Report>>,
    /// What it is read for.
    trust: Trust,
}

/// Whether a folder may name files that lie outside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// It is the reader's own, and its links may lead anywhere.
    Own,
    /// It may be anybody's: nothing outside it is read, by whatever path or link.
    Foreign,
}

impl ShopFolder {
    /// The folder at `path`; shipped plugins are looked for beside `program`. A folder without jardin.toml is
    /// taken as it is, for a policy stands by itself.
    ///
    /// # Errors
    /// Where jardin.toml is there and cannot be read.
    pub fn open(path: &Path, program: &Path) -> Result<Self, HostError> {
        Self::open_with(path, program, Trust::Own)
    }

    /// The folder at `path` as somebody else may have made it: what it names outside itself, by an absolute path, by
    /// `..` or by a link, is refused.
    ///
    /// # Errors
    /// As [`ShopFolder::open`]; where jardin.toml is a link that leads out.
    pub fn open_foreign(path: &Path, program: &Path) -> Result<Self, HostError> {
        Self::open_with(path, program, Trust::Foreign)
    }

    fn open_with(path: &Path, program: &Path, trust: Trust) -> Result<Self, HostError> {
        let names = Ok(ShopFiles::default());
        let mut folder =
            Self { path: path.to_owned(), texts: None, program: program.to_owned(), names, trust };
        let config = path.join("jardin.toml");
        if config.exists() {
            let source = folder.read_text(&config)?;
            folder.names = ShopFiles::peek(&source.file, &source.text).map_err(Box::new);
        }
        Ok(folder)
    }

    /// The same folder with jardin.toml, the policy, policy.lock and the scripts of another one, which holds them at the same
    /// places; plugins, server.toml and approvals stay its own.
    ///
    /// # Errors
    /// Where the other one has no jardin.toml that can be read.
    pub(crate) fn with_texts_of(&self, texts: PathBuf) -> Result<Self, HostError> {
        let source = SourceText::read(&texts.join("jardin.toml"))?;
        let names = ShopFiles::peek(&source.file, &source.text).map_err(Box::new);
        Ok(Self { texts: Some(texts), names, ..self.clone() })
    }

    /// Where the policy, jardin.toml, policy.lock and the scripts lie.
    pub(crate) fn texts_path(&self) -> &Path {
        self.texts.as_deref().unwrap_or(&self.path)
    }

    /// Whether a file may be read: any file of the reader's own folder, of another's only what lies in it.
    #[must_use]
    pub fn may_read(&self, file: &Path) -> bool {
        self.trust == Trust::Own || self.holds(file)
    }

    /// True for what lies in the folder once every link is followed; for what does not exist, by its path.
    fn holds(&self, file: &Path) -> bool {
        let Ok(folder) = self.path.canonicalize() else { return false };
        match file.canonicalize() {
            Ok(real) => real.starts_with(folder),
            Err(_) => {
                let inner = file.strip_prefix(&self.path).unwrap_or(file);
                inner.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
            }
        }
    }

    /// The text of a file of the folder.
    ///
    /// # Errors
    /// Where it cannot be read, or lies outside a folder that may be anybody's.
    pub fn read_text(&self, file: &Path) -> Result<SourceText, HostError> {
        if self.may_read(file) { SourceText::read(file) } else { Err(self.lies_outside(file)) }
    }

    fn lies_outside(&self, file: &Path) -> HostError {
        let (file, folder) = (file.display(), self.path.display());
        HostError::Unusable(format!(
            "`{file}` lies outside `{folder}`: a shop is checked by what lies in its folder; put the file there"
        ))
    }

    /// No folder: what stands beside the program and nothing else.
    #[must_use]
    pub fn of_program(program: &Path) -> Self {
        // nothing can stand in it
        let path = PathBuf::from("/dev/null");
        Self {
            path,
            texts: None,
            program: program.to_owned(),
            names: Ok(ShopFiles::default()),
            trust: Trust::Own,
        }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The program beside which shipped plugins are.
    #[must_use]
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// What jardin.toml names.
    ///
    /// # Errors
    /// The report where it is not TOML.
    pub fn names(&self) -> Result<&ShopFiles, HostError> {
        self.names.as_ref().map_err(|report| HostError::Refused(report.clone()))
    }

    /// The text of jardin.toml.
    ///
    /// # Errors
    /// Where there is none: then this is not a shop folder.
    pub fn config_text(&self) -> Result<SourceText, HostError> {
        self.read_text(&self.texts_path().join("jardin.toml"))
    }

    /// The file of the policy: the one that jardin.toml names, `policy.toml` where it names none or is not
    /// TOML.
    #[must_use]
    pub fn policy_path(&self) -> PathBuf {
        self.texts_path().join(self.policy_name())
    }

    fn policy_name(&self) -> &str {
        self.names.as_ref().map_or("policy.toml", |names| &*names.policy)
    }

    /// The text of the policy.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn policy_text(&self) -> Result<SourceText, HostError> {
        self.read_text(&self.policy_path())
    }

    /// What the policy's text says of `[stop]`, however broken it is; `known` are the strategies in force.
    pub(crate) fn written_stop(&self, known: impl IntoIterator<Item = StrategyName>) -> WrittenStop {
        // one that is not there or cannot be read says nothing
        let bytes = read_file(&self.policy_path()).unwrap_or_default();
        WrittenStop::read(&String::from_utf8_lossy(&bytes), known)
    }

    /// The policy, its inline tests not run.
    ///
    /// # Errors
    /// Where it cannot be read, and the report of its errors.
    pub fn check_policy(&self) -> Result<Policy, HostError> {
        self.policy_text()?.check_policy()
    }

    /// Where policy.lock is or would be.
    #[must_use]
    pub fn lock_path(&self) -> PathBuf {
        self.texts_path().join("policy.lock")
    }

    /// What was pinned; nothing where there is no policy.lock.
    ///
    /// # Errors
    /// Where it cannot be read, or is not a lock.
    pub fn read_lock(&self) -> Result<Lock, HostError> {
        let path = self.lock_path();
        if !path.exists() {
            return Ok(Lock::default());
        }
        let source = self.read_text(&path)?;
        Ok(Lock::parse(&source.file, &source.text)?)
    }

    /// Where policy.approved is or would be: beside the policy.
    #[must_use]
    pub fn approvals_path(&self) -> PathBuf {
        self.path.join(self.policy_name()).with_file_name("policy.approved")
    }

    /// What was approved until now; nothing where there is no policy.approved.
    ///
    /// # Errors
    /// Where it cannot be read, is not a list of approvals, or holds one that is dated in the future.
    pub fn read_approvals(&self, now: Timestamp) -> Result<ApprovalFile, HostError> {
        let path = self.approvals_path();
        if !path.exists() {
            return Ok(ApprovalFile::default());
        }
        let source = self.read_text(&path)?;
        Ok(ApprovalFile::parse(&source.file, &source.text, now)?)
    }

    /// The folder of scripts: the one that jardin.toml names, `scripts` where it names none.
    #[must_use]
    pub fn scripts_path(&self) -> PathBuf {
        self.texts_path().join(self.names.as_ref().map_or("scripts", |names| &*names.scripts))
    }

    /// The text of server.toml; `None` where it is missing.
    ///
    /// # Errors
    /// Where it is there and cannot be read.
    pub fn server_text(&self) -> Result<Option<SourceText>, HostError> {
        let path = self.server_path();
        if path.exists() { self.read_text(&path).map(Some) } else { Ok(None) }
    }

    /// Where server.toml is or would be.
    #[must_use]
    pub fn server_path(&self) -> PathBuf {
        self.path.join("server.toml")
    }

    /// What server.toml says; its defaults where it is missing.
    ///
    /// # Errors
    /// Where it cannot be read, and the report of its errors.
    pub fn read_server_config(&self) -> Result<ServerConfig, HostError> {
        match self.server_text()? {
            Some(source) => Ok(ServerConfig::load(&source.file, &source.text)?),
            None => Ok(ServerConfig::default()),
        }
    }

    /// The data folder that server.toml names, unless another one is named.
    ///
    /// # Errors
    /// As [`ShopFolder::read_server_config`].
    pub fn data_path(&self, named: Option<&Path>) -> Result<PathBuf, HostError> {
        Ok(data_path(self, &self.read_server_config()?, named))
    }

    /// The items that a shop without a store has.
    #[must_use]
    pub fn items_path(&self) -> PathBuf {
        let named = self.names.as_ref().ok().and_then(|names| names.items.as_deref());
        self.path.join(named.unwrap_or("items.jsonl"))
    }
}

/// What was pinned in a folder; nothing where there is no policy.lock.
///
/// # Errors
/// Where it cannot be read, or is not a lock.
pub fn read_lock(folder: &Path) -> Result<Lock, HostError> {
    let path = folder.join("policy.lock");
    if !path.exists() {
        return Ok(Lock::default());
    }
    let source = SourceText::read(&path)?;
    Ok(Lock::parse(&source.file, &source.text)?)
}
