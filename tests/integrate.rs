//! What docs/integrate.md says is typed here, in a shell and in an empty folder, and what it shows comes.

use std::{fs, path::Path, process::Command};

use crate::support::program;

/// What the page leaves to the reader: the program by its name, in the background where it serves, on a free port.
const TERMINAL: &str = r#"
set -eu
jardin() {
  case $1 in
    serve)
      exec 3< <(exec "$JARDIN" "$@" --listen 127.0.0.1:0)
      trap "kill $!" EXIT
      while read -r line <&3; do
        case $line in "listening on "*) ADDRESS=${line#*//}; echo "$line"; break ;; esac
      done ;;
    *) "$JARDIN" "$@" ;;
  esac
}
curl() { command curl --max-time 60 "${@/127.0.0.1:7700/$ADDRESS}"; }
"#;
/// What stands before the answer to a command.
const PROMPT: &str = "== typed ==";

/// The fenced blocks of a kind, in their order.
fn blocks<'a>(page: &'a str, kind: &str) -> Vec<&'a str> {
    let fence = format!("```{kind}\n");
    page.split(fence.as_str()).skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect()
}

/// The commands of the page, each with what it shows below it.
fn commands(page: &str) -> Vec<(&str, &str)> {
    let blocks = blocks(page, "console").into_iter();
    // a prompt stands at the beginning of a line; `$(` begins none
    let typed = blocks.flat_map(|block| block.strip_prefix("$ ").unwrap().split("\n$ "));
    typed.map(|lines| lines.split_once('\n').unwrap_or((lines, ""))).collect()
}

#[test]
fn the_way_of_the_page_leads_from_nothing_to_a_list_and_an_event() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/integrate.md");
    let (folder, page) = (tempfile::tempdir().unwrap(), fs::read_to_string(page).unwrap());
    fs::write(folder.path().join("items.jsonl"), blocks(&page, "json")[0]).unwrap();
    let commands = commands(&page);
    let script: String = commands.iter().map(|(typed, _)| format!("echo '{PROMPT}'\n{typed}\n")).collect();
    let mut shell = Command::new("bash");
    shell.args(["-c", &format!("{TERMINAL}{script}")]).current_dir(folder.path());
    let ran = shell.env("JARDIN", program().get_program()).output().unwrap();
    let (said, errors) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{said}\n{errors}");
    let answers: Vec<&str> = said.split(PROMPT).skip(1).collect();
    assert_eq!(answers.len(), commands.len());
    let mut shown = 0;
    for ((typed, expected), answer) in commands.iter().zip(answers) {
        // an ellipsis stands for what differs from day to day, or says nothing here
        for part in expected.trim().replace("127.0.0.1:7700", "…").split('…') {
            assert!(answer.contains(part), "{typed}\nshows\n{part}\nand says\n{answer}\n{errors}");
            shown += part.len();
        }
    }
    assert!(shown > 500, "{shown}");
}
