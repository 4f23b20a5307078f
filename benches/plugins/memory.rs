//! The private memory of a worker.

use std::fs;

/// Private memory by what it is for, in KiB.
#[derive(Default)]
struct Private {
    /// Heap, stack, maps without a file, and written data of files.
    own: u64,
    /// Pages of files that were written once, when addresses were put into them, and are read-only since.
    relocated: u64,
    /// Pages of files that nobody else has mapped at present; they take no memory beside the file's own in
    /// the system's cache.
    unshared: u64,
}

fn of(worker: u32) -> Option<Private> {
    let mut sum = Private::default();
    let (mut of_file, mut writable) = (false, false);
    for line in fs::read_to_string(format!("/proc/{worker}/smaps")).ok()?.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match *words.first()? {
            range if range.contains('-') => {
                of_file = words.get(5).is_some_and(|name| name.starts_with('/'));
                writable = words.get(1).is_some_and(|rights| rights.starts_with("rw"));
            }
            "Private_Dirty:" if of_file && !writable => sum.relocated += words[1].parse::<u64>().ok()?,
            "Private_Dirty:" => sum.own += words[1].parse::<u64>().ok()?,
            "Private_Clean:" if of_file => sum.unshared += words[1].parse::<u64>().ok()?,
            "Private_Clean:" => sum.own += words[1].parse::<u64>().ok()?,
            _ => {}
        }
    }
    Some(sum)
}

/// Prints that of one worker of this process.
pub fn show() {
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    let children = tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("children")).ok());
    let worker = children.flat_map(|c| c.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).next();
    match worker.and_then(|worker| of(worker.parse().ok()?)) {
        Some(Private { own, relocated, unshared }) => println!(
            "private memory of a worker: {own} KiB of its own, {relocated} KiB relocated, {unshared} KiB of files that nobody else has mapped"
        ),
        None => println!("private memory of a worker: the kernel does not tell"),
    }
}
