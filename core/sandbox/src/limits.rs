//! Everything but files and system calls: privileges, limits, namespaces, executable memory.

use crate::SandboxError;

fn check_result(result: libc::c_int, step: &'static str) -> Result<(), SandboxError> {
    if result == 0 { Ok(()) } else { Err(SandboxError::step(step)) }
}

/// The process ends when the thread ends that started it. One whose parent is gone already ends as well.
pub(crate) fn die_with_parent() -> Result<(), SandboxError> {
    // SAFETY: PR_SET_PDEATHSIG takes a number and no pointer.
    check_result(
        unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0) },
        "asking for the death signal",
    )
}

pub(crate) fn no_new_privileges() -> Result<(), SandboxError> {
    // SAFETY: PR_SET_NO_NEW_PRIVS takes numbers and no pointer.
    check_result(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }, "giving up new privileges")
}

/// No core file with what was in memory, no file, no process, no locked memory, no message queue.
pub(crate) fn apply_limits() -> Result<(), SandboxError> {
    let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    let few = libc::rlimit { rlim_cur: 16, rlim_max: 16 };
    for (resource, limit) in [
        (libc::RLIMIT_CORE, &none),
        (libc::RLIMIT_FSIZE, &none),
        (libc::RLIMIT_NPROC, &none),
        (libc::RLIMIT_MEMLOCK, &none),
        (libc::RLIMIT_MSGQUEUE, &none),
        (libc::RLIMIT_NOFILE, &few),
    ] {
        // SAFETY: `limit` is a reference to an `rlimit`, which the kernel reads during the call and does not
        // keep.
        check_result(unsafe { libc::setrlimit(resource, limit) }, "setting limits")?;
    }
    limit_stack()
}

/// The stack counts as no data memory: it may grow to what is usual and no further, whatever the host was
/// started with.
fn limit_stack() -> Result<(), SandboxError> {
    const USUAL: libc::rlim_t = 8 << 20;
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` is an `rlimit` of ours that the kernel fills during the call.
    check_result(unsafe { libc::getrlimit(libc::RLIMIT_STACK, &raw mut limit) }, "asking for limits")?;
    limit.rlim_cur = limit.rlim_cur.min(USUAL);
    limit.rlim_max = limit.rlim_cur;
    // SAFETY: `limit` is an `rlimit` of ours, which the kernel reads during the call and does not keep.
    check_result(unsafe { libc::setrlimit(libc::RLIMIT_STACK, &raw const limit) }, "setting limits")
}

/// Namespaces of its own where they can be had. Containers block them, and nothing rests on them.
pub(crate) fn leave_namespaces() {
    let flags = libc::CLONE_NEWUSER
        | libc::CLONE_NEWNET
        | libc::CLONE_NEWNS
        | libc::CLONE_NEWIPC
        | libc::CLONE_NEWUTS;
    // SAFETY: unshare takes flags and no pointer; a refusal changes nothing.
    unsafe { libc::unshare(flags) };
}

pub(crate) fn drop_capabilities() -> Result<(), SandboxError> {
    #[repr(C)]
    struct Header {
        version: u32,
        pid: i32,
    }
    /// `_LINUX_CAPABILITY_VERSION_3`: two times three words.
    const VERSION_3: u32 = 0x2008_0522;
    let header = Header { version: VERSION_3, pid: 0 };
    let none = [0_u32; 6];
    // SAFETY: `header` is the `__user_cap_header_struct` of version 3, whose data are two structures of three
    // `u32`: the six of `none`.
    let result = unsafe { libc::syscall(libc::SYS_capset, &raw const header, none.as_ptr()) };
    if result == 0 { Ok(()) } else { Err(SandboxError::step("dropping capabilities")) }
}

/// No image of its memory on any disk, and no other process of the same user that reads it. The limit of core
/// files is none where the system hands them to a program (`kernel.core_pattern`), as most do; and a change
/// of namespaces would take this back, so it comes after.
pub(crate) fn no_core_file() -> Result<(), SandboxError> {
    // SAFETY: PR_SET_DUMPABLE takes a number and no pointer.
    check_result(unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0) }, "giving up core files")
}

/// Memory that was writable never becomes executable (Linux 6.3); the filters hold it on older kernels.
pub(crate) fn no_executable_memory() {
    const PR_SET_MDWE: libc::c_int = 65;
    const PR_MDWE_REFUSE_EXEC_GAIN: libc::c_ulong = 1;
    // SAFETY: PR_SET_MDWE takes numbers and no pointer; a kernel that does not know it refuses.
    unsafe { libc::prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) };
}

/// Limits how much data memory this process may take beyond what it has now, in bytes, and lets the kernel
/// take it before others where the machine has no memory left. Counted are private memory that can be written
/// and the heap; the filters refuse what is not counted, and the stack has its own limit.
///
/// # Errors
/// [`SandboxError::Step`] where `/proc` cannot be read or the kernel refuses the limit.
pub fn limit_memory(more: u64) -> Result<(), SandboxError> {
    std::fs::write("/proc/self/oom_score_adj", "1000")
        .map_err(|source| SandboxError::Step { step: "giving itself up to the kernel first", source })?;
    limit_to(libc::RLIMIT_DATA, own_memory()?.data_kib, more)
}

/// Limits the addresses that this process may use beyond those that it uses now, in bytes. What can only be
/// read counts as no data, and costs the kernel tables of pages, 1/512 of its length, once it was looked at.
pub(crate) fn limit_addresses(more: u64) -> Result<(), SandboxError> {
    limit_to(libc::RLIMIT_AS, own_memory()?.size_kib, more)
}

fn own_memory() -> Result<crate::Seen, SandboxError> {
    crate::inspect(std::process::id())
        .map_err(|source| SandboxError::Step { step: "looking at its own memory", source })
}

fn limit_to(resource: libc::__rlimit_resource_t, has_kib: u64, more: u64) -> Result<(), SandboxError> {
    let bytes = has_kib.saturating_mul(1024).saturating_add(more);
    let limit = libc::rlimit { rlim_cur: bytes, rlim_max: bytes };
    // SAFETY: `limit` is an `rlimit` of ours, which the kernel reads during the call and does not keep.
    check_result(unsafe { libc::setrlimit(resource, &raw const limit) }, "limiting memory")
}
