//! What is seen of the confined processes from outside.

use std::{
    io::Read as _,
    os::{
        fd::OwnedFd,
        unix::{
            fs::{MetadataExt as _, PermissionsExt as _},
            net::UnixStream,
            process::{CommandExt as _, ExitStatusExt as _},
        },
    },
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
};

use jardin_sandbox::Seen;

use crate::cases::{CASES, Case, HARMLESS, LoadPhase, SEAL};

/// Nobody in particular.
const ORDINARY: u32 = 12345;
/// EPERM by the filter, EACCES by Landlock.
const REFUSED: [i32; 2] = [1, 13];
/// The signal of a system call that is not allowed.
const SIGSYS: i32 = 31;

/// As whom the children run, and from which file.
struct User {
    program: PathBuf,
    /// Another than ours.
    id: Option<u32>,
}

fn start(user: &User, what: &str) -> (Child, UnixStream) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let mut command = Command::new(&user.program);
    user.id.map(|id| command.uid(id).gid(id));
    command
        .args(["child", what])
        .env_clear()
        .stdin(OwnedFd::from(theirs))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    (command.spawn().unwrap(), ours)
}

/// What the child said, and how it ended.
fn tried(user: &User, stage: LoadPhase, name: &str) -> (Option<i32>, ExitStatus) {
    let stage = if stage == LoadPhase::Loading { "loading" } else { "data" };
    let (mut child, mut socket) = start(user, &format!("{stage} {name}"));
    let mut said = [0; 4];
    let said = socket.read_exact(&mut said).ok().map(|()| i32::from_ne_bytes(said));
    (said, child.wait().unwrap())
}

/// What is seen of a child in that stage, and to whom its memory belongs.
fn seen(user: &User, stage: &str) -> Result<(Seen, u32), String> {
    let (mut child, mut socket) = start(user, &format!("{stage} nothing"));
    let mut said = [0; 4];
    socket.read_exact(&mut said).map_err(|error| error.to_string())?;
    let seen = jardin_sandbox::inspect(child.id()).map_err(|error| error.to_string())?;
    let owner = std::fs::metadata(format!("/proc/{}/mem", child.id())).map_err(|error| error.to_string())?;
    drop(socket);
    let ended = child.wait().unwrap();
    if ended.success() { Ok((seen, owner.uid())) } else { Err(ended.to_string()) }
}

/// Confined by all that can be seen from outside; its memory belongs to root, whoever it is, so that it
/// leaves no core file to anybody.
fn is_seen_as_confined(user: &User) -> Result<(), String> {
    let (seen, owner) = seen(user, "wait")?;
    if seen.is_confined(0) && seen.filters == 3 && owner == 0 {
        Ok(())
    } else {
        Err(format!("{seen:?}, memory of {owner}"))
    }
}

/// A filter that stood before, as in a container, is not taken for the last one, which a process may never
/// have come to.
fn is_not_taken_for_it(user: &User) -> Result<(), String> {
    let (half, _) = seen(user, "half")?;
    let (whole, _) = seen(user, "within")?;
    if half.filters == 3 && !half.is_confined(1) && whole.filters == 4 && whole.is_confined(1) {
        Ok(())
    } else {
        Err(format!("{half:?}, {whole:?}"))
    }
}

fn is_refused(user: &User, case: &Case) -> Result<(), String> {
    let (said, ended) = tried(user, LoadPhase::Loading, case.name);
    if said.is_some_and(|number| REFUSED.contains(&number)) && ended.success() {
        Ok(())
    } else {
        Err(format!("while loading: {said:?}, {ended}"))
    }
}

fn kills(user: &User, case: &Case) -> Result<(), String> {
    let (said, ended) = tried(user, LoadPhase::Data, case.name);
    if said.is_none() && ended.signal() == Some(SIGSYS) {
        Ok(())
    } else {
        Err(format!("with data: {said:?}, {ended}"))
    }
}

fn does_no_harm(user: &User, case: &Case) -> Result<(), String> {
    for stage in [LoadPhase::Loading, LoadPhase::Data] {
        let (said, ended) = tried(user, stage, case.name);
        if said != Some(0) || !ended.success() {
            return Err(format!("{stage:?}: {said:?}, {ended}"));
        }
    }
    Ok(())
}

fn results(user: &User) -> Vec<(&'static str, Result<(), String>)> {
    let mut results = vec![
        ("is seen as confined", is_seen_as_confined(user)),
        ("another's filter is not taken for its own", is_not_taken_for_it(user)),
    ];
    for case in CASES {
        results.push((case.name, is_refused(user, case).and_then(|()| kills(user, case))));
    }
    results.extend(SEAL.iter().map(|case| (case.name, is_refused(user, case))));
    results.extend(HARMLESS.iter().map(|case| (case.name, does_no_harm(user, case))));
    results
}

pub fn run() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    // the ordinary user may not reach the folder that cargo builds in
    let program = folder.path().join("confined");
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let mut users = vec![User { program: program.clone(), id: None }];
    if is_root {
        users.push(User { program, id: Some(ORDINARY) });
    } else {
        println!("SKIPPED: the same as root");
    }
    let mut failed = false;
    for user in &users {
        for (name, result) in results(user) {
            let shown = result.as_ref().map_or_else(|error| format!("FAILED: {error}"), |()| "ok".to_owned());
            println!(
                "test {name} as {} ... {shown}",
                user.id.map_or_else(|| "ourselves".to_owned(), |id| id.to_string())
            );
            failed |= result.is_err();
        }
    }
    assert!(!failed);
}
