//! The two filters of system calls.

use std::{collections::BTreeMap, os::fd::RawFd};

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter,
};

use crate::{SandboxError, sealed::Sealed};

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: Option<TargetArch> = Some(TargetArch::x86_64);
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: Option<TargetArch> = Some(TargetArch::aarch64);
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const ARCHITECTURE: Option<TargetArch> = None;

/// Mappings that the limit of data memory does not count: shared ones, and those that grow as a stack does.
const UNCOUNTED: libc::c_int = libc::MAP_SHARED | libc::MAP_GROWSDOWN | libc::MAP_HUGETLB;
/// Where memory lies unless a program asks for more: below this nothing stands in the bits that may be a tag.
const UNTAGGED: u64 = 1 << 48;
/// `linux/seccomp.h`.
const SECCOMP_SET_MODE_FILTER: u32 = 1;
/// `linux/prctl.h`.
const PR_SET_VMA: u32 = 0x5356_4d41;

/// Computing, memory, locks and the end.
const ALWAYS: &[i64] = &[
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigprocmask,
    libc::SYS_sigaltstack,
    libc::SYS_brk,
    libc::SYS_sched_yield,
    libc::SYS_getrandom,
    libc::SYS_restart_syscall,
    // what abort(3) asks for before it signals its own process
    libc::SYS_getpid,
    libc::SYS_gettid,
];

/// The clocks that may be read: the time of day and the steady time. The clock of another process's computing
/// would be a way to speak to it: whoever computes is seen by whoever looks.
const CLOCKS: &[libc::clockid_t] =
    &[libc::CLOCK_REALTIME, libc::CLOCK_MONOTONIC, libc::CLOCK_REALTIME_COARSE, libc::CLOCK_MONOTONIC_COARSE];
/// `linux/futex.h`: the word is of this process alone, and whoever waits at it as well.
const FUTEX_PRIVATE_FLAG: u32 = 128;

/// Changes of memory, by address.
const MEMORY: &[i64] = &[libc::SYS_munmap, libc::SYS_madvise, libc::SYS_mremap];

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
];

/// What libraries try in passing and can do without: answered with an error, since a worker that wants to
/// print must not die of it. EBADF and not EPERM: Rust's `println!` takes that for a closed terminal, and
/// panics on the other.
const QUIET: &[i64] = &[libc::SYS_write, libc::SYS_writev, libc::SYS_sched_getaffinity];

/// Before foreign code is loaded: its constructors get an error for what they may not do. Gives the second
/// filter, which they cannot change.
pub(crate) fn install_first(socket: RawFd) -> Result<Sealed, SandboxError> {
    let sealed = Sealed::new(&second_filter(socket)?)?;
    let mut rules = allow_calls(ALWAYS.iter().chain(LOADING).chain(QUIET));
    allow_within_process(&mut rules)?;
    allow_socket(&mut rules, socket)?;
    allow_memory(&mut rules, &sealed)?;
    // the one filter that is still to come, and no other
    let the_second = compare_address(2, SeccompCmpOp::Eq, sealed.address())?;
    rules.insert(
        libc::SYS_seccomp,
        vec![make_rule(vec![equals(0, SECCOMP_SET_MODE_FILTER)?, equals(1, 0)?, the_second])?],
    );
    // the allocator names its memory; a constructor must not take back the death signal
    rules.insert(libc::SYS_prctl, vec![make_rule(vec![equals(0, PR_SET_VMA)?])?]);
    let first = compile_filter(rules, SeccompAction::Errno(errno_of(libc::EPERM)), SeccompAction::Allow)?;
    let quiet = compile_filter(
        allow_calls(QUIET.iter()),
        SeccompAction::Allow,
        SeccompAction::Errno(errno_of(libc::EBADF)),
    )?;
    // in this order: once the first stands, no filter but the second can be installed
    apply_filter(&quiet).and_then(|()| apply_filter(&first)).map_err(no_seccomp)?;
    Ok(sealed)
}

/// Memory may be mapped from files, and become read-only as the loader makes relocated pages, and never
/// executable when it was written; the sealed page, below all else, stays as it is.
fn allow_memory(rules: &mut Rules, sealed: &Sealed) -> Result<(), SandboxError> {
    // without it the kernel looks for a free place
    let not_fixed = || Ok(vec![is_clear(3, libc::MAP_FIXED)?]);
    let not_executable_data = || Ok(vec![not_executable(2)?, is_clear(3, UNCOUNTED)?]);
    let from_a_file = || Ok(vec![is_clear(3, libc::MAP_ANONYMOUS | UNCOUNTED)?]);
    rules.insert(
        libc::SYS_mmap,
        vec![
            join_rule(not_executable_data()?, above_sealed(0, sealed)?)?,
            join_rule(not_executable_data()?, not_fixed()?)?,
            join_rule(from_a_file()?, above_sealed(0, sealed)?)?,
            join_rule(from_a_file()?, not_fixed()?)?,
        ],
    );
    rules.insert(libc::SYS_mprotect, vec![join_rule(vec![not_executable(2)?], above_sealed(0, sealed)?)?]);
    rules.insert(libc::SYS_munmap, vec![make_rule(above_sealed(0, sealed)?)?]);
    rules.insert(libc::SYS_madvise, vec![make_rule(above_sealed(0, sealed)?)?]);
    let not_moved_there = [vec![is_clear(3, libc::MREMAP_FIXED)?], above_sealed(4, sealed)?];
    let moved = not_moved_there.into_iter().map(|how| join_rule(above_sealed(0, sealed)?, how));
    rules.insert(libc::SYS_mremap, moved.collect::<Result<_, _>>()?);
    Ok(())
}

/// An address behind the sealed page, without a tag in its upper bits: an Arm kernel takes tags off before it
/// looks where an address is, and one that seems to lie far above would be the page itself.
fn above_sealed(argument: u8, sealed: &Sealed) -> Result<Vec<SeccompCondition>, SandboxError> {
    Ok(vec![
        compare_address(argument, SeccompCmpOp::Ge, sealed.end())?,
        compare_address(argument, SeccompCmpOp::Lt, UNTAGGED)?,
    ])
}

fn join_rule(
    mut these: Vec<SeccompCondition>,
    those: Vec<SeccompCondition>,
) -> Result<SeccompRule, SandboxError> {
    these.extend(those);
    make_rule(these)
}

/// Before data arrives: what is not allowed ends the process.
fn second_filter(socket: RawFd) -> Result<BpfProgram, SandboxError> {
    let mut rules = allow_calls(ALWAYS.iter().chain(MEMORY).chain(QUIET));
    allow_within_process(&mut rules)?;
    allow_socket(&mut rules, socket)?;
    rules.insert(
        libc::SYS_mmap,
        vec![make_rule(vec![not_executable(2)?, is_clear(3, UNCOUNTED)?, equals(4, u32::MAX)?])?],
    );
    compile_filter(rules, SeccompAction::KillProcess, SeccompAction::Allow)
}

fn allow_calls<'a>(calls: impl Iterator<Item = &'a i64>) -> Rules {
    calls.map(|call| (*call, Vec::new())).collect()
}

/// Locks of this process alone, clocks that tell nothing of others, and the signal by which it gives itself
/// up.
fn allow_within_process(rules: &mut Rules) -> Result<(), SandboxError> {
    rules.insert(libc::SYS_futex, vec![make_rule(vec![is_set(1, FUTEX_PRIVATE_FLAG)?])?]);
    let clocks = CLOCKS.iter().map(|clock| make_rule(vec![equals(0, clock.unsigned_abs())?]));
    rules.insert(libc::SYS_clock_gettime, clocks.collect::<Result<_, _>>()?);
    let own = std::process::id();
    let to_itself = vec![equals(0, own)?, equals(1, own)?, equals(2, libc::SIGABRT.unsigned_abs())?];
    rules.insert(libc::SYS_tgkill, vec![make_rule(to_itself)?]);
    Ok(())
}

/// Messages on the one socket.
fn allow_socket(rules: &mut Rules, socket: RawFd) -> Result<(), SandboxError> {
    let socket = u32::try_from(socket).map_err(|_| SandboxError::Architecture)?;
    for call in [libc::SYS_sendto, libc::SYS_recvfrom] {
        rules.insert(call, vec![make_rule(vec![equals(0, socket)?])?]);
    }
    Ok(())
}

fn not_executable(argument: u8) -> Result<SeccompCondition, SandboxError> {
    is_clear(argument, libc::PROT_EXEC)
}

/// None of the bits is set in the argument's lower half, which is all that the kernel looks at in an `int`.
fn is_clear(argument: u8, bits: libc::c_int) -> Result<SeccompCondition, SandboxError> {
    let bits = u64::from(bits.unsigned_abs());
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(bits), 0)
        .map_err(no_seccomp)
}

/// All of the bits are set in the argument's lower half.
fn is_set(argument: u8, bits: u32) -> Result<SeccompCondition, SandboxError> {
    let how = SeccompCmpOp::MaskedEq(bits.into());
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, how, bits.into()).map_err(no_seccomp)
}

fn equals(argument: u8, value: u32) -> Result<SeccompCondition, SandboxError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value.into())
        .map_err(no_seccomp)
}

fn make_rule(conditions: Vec<SeccompCondition>) -> Result<SeccompRule, SandboxError> {
    SeccompRule::new(conditions).map_err(no_seccomp)
}

/// Compares an argument as an address.
fn compare_address(argument: u8, how: SeccompCmpOp, address: u64) -> Result<SeccompCondition, SandboxError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Qword, how, address).map_err(no_seccomp)
}

fn compile_filter(
    rules: Rules,
    otherwise: SeccompAction,
    listed: SeccompAction,
) -> Result<BpfProgram, SandboxError> {
    let architecture = ARCHITECTURE.ok_or(SandboxError::Architecture)?;
    let filter = SeccompFilter::new(rules, otherwise, listed, architecture).map_err(no_seccomp)?;
    filter.try_into().map_err(no_seccomp)
}

fn errno_of(number: libc::c_int) -> u32 {
    number.unsigned_abs()
}

fn no_seccomp(error: impl std::fmt::Display) -> SandboxError {
    SandboxError::NoSeccomp { what: error.to_string() }
}
