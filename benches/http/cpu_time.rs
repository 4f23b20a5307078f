//! The CPU time of a process and of those that it started, as the kernel's scheduler counts it.

use std::{fs, time::Duration};

/// The time that all threads of a process and of its descendants have run. Threads that have ended are not in
/// it.
pub fn cpu_time(pid: u32) -> Duration {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let of_task = |task: fs::DirEntry| {
        let own = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
        let ran = own.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or(0);
        let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        let started = children.split_whitespace().filter_map(|pid| pid.parse().ok());
        Duration::from_nanos(ran) + started.map(cpu_time).sum::<Duration>()
    };
    tasks.map(of_task).sum()
}
