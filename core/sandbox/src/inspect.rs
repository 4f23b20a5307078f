//! Looking at a process from outside.

use std::{fs, io};

/// What `/proc` says of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// 2 under a seccomp filter.
    pub seccomp: u32,
    /// How many filters stand.
    pub filters: u32,
    /// True where it can gain no privileges.
    pub no_new_privileges: bool,
    /// True where it has no capability.
    pub no_capabilities: bool,
    /// How many threads it has.
    pub threads: u32,
    /// Its data memory, in KiB.
    pub data_kib: u64,
}

impl Seen {
    /// True where it is confined for good: under both parts of the first filter and the second, without
    /// privileges, with one thread. `inherited` is how many filters its parent stands under, as most
    /// containers put all their processes under one: these confine nothing that is meant here.
    #[must_use]
    pub const fn is_confined(&self, inherited: u32) -> bool {
        let own = self.filters.saturating_sub(inherited);
        self.seccomp == 2 && own >= 3 && self.no_new_privileges && self.no_capabilities && self.threads == 1
    }
}

/// What `/proc/PID/status` says.
///
/// # Errors
/// Where the process is gone or `/proc` cannot be read.
pub fn inspect(pid: u32) -> io::Result<Seen> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let field = |name: &str| {
        status
            .lines()
            .find_map(|l| l.strip_prefix(name)?.strip_prefix(':'))
            .map(str::trim)
            .unwrap_or_default()
    };
    let number = |name| field(name).split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0);
    let none = |name| field(name).bytes().all(|b| b == b'0');
    Ok(Seen {
        seccomp: number("Seccomp"),
        filters: number("Seccomp_filters"),
        no_new_privileges: field("NoNewPrivs") == "1",
        no_capabilities: ["CapPrm", "CapEff", "CapInh", "CapAmb"].into_iter().all(none),
        threads: number("Threads"),
        data_kib: field("VmData").split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0),
    })
}
