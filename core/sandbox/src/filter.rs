//! The two filters of system calls.

use std::{collections::BTreeMap, os::fd::RawFd};

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch, apply_filter,
};

use crate::SandboxError;

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: Option<TargetArch> = Some(TargetArch::x86_64);
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: Option<TargetArch> = Some(TargetArch::aarch64);
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const ARCHITECTURE: Option<TargetArch> = None;

/// Mappings that the limit of data memory does not count: shared ones, and those that grow as a stack does.
const UNCOUNTED: libc::c_int = libc::MAP_SHARED | libc::MAP_GROWSDOWN | libc::MAP_HUGETLB;
/// `linux/seccomp.h`.
const SECCOMP_SET_MODE_FILTER: u32 = 1;
/// `linux/prctl.h`.
const PR_SET_VMA: u32 = 0x5356_4d41;

/// Computing, memory, locks and the end.
const ALWAYS: &[i64] = &[
    libc::SYS_futex,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigprocmask,
    libc::SYS_sigaltstack,
    libc::SYS_munmap,
    libc::SYS_madvise,
    libc::SYS_mremap,
    libc::SYS_brk,
    libc::SYS_sched_yield,
    libc::SYS_clock_gettime,
    libc::SYS_getrandom,
    libc::SYS_restart_syscall,
];

/// What loading a library and installing the second filter take beside that.
const LOADING: &[i64] = &[
    libc::SYS_openat,
    libc::SYS_read,
    libc::SYS_pread64,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_close_range,
    libc::SYS_rt_sigaction,
    libc::SYS_write,
    libc::SYS_getpid,
    libc::SYS_gettid,
];

/// What libraries try in passing and can do without: answered with an error, since a worker that wants to print must not die of it. EBADF and
/// not EPERM: Rust's `println!` takes that for a closed terminal, and panics on the other.
const QUIET: &[i64] = &[
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_sched_getaffinity,
];

/// Before foreign code is loaded: its constructors get an error for what they may not do.
pub(crate) fn first(socket: RawFd) -> Result<(), SandboxError> {
    let mut rules = allowed(ALWAYS.iter().chain(LOADING));
    speak(&mut rules, socket)?;
    // pages may become read-only, as the loader makes relocated ones, and never executable
    rules.insert(libc::SYS_mprotect, vec![rule(vec![not_executable(2)?])?]);
    let from_a_file = is_clear(3, libc::MAP_ANONYMOUS | UNCOUNTED)?;
    rules.insert(
        libc::SYS_mmap,
        vec![rule(vec![not_executable(2)?, is_clear(3, UNCOUNTED)?])?, rule(vec![from_a_file])?],
    );
    // installing the second filter takes both, the allocator names its memory by the latter; a constructor must not take back the death signal
    rules.insert(libc::SYS_seccomp, vec![rule(vec![is(0, SECCOMP_SET_MODE_FILTER)?, is(1, 0)?])?]);
    rules.insert(
        libc::SYS_prctl,
        vec![
            rule(vec![is(0, libc::PR_SET_NO_NEW_PRIVS.unsigned_abs())?])?,
            rule(vec![is(0, PR_SET_VMA)?])?,
        ],
    );
    install(rules, SeccompAction::Errno(errno(libc::EPERM)), SeccompAction::Allow)
}

/// Before data arrives: what is not allowed ends the process.
pub(crate) fn second(socket: RawFd) -> Result<(), SandboxError> {
    // the one that answers with an error comes first: once the killing one stands, installing another is fatal
    install(
        allowed(QUIET.iter()),
        SeccompAction::Allow,
        SeccompAction::Errno(errno(libc::EBADF)),
    )?;
    let mut rules = allowed(ALWAYS.iter().chain(QUIET));
    speak(&mut rules, socket)?;
    rules.insert(
        libc::SYS_mmap,
        vec![rule(vec![not_executable(2)?, is_clear(3, UNCOUNTED)?, is(4, u32::MAX)?])?],
    );
    install(rules, SeccompAction::KillProcess, SeccompAction::Allow)
}

fn allowed<'a>(calls: impl Iterator<Item = &'a i64>) -> Rules {
    calls.map(|call| (*call, Vec::new())).collect()
}

/// Messages on the one socket.
fn speak(rules: &mut Rules, socket: RawFd) -> Result<(), SandboxError> {
    let socket = u32::try_from(socket).map_err(|_| SandboxError::Architecture)?;
    for call in [libc::SYS_sendto, libc::SYS_recvfrom] {
        rules.insert(call, vec![rule(vec![is(0, socket)?])?]);
    }
    Ok(())
}

fn not_executable(argument: u8) -> Result<SeccompCondition, SandboxError> {
    is_clear(argument, libc::PROT_EXEC)
}

/// None of the bits is set in the argument's lower half, which is all that the kernel looks at in an `int`.
fn is_clear(argument: u8, bits: libc::c_int) -> Result<SeccompCondition, SandboxError> {
    let bits = u64::from(bits.unsigned_abs());
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(bits), 0).map_err(no_seccomp)
}

fn is(argument: u8, value: u32) -> Result<SeccompCondition, SandboxError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value.into()).map_err(no_seccomp)
}

fn rule(conditions: Vec<SeccompCondition>) -> Result<SeccompRule, SandboxError> {
    SeccompRule::new(conditions).map_err(no_seccomp)
}

fn install(rules: Rules, otherwise: SeccompAction, listed: SeccompAction) -> Result<(), SandboxError> {
    let architecture = ARCHITECTURE.ok_or(SandboxError::Architecture)?;
    let filter = SeccompFilter::new(rules, otherwise, listed, architecture).map_err(no_seccomp)?;
    let program: BpfProgram = filter.try_into().map_err(no_seccomp)?;
    apply_filter(&program).map_err(no_seccomp)
}

fn errno(number: libc::c_int) -> u32 {
    number.unsigned_abs()
}

fn no_seccomp(error: impl std::fmt::Display) -> SandboxError {
    SandboxError::NoSeccomp { what: error.to_string() }
}
