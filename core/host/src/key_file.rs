//! The keys of server.toml, as a command changes them: nothing else of the file moves, its comments included.

use jardin_access::Key;
use jardin_model::Timestamp;
use jardin_policy::lock::hex;
use toml_edit::{Array, ArrayOfTables, Datetime, DocumentMut, Item, Table, value};

/// Why the keys of a server.toml cannot be changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// It is no TOML.
    #[error("server.toml cannot be read as TOML; `jardin check` says where")]
    Unreadable,
    /// `keys` is something else than `[[keys]]`.
    #[error("`keys` of server.toml is not a list of tables; write each key as `[[keys]]`")]
    NotTables,
    /// There is one of that name.
    #[error("a key of that name exists; choose another name, or take it back with `jardin key revoke`")]
    NameTaken,
    /// It has no last day of that form.
    #[error("the last day of a key is written as 2027-06-30")]
    NotADay,
    /// There is none of that name.
    #[error("no key has that name; `jardin key list` shows those that exist")]
    UnknownName,
}

/// A server.toml whose keys are changed.
#[derive(Debug, Clone)]
pub struct KeyFile(DocumentMut);

impl KeyFile {
    /// Reads the text of a server.toml; an empty one where there is none.
    ///
    /// # Errors
    /// [`KeyFileError::Unreadable`] and [`KeyFileError::NotTables`].
    pub fn read(source: &str) -> Result<Self, KeyFileError> {
        let document: DocumentMut = source.parse().map_err(|_| KeyFileError::Unreadable)?;
        match document.get("keys") {
            None | Some(Item::ArrayOfTables(_)) => Ok(Self(document)),
            Some(_) => Err(KeyFileError::NotTables),
        }
    }

    /// Adds a key at the end. `last_day` is the last one on which it is known.
    ///
    /// # Errors
    /// [`KeyFileError::NameTaken`] and [`KeyFileError::NotADay`].
    pub fn add_key(&mut self, key: &Key, last_day: Option<&str>) -> Result<(), KeyFileError> {
        if self.place_of_key(&key.name).is_some() {
            return Err(KeyFileError::NameTaken);
        }
        let keys = self.0.entry("keys").or_insert_with(|| ArrayOfTables::new().into());
        keys.as_array_of_tables_mut().ok_or(KeyFileError::NotTables)?.push(table_of_key(key, last_day)?);
        Ok(())
    }

    /// Takes a key out, with the comments above it.
    ///
    /// # Errors
    /// [`KeyFileError::UnknownName`].
    pub fn remove_key(&mut self, name: &str) -> Result<(), KeyFileError> {
        let place = self.place_of_key(name).ok_or(KeyFileError::UnknownName)?;
        if let Some(keys) = self.0.get_mut("keys").and_then(Item::as_array_of_tables_mut) {
            keys.remove(place);
        }
        Ok(())
    }

    /// Gives a key a last day.
    ///
    /// # Errors
    /// [`KeyFileError::UnknownName`] and [`KeyFileError::NotADay`].
    pub fn end_key(&mut self, name: &str, last_day: &str) -> Result<(), KeyFileError> {
        let place = self.place_of_key(name).ok_or(KeyFileError::UnknownName)?;
        let keys = self.0.get_mut("keys").and_then(Item::as_array_of_tables_mut);
        if let Some(table) = keys.and_then(|keys| keys.get_mut(place)) {
            table.insert("until", day_value(last_day)?);
        }
        Ok(())
    }

    /// Refuses page tokens that were made before.
    pub fn refuse_tokens(&mut self, before: Timestamp) {
        self.0.insert("tokens_before", value(before.to_string()));
    }

    /// The text of the file.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.to_string()
    }

    fn place_of_key(&self, name: &str) -> Option<usize> {
        let keys = self.0.get("keys")?.as_array_of_tables()?;
        keys.iter().position(|key| key.get("name").and_then(Item::as_str) == Some(name))
    }
}

/// A key's `[[keys]]` as text, for somebody to put into the file by hand.
///
/// # Errors
/// [`KeyFileError::NotADay`].
pub fn key_block(key: &Key, last_day: Option<&str>) -> Result<String, KeyFileError> {
    let mut file = KeyFile(DocumentMut::new());
    file.add_key(key, last_day)?;
    Ok(file.text())
}

fn table_of_key(key: &Key, last_day: Option<&str>) -> Result<Table, KeyFileError> {
    let mut table = Table::new();
    table.insert("name", value(&*key.name));
    table.insert("sha256", value(hex(&key.sha256)));
    table.insert("roles", value(key.roles.iter().map(|role| role.word()).collect::<Array>()));
    if let Some(day) = last_day {
        table.insert("until", day_value(day)?);
    }
    Ok(table)
}

fn day_value(day: &str) -> Result<Item, KeyFileError> {
    let written: Datetime = day.parse().map_err(|_| KeyFileError::NotADay)?;
    let is_day = written.date.is_some() && written.time.is_none() && written.offset.is_none();
    if is_day { Ok(value(written)) } else { Err(KeyFileError::NotADay) }
}

#[cfg(test)]
mod tests {
    use jardin_access::Role;

    use super::*;
    use crate::ServerConfig;

    const WRITTEN: &str = "# where we listen\nlisten = \"127.0.0.1:7700\"\n\n[limits]\nread_ms = 5000 # slow phones\n\n# the shop's pages\n[[keys]]\nname = \"website\"\nsha256 = \"0000000000000000000000000000000000000000000000000000000000000000\"\nroles = [\"serve\"]\n";

    fn key(name: &str) -> Key {
        Key { name: name.into(), sha256: [0xab; 32], roles: vec![Role::Ingest, Role::Serve], until: None }
    }

    #[test]
    fn an_added_key_is_read_back_and_nothing_else_moves() {
        let mut file = KeyFile::read(WRITTEN).unwrap();
        file.add_key(&key("feed"), Some("2027-06-30")).unwrap();
        let text = file.text();
        assert!(text.starts_with(WRITTEN), "{text}");
        let keys = ServerConfig::load("server.toml", &text).unwrap().keys;
        assert_eq!(keys[1].roles, key("feed").roles);
        assert_eq!(keys[1].sha256, [0xab; 32]);
        assert_eq!(keys[1].until.unwrap(), jardin_model::Timestamp::parse("2027-07-01T00:00:00Z").unwrap());
        file.remove_key("feed").unwrap();
        assert_eq!(file.text(), WRITTEN);
    }

    #[test]
    fn a_removed_key_takes_its_own_comment_along_and_no_other() {
        let mut file = KeyFile::read(WRITTEN).unwrap();
        file.remove_key("website").unwrap();
        assert_eq!(
            file.text(),
            "# where we listen\nlisten = \"127.0.0.1:7700\"\n\n[limits]\nread_ms = 5000 # slow phones\n"
        );
    }

    #[test]
    fn the_first_key_of_a_missing_file_is_its_block() {
        let mut file = KeyFile::read("").unwrap();
        file.add_key(&key("feed"), None).unwrap();
        assert_eq!(file.text(), key_block(&key("feed"), None).unwrap());
        assert_eq!(ServerConfig::load("server.toml", &file.text()).unwrap().keys, [key("feed")]);
    }

    #[test]
    fn tokens_are_refused_by_a_line_above_the_tables() {
        let mut file = KeyFile::read(WRITTEN).unwrap();
        for at in ["2026-11-28T10:00:00Z", "2026-11-28T11:00:00.5Z"] {
            file.refuse_tokens(Timestamp::parse(at).unwrap());
            let config = ServerConfig::load("server.toml", &file.text()).unwrap();
            assert_eq!(config.tokens_before, Timestamp::parse(at).ok());
            assert_eq!(config.keys.len(), 1);
        }
    }

    #[test]
    fn what_cannot_be_done_changes_nothing() {
        assert_eq!(KeyFile::read("listen = ").unwrap_err(), KeyFileError::Unreadable);
        assert_eq!(KeyFile::read("keys = []").unwrap_err(), KeyFileError::NotTables);
        let mut file = KeyFile::read(WRITTEN).unwrap();
        assert_eq!(file.add_key(&key("website"), None), Err(KeyFileError::NameTaken));
        assert_eq!(file.add_key(&key("feed"), Some("next year")), Err(KeyFileError::NotADay));
        assert_eq!(file.remove_key("feed"), Err(KeyFileError::UnknownName));
        assert_eq!(file.end_key("website", "2027-06-30T10:00:00"), Err(KeyFileError::NotADay));
        assert_eq!(file.text(), WRITTEN);
    }
}
