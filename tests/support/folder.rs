//! Shop folders.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The program that was built for these tests.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jardin"));
    command.env_clear();
    command
}

/// A folder of `examples`.
pub fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

/// Copies a folder with everything in it but data.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            if entry.file_name() != "data" {
                copy_folder(&entry.path(), &target);
            }
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A shop folder as it is shipped, but that no strategy is late on a busy machine: what is late depends on
/// the machine and not on a person.
pub fn unhurried(from: &Path, to: &Path) {
    copy_folder(from, to);
    let policy = to.join("policy.toml");
    let text = fs::read_to_string(&policy).unwrap();
    assert!(text.contains("time_ms = 50"));
    fs::write(policy, text.replace("time_ms = 50", "time_ms = 9999")).unwrap();
}
