//! The keys of server.toml.

use jardin_access::{Key, Role};
use jardin_diagnostics::{TomlValue, codes::INVALID_VALUE, did_you_mean};
use jardin_model::{Timestamp, Zone};
use jardin_policy::day_and_seconds;

/// One of `[[keys]]`.
pub(crate) fn read_key(node: TomlValue<'_>) -> Option<Key> {
    let table = node.table("[[keys]]")?;
    let name = table.require("name", "\"shop front\"").and_then(|n| n.text());
    let sha256 = table.require("sha256", "\"…\"").and_then(digest);
    let roles = table.require("roles", "[\"serve\"]").and_then(roles);
    let until = table.get("until").map_or(Some(None), |node| last_day(node).map(Some));
    table.end();
    Some(Key { name: name?.into(), sha256: sha256?, roles: roles?, until: until? })
}

/// A digest of 64 hexadecimal digits; the message never repeats it, since somebody may have written the key
/// itself.
fn digest(node: TomlValue<'_>) -> Option<[u8; 32]> {
    let text = node.text()?;
    let pairs = text.as_bytes().chunks_exact(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok().filter(|p| p.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u8::from_str_radix(pair, 16).ok()
    });
    let bytes = pairs.collect::<Option<Vec<u8>>>().filter(|_| text.len() == 64);
    let digest = bytes.and_then(|b| <[u8; 32]>::try_from(b).ok());
    if digest.is_none() {
        let help = "write the key's sha256, as `printf %s KEY | sha256sum` gives it".to_owned();
        node.finding(INVALID_VALUE, "a key stands here as 64 hexadecimal digits", Some(help));
    }
    digest
}

/// The end of a key's last day, in UTC.
fn last_day(node: TomlValue<'_>) -> Option<Timestamp> {
    let day = day_and_seconds(node).filter(|(_, seconds)| seconds.is_none()).map(|(day, _)| day);
    let until = day.and_then(|day| Zone::utc().instant(day.tomorrow().ok()?, 0));
    if until.is_none() {
        node.wrong_type("a day such as 2027-06-30, without quotes: the last one, in UTC", None);
    }
    until
}

fn roles(node: TomlValue<'_>) -> Option<Vec<Role>> {
    let mut roles = Vec::new();
    for (word, _) in node.texts()? {
        let role = Role::from_word(word);
        if role.is_none() {
            let meant = did_you_mean(word, Role::ALL.into_iter().map(Role::word));
            let listed = || Role::ALL.map(|r| format!("`{}`", r.word())).join(", ");
            let help = meant
                .map_or_else(|| format!("the roles are {}", listed()), |m| format!("did you mean `{m}`?"));
            node.finding(INVALID_VALUE, format!("`{word}` is not a role"), Some(help));
        }
        roles.extend(role);
    }
    Some(roles)
}
