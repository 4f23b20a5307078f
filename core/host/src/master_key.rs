//! Where server.toml says that the master key is.

use std::{path::Path, sync::Arc};

use jardin_contract::{KeyProvider, StoreError, key_of_hex};
use jardin_diagnostics::{TomlValue, codes::INVALID_VALUE};
use jardin_store_sqlite::MasterKeyFile;

/// Where a master key is: `file:PATH`, relative to the shop folder, or `env:NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MasterKeyPlace {
    /// In a file.
    File(Arc<str>),
    /// In a variable of the environment, as 64 hexadecimal digits.
    Variable(Arc<str>),
}

impl MasterKeyPlace {
    /// The place that `[store] master_key` names.
    pub(crate) fn read_place(node: TomlValue<'_>) -> Option<Self> {
        let place = node.text().and_then(parse_place);
        if place.is_none() {
            let help = "write \"file:/etc/jardin/master.key\", or \"env:JARDIN_MASTER_KEY\" for a variable of the environment";
            node.finding(INVALID_VALUE, "this is not a place of a master key", Some(help.to_owned()));
        }
        place
    }

    /// What keeps the key there, for the shop of a folder.
    pub(crate) fn key_provider(&self, shop: &Path) -> Arc<dyn KeyProvider> {
        match self {
            Self::File(path) => Arc::new(MasterKeyFile::at(shop.join(&**path))),
            Self::Variable(name) => Arc::new(KeyVariable { name: Arc::clone(name) }),
        }
    }
}

fn parse_place(text: &str) -> Option<MasterKeyPlace> {
    if let Some(path) = text.strip_prefix("file:") {
        return (!path.is_empty()).then(|| MasterKeyPlace::File(path.into()));
    }
    let name = text.strip_prefix("env:")?;
    let is_name = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.starts_with(|first: char| first.is_ascii_digit());
    is_name.then(|| MasterKeyPlace::Variable(name.into()))
}

/// A master key in a variable of the environment, where whoever starts the program puts it. The next one, for a rotation, is
/// read from the variable with `_NEXT` behind its name.
#[derive(Debug)]
struct KeyVariable {
    name: Arc<str>,
}

impl KeyVariable {
    fn next_name(&self) -> String {
        format!("{}_NEXT", self.name)
    }
}

impl KeyProvider for KeyVariable {
    fn place(&self) -> String {
        format!("the variable `{}`", self.name)
    }

    fn read_key(&self) -> Result<Option<[u8; 32]>, StoreError> {
        read_variable(&self.name)
    }

    fn make_key(&self) -> Result<[u8; 32], StoreError> {
        Err(describe_unset(&self.name))
    }

    fn read_next(&self) -> Result<Option<[u8; 32]>, StoreError> {
        read_variable(&self.next_name())
    }

    fn prepare_next(&self) -> Result<[u8; 32], StoreError> {
        self.read_next()?.ok_or_else(|| describe_unset(&self.next_name()))
    }

    /// Nobody changes the environment of a process that runs: at the next start the variable must hold the next key.
    fn take_next(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn drop_next(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

fn describe_unset(name: &str) -> StoreError {
    StoreError::failed(format!(
        "the variable `{name}` is not set: put 64 hexadecimal digits there, as `openssl rand -hex 32` makes them"
    ))
}

#[expect(clippy::disallowed_methods, reason = "the one setting that is kept from files on purpose")]
fn read_variable(name: &str) -> Result<Option<[u8; 32]>, StoreError> {
    match std::env::var(name) {
        Ok(text) => key_of_hex(&text).map(Some).ok_or_else(|| {
            StoreError::failed(format!(
                "the master key in the variable `{name}` is not 64 hexadecimal digits"
            ))
        }),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(StoreError::failed(format!("the variable `{name}` is not text")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_file_or_a_variable() {
        for (text, place) in [
            ("file:/etc/key", Some(MasterKeyPlace::File("/etc/key".into()))),
            ("file:data/master.key", Some(MasterKeyPlace::File("data/master.key".into()))),
            ("env:JARDIN_KEY_2", Some(MasterKeyPlace::Variable("JARDIN_KEY_2".into()))),
            ("file:", None),
            ("env:", None),
            ("env:2KEY", None),
            ("env:A-B", None),
            ("/etc/key", None),
            ("vault:x", None),
        ] {
            assert_eq!(parse_place(text), place, "{text}");
        }
    }
}
