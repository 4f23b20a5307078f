//! Looking at a process from outside.

use std::{fs, io, mem, time::Duration};

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
    /// True where it computes, or waits for a processor to compute on; false where it sleeps.
    pub is_running: bool,
    /// How many threads it has.
    pub threads: u32,
    /// Its data memory, in KiB.
    pub data_kib: u64,
    /// All addresses that it uses, in KiB.
    pub size_kib: u64,
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
    let kib = |name| field(name).split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0);
    let none = |name| field(name).bytes().all(|b| b == b'0');
    Ok(Seen {
        seccomp: number("Seccomp"),
        filters: number("Seccomp_filters"),
        no_new_privileges: field("NoNewPrivs") == "1",
        no_capabilities: ["CapPrm", "CapEff", "CapInh", "CapAmb"].into_iter().all(none),
        is_running: field("State").starts_with('R'),
        threads: number("Threads"),
        data_kib: kib("VmData"),
        size_kib: kib("VmSize"),
    })
}

/// For how long a process has computed since it began: clock_getcpuclockid(3).
///
/// # Errors
/// Where the process is gone.
pub fn cpu_time(pid: u32) -> io::Result<Duration> {
    let pid = libc::pid_t::try_from(pid).map_err(|_| io::ErrorKind::InvalidInput)?;
    let mut clock = 0;
    // SAFETY: `clock` is a place for the number of a clock, which is written during the call.
    let result = unsafe { libc::clock_getcpuclockid(pid, &raw mut clock) };
    if result != 0 {
        return Err(io::Error::from_raw_os_error(result));
    }
    // SAFETY: `timespec` is two integers, for which zeroes are a value.
    let mut time: libc::timespec = unsafe { mem::zeroed() };
    // SAFETY: `time` is a place for a time, which is written during the call.
    if unsafe { libc::clock_gettime(clock, &raw mut time) } != 0 {
        return Err(io::Error::last_os_error());
    }
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Ok(Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or(0)))
}
