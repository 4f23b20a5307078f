//! Every way in × every guard. What cannot be read in a field on which something rests is refused at every door by
//! field, expected form and example, and nothing of the record changes; what is spelled otherwise is held all the same.

mod events;
mod items;
mod people;

use std::{fs, path::PathBuf, process::Output};

use jardin_contract::{Clock as _, SystemClock};
use jardin_model::DAY_MS;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Server, copy_folder, example, program};

/// A served copy of the example shop that names a product of `[never]` by its id as well, and keeps of people what they
/// wish for.
struct Shop {
    server: Server,
    folder: PathBuf,
    data: PathBuf,
    _temporary: TempDir,
}

impl Shop {
    fn open() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let (folder, data) = (temporary.path().join("shop"), temporary.path().join("data"));
        copy_folder(&example("shop"), &folder);
        let policy = folder.join("policy.toml");
        let text = fs::read_to_string(&policy).unwrap();
        let listed = "items  = { ";
        let people = "[fields.subject]";
        assert!(text.contains(listed) && text.contains(people));
        let wishes = "wished = { type = \"items\", class = \"personal\", keep = \"account\" }\nliked = { type = \"item\", class = \"personal\", keep = \"account\" }";
        let text = text.replacen(listed, "items  = { \"item.sku\" = [\"RX-1\"], ", 1);
        let (before, after) = text.split_once(people).unwrap();
        let (comment, fields) = after.split_once('\n').unwrap();
        let granted = "[strategies.for-you.may_read]\n";
        let reads = format!("{granted}\"subject.wished\" = \"exact\"\n\"subject.liked\" = \"exact\"\n");
        let fields = fields.replacen(granted, &reads, 1);
        fs::write(&policy, format!("{before}{people}{comment}\n{wishes}\n{fields}")).unwrap();
        let pinned = program().args(["policy", "pin"]).arg(&folder).output().unwrap();
        assert!(pinned.status.success(), "{}", said(&pinned));
        let server = Server::serve(&folder, &data);
        Self { server, folder, data, _temporary: temporary }
    }

    /// Sends a change of some fields.
    fn patch(&self, path: &str, body: &Value) -> crate::support::Answer {
        let body = body.to_string();
        self.server.client.send("PATCH", path, Some(body.as_bytes()), &[]).expect("the server answers")
    }

    /// Puts the catalogue back that was replaced last.
    fn put_back(&self) -> Output {
        program()
            .arg("import")
            .arg(&self.folder)
            .args(["--put-back", "--data"])
            .arg(&self.data)
            .output()
            .unwrap()
    }

    /// Imports a file of these lines, beside the server.
    fn import(&self, option: &str, lines: &[String]) -> Output {
        let file = self.folder.join("rows.jsonl");
        fs::write(&file, lines.join("\n")).unwrap();
        let mut command = program();
        command.arg("import").arg(&self.folder);
        if !option.is_empty() {
            command.arg(option);
        }
        command.arg(&file).arg("--data").arg(&self.data).output().unwrap()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

/// So many days before now, by the machine's clock, which the server goes by.
fn days_ago(days: i64) -> String {
    SystemClock.now().plus_ms(-days * DAY_MS).to_string()
}

/// Asserts that a sentence says which field, the form that is expected and an example, and nothing of what was sent.
#[track_caller]
fn assert_tells(sentence: &str, field: &str, sent: &Value) {
    assert!(sentence.contains(&format!("`{field}` must be ")), "{field}: {sentence}");
    assert!(sentence.contains(", for example "), "{field}: {sentence}");
    if let Some(text) = sent.as_str().filter(|text| text.len() > 5) {
        assert!(!sentence.contains(text), "{sentence}");
    }
}
