//! What the documents show is what happens.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::Stdio,
};

use crate::support::{Server, now_text, program};

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
        let Some((command, answer)) = block.split_once('\n').filter(|(c, _)| c.starts_with("$ curl")) else {
            continue;
        };
        let command = command.replace("'$(date -u +%FT%TZ)'", &now_text());
        let path = command.split("7700").nth(1).unwrap().split(' ').next().unwrap();
        let body = command.split("-d '").nth(1).unwrap().trim_end().trim_end_matches('\'');
        let got = server.client.send("POST", path, Some(body.as_bytes()), &[]).unwrap();
        assert!(matches!(got.status, 200 | 202), "{}", got.text);
        for part in shown_parts(answer) {
            assert!(got.text.contains(&part), "{command}\n`{part}` is shown and not in\n{}", got.text);
        }
        tried += 1;
    }
    assert_eq!(tried, 6);
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

/// What stands behind `$` in the block that begins with this command.
fn commands_from(readme: &str, first: &str) -> Vec<String> {
    let block = blocks(readme, "console").into_iter().find(|block| block.starts_with(first)).unwrap();
    block.lines().filter_map(|line| line.strip_prefix("$ ").map(str::to_owned)).collect()
}

#[test]
fn a_shop_of_ones_own_is_made_filled_and_served_and_its_list_follows_an_event() {
    let folder = tempfile::tempdir().unwrap();
    let items: String = [("A-1", "tents"), ("A-2", "mats"), ("A-3", "mats")]
        .map(|(id, kind)| {
            format!("{{\"item_id\":\"{id}\",\"fields\":{{\"title\":\"T\",\"category\":\"{kind}\",\"price\":\"9.90\",\"in_stock\":true}}}}\n")
        })
        .concat();
    std::fs::write(folder.path().join("items.jsonl"), items).unwrap();
    let commands = commands_from(&document("README.md"), "$ jardin init");
    let mut server: Option<Server> = None;
    let mut lists: Vec<Vec<String>> = Vec::new();
    for command in &commands {
        if let Some(arguments) = command.strip_prefix("jardin serve ") {
            server = Some(Server::serve(
                &folder.path().join(arguments),
                &folder.path().join(arguments).join("data"),
            ));
        } else if let Some(arguments) = command.strip_prefix("jardin ") {
            run_in_shell(folder.path(), arguments);
        } else {
            let client = &server.as_ref().unwrap().client;
            let command = command.replace("'$(date -u +%FT%TZ)'", &now_text());
            let path = command.split("7700").nth(1).unwrap().split(' ').next().unwrap();
            let body = command.split("-d '").nth(1).unwrap().trim_end_matches('\'');
            let got = client.send("POST", path, Some(body.as_bytes()), &[]).unwrap();
            assert!(matches!(got.status, 200 | 202), "{command}: {}", got.text);
            if path.ends_with("recommendations") {
                lists.push(got.items());
            }
        }
    }
    // by popularity, which nobody has counted yet, and then by id; the other mat is four times as far forward
    assert_eq!(lists, [["A-1", "A-2", "A-3"], ["A-3", "A-1", "A-2"]]);
    let check = program().arg("check").arg(folder.path().join("my-shop")).output().unwrap();
    let said = String::from_utf8_lossy(&check.stdout);
    assert!(said.contains("0 errors, 0 warnings"), "{said}");
}

/// Runs a command of a document as a reader does, in a shell.
fn run_in_shell(folder: &Path, arguments: &str) {
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &format!("\"$JARDIN\" {arguments}")]).current_dir(folder);
    let run = shell.env("JARDIN", program().get_program()).output().unwrap();
    assert_eq!(run.status.code(), Some(0), "{arguments}: {}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn a_shop_that_states_nothing_reads_nobody_and_is_told_what_to_state() {
    let folder = tempfile::tempdir().unwrap();
    let init = program().args(["init", "--yes"]).arg(folder.path()).output().unwrap();
    assert_eq!(init.status.code(), Some(0));
    let policy = std::fs::read_to_string(folder.path().join("policy.toml")).unwrap();
    assert!(!policy.contains("personal") && !policy.contains("legitimate interests"), "{policy}");
    let check = program().arg("check").arg(folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&check.stdout);
    assert!(said.contains("0 errors") && said.matches("to-be-stated").count() == 2, "{said}");
    // an interest without its balance is no ground
    let other = tempfile::tempdir().unwrap();
    let half =
        program().args(["init", "--yes", "--follow-visit", "To sell."]).arg(other.path()).output().unwrap();
    assert_eq!(half.status.code(), Some(2));
}

#[test]
fn init_overwrites_nothing_and_an_empty_shop_says_how_to_fill_it() {
    let folder = tempfile::tempdir().unwrap();
    let init = || program().args(["init", "--yes"]).arg(folder.path()).output().unwrap();
    assert_eq!(init().status.code(), Some(0));
    let policy = std::fs::read_to_string(folder.path().join("policy.toml")).unwrap();
    assert_eq!(init().status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(folder.path().join("policy.toml")).unwrap(), policy);
    // who is responsible is not invented
    assert!(policy.contains("controller = \"\""), "{policy}");
    assert!(program().args(["policy", "pin"]).arg(folder.path()).output().unwrap().status.success());
    let mut serve = program();
    serve.arg("serve").arg(folder.path()).args(["--listen", "127.0.0.1:0"]);
    let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // it has said what there is to say before it listens
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("listening on ")));
    child.kill().unwrap();
    let said = String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap();
    assert!(said.contains("the shop has no items; fill it: jardin import"), "{said}");
}
