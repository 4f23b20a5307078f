//! Which lines of a ready rule a file of the shop does not have yet.

use toml::{Table, Value};

/// The lines that a file lacks, each table under its head; a table of which it lacks nothing is left out.
pub(super) fn missing_lines(wanted: &[&'static str], there: &Table) -> Vec<&'static str> {
    let mut missing = Vec::new();
    for table in wanted.chunk_by(|_, line| !line.starts_with('[')) {
        let Some((head, lines)) = table.split_first() else {
            continue;
        };
        let lines = match find_table(head, there) {
            Some(there) => lines_without_keys_of(lines, there),
            None => lines.to_vec(),
        };
        if !lines.is_empty() {
            missing.push(*head);
            missing.extend(lines);
        }
    }
    missing
}

/// The table that a head such as `[fields.item]` names; one more entry of a list, `[[campaigns]]`, is there never.
fn find_table<'a>(head: &str, there: &'a Table) -> Option<&'a Table> {
    let path = head.strip_prefix('[')?.strip_suffix(']')?;
    path.split('.').try_fold(there, |table, name| table.get(name).and_then(Value::as_table))
}

/// Lines whose key a table does not have; a comment goes with the line below it.
fn lines_without_keys_of(lines: &[&'static str], there: &Table) -> Vec<&'static str> {
    let mut missing = Vec::new();
    for lines in lines.chunk_by(|line, _| line.starts_with('#')) {
        let key =
            lines.last().and_then(|line| line.split_once('=')).map(|(key, _)| key.trim().trim_matches('"'));
        if key.is_none_or(|key| !there.contains_key(key)) {
            missing.extend(lines);
        }
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: &[&str] = &[
        "[fields.item]",
        "brand = { type = \"text\" }",
        "stock = { type = \"number\" }",
        "[strategies.best.may_read]",
        "\"item.brand\" = \"exact\"",
        "[strategies.best.params]",
        "# how many",
        "most = 3",
        "[[campaigns]]",
        "name = \"sale\"",
    ];

    fn missing(there: &str) -> String {
        missing_lines(WANTED, &there.parse().unwrap()).join("\n")
    }

    #[test]
    fn a_shop_without_any_of_them_lacks_them_all() {
        assert_eq!(missing(""), WANTED.join("\n"));
    }

    #[test]
    fn what_a_table_has_is_left_out_whatever_it_says() {
        let there = "fields.item = { brand = { type = \"id\" } }\n[strategies.best.may_read]\n\"item.brand\" = \"exact\"\n";
        let expected = "[fields.item]\nstock = { type = \"number\" }\n[strategies.best.params]\n# how many\nmost = 3\n\
                        [[campaigns]]\nname = \"sale\"";
        assert_eq!(missing(there), expected);
    }

    #[test]
    fn a_comment_goes_with_its_line_and_a_campaign_is_one_more() {
        let there = "[strategies.best.params]\nmost = 9\n[[campaigns]]\nname = \"other\"\n";
        let lacks = missing(there);
        assert!(!lacks.contains("how many") && lacks.ends_with("[[campaigns]]\nname = \"sale\""), "{lacks}");
    }
}
