//! Everything but files and system calls: privileges, limits, namespaces, executable memory.

use std::io;

use crate::SandboxError;

fn done(result: libc::c_int, step: &'static str) -> Result<(), SandboxError> {
    if result == 0 { Ok(()) } else { Err(SandboxError::step(step)) }
}

/// The process ends when the thread ends that started it. One whose parent is gone already ends as well.
pub(crate) fn die_with_parent() -> Result<(), SandboxError> {
    // SAFETY: prctl with these arguments touches no memory.
    done(
        unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0) },
        "asking for the death signal",
    )
}

pub(crate) fn no_new_privileges() -> Result<(), SandboxError> {
    // SAFETY: as above.
    done(
        unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) },
        "giving up new privileges",
    )
}

/// No core file with what was in memory, no file, no process, no locked memory, no message queue.
pub(crate) fn apply() -> Result<(), SandboxError> {
    let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    let few = libc::rlimit {
        rlim_cur: 16,
        rlim_max: 16,
    };
    for (resource, limit) in [
        (libc::RLIMIT_CORE, &none),
        (libc::RLIMIT_FSIZE, &none),
        (libc::RLIMIT_NPROC, &none),
        (libc::RLIMIT_MEMLOCK, &none),
        (libc::RLIMIT_MSGQUEUE, &none),
        (libc::RLIMIT_NOFILE, &few),
    ] {
        // SAFETY: `limit` is a valid structure for the call.
        done(unsafe { libc::setrlimit(resource, limit) }, "setting limits")?;
    }
    Ok(())
}

/// Namespaces of its own where they can be had. Containers block them, and nothing rests on them.
pub(crate) fn namespaces() {
    let flags = libc::CLONE_NEWUSER | libc::CLONE_NEWNET | libc::CLONE_NEWNS | libc::CLONE_NEWIPC | libc::CLONE_NEWUTS;
    // SAFETY: unshare touches no memory; the process has one thread.
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
    let header = Header {
        version: VERSION_3,
        pid: 0,
    };
    let none = [0_u32; 6];
    // SAFETY: both point to memory of the layout that version 3 has.
    let result = unsafe { libc::syscall(libc::SYS_capset, &raw const header, none.as_ptr()) };
    if result == 0 {
        Ok(())
    } else {
        Err(SandboxError::step("dropping capabilities"))
    }
}

/// Memory that was writable never becomes executable (Linux 6.3); the filters hold it on older kernels.
pub(crate) fn no_executable_memory() {
    const PR_SET_MDWE: libc::c_int = 65;
    const PR_MDWE_REFUSE_EXEC_GAIN: libc::c_ulong = 1;
    // SAFETY: as above.
    unsafe { libc::prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) };
}

/// Limits from outside how much data memory another process of ours may use, in bytes.
///
/// # Errors
/// What the kernel says.
pub fn limit_data(pid: u32, bytes: u64) -> io::Result<()> {
    let limit = libc::rlimit {
        rlim_cur: bytes,
        rlim_max: bytes,
    };
    let pid = libc::pid_t::try_from(pid).map_err(|_| io::ErrorKind::InvalidInput)?;
    // SAFETY: `limit` is a valid structure, and no old limit is asked for.
    let result = unsafe { libc::prlimit(pid, libc::RLIMIT_DATA, &raw const limit, std::ptr::null_mut()) };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
