//! What the documents show is what happens.

use std::path::Path;

use crate::support::Server;

fn document(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The fenced blocks of a kind.
fn blocks(text: &str, kind: &str) -> Vec<String> {
    let fence = format!("```{kind}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// The shown answer's parts, which stand between ellipses, each of which must be in the answer; item ids and
/// such are not shown.
fn shown_parts(shown: &str) -> Vec<String> {
    shown
        .split('…')
        .map(|part| part.trim_matches(['"', ',', '[', ']', '{', '}']).to_owned())
        .filter(|part| part.len() > 20)
        .collect()
}

#[test]
fn the_curl_commands_of_the_readme_answer_as_shown() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::demo(data.path());
    let readme = document("README.md");
    let mut tried = 0;
    for block in blocks(&readme, "console") {
        let Some((command, answer)) = block.split_once('\n').filter(|(c, _)| c.contains("curl")) else {
            continue;
        };
        let path = command.split("7700").nth(1).unwrap().split(' ').next().unwrap();
        let body = command.split("-d '").nth(1).unwrap().trim_end().trim_end_matches('\'');
        let got = server.client.send("POST", path, Some(body.as_bytes()), &[]).unwrap();
        assert_eq!(got.status, 200, "{}", got.text);
        for part in shown_parts(answer) {
            assert!(got.text.contains(&part), "{command}\n`{part}` is shown and not in\n{}", got.text);
        }
        tried += 1;
    }
    assert_eq!(tried, 3);
}

#[test]
fn the_toml_of_the_documents_is_toml() {
    let mut parsed = 0;
    for name in ["README.md", "docs/policy.md", "docs/scripts.md", "plugins/README.md"] {
        for block in blocks(&document(name), "toml") {
            toml::de::DeTable::parse(&block).unwrap_or_else(|e| panic!("{name}: {e}\n{block}"));
            parsed += 1;
        }
    }
    assert!(parsed >= 2);
}

#[test]
fn the_demo_prints_the_commands_of_the_readme() {
    let readme = document("README.md");
    for body in
        [r#"{"placement":"home","subject_id":"camille"}"#, r#"{"placement":"home","subject_id":"noor"}"#]
    {
        assert!(readme.contains(body));
    }
}
