//! How often a process and those that it started call the system, as `perf` counts it.

use std::{
    fs,
    process::{Child, Command, Stdio},
};

/// Counts while it is there.
pub struct CountedCalls(Child);

impl CountedCalls {
    /// Begins to count; `None` where there is no `perf`, or it may not.
    pub fn begin(pid: u32) -> Option<Self> {
        let pids = process_tree(pid).iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let mut command = Command::new("perf");
        command.args(["stat", "-x", ",", "-e", "raw_syscalls:sys_enter", "-p", &pids]);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().ok().map(Self)
    }

    /// How many calls there were.
    pub fn end(self) -> Option<f64> {
        // it tells what it counted when it is interrupted
        Command::new("kill").args(["-INT", &self.0.id().to_string()]).status().ok()?;
        let told = self.0.wait_with_output().ok()?;
        let told = String::from_utf8_lossy(&told.stderr).into_owned();
        told.lines().find(|line| line.contains("sys_enter"))?.split(',').next()?.parse().ok()
    }
}

fn process_tree(pid: u32) -> Vec<u32> {
    let mut all = vec![pid];
    for task in fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten() {
        let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        all.extend(children.split_whitespace().filter_map(|pid| pid.parse().ok()).flat_map(process_tree));
    }
    all
}
