//! What the confined process does. It says one number on its socket, or dies.

use std::{io, ptr};

use jardin_sandbox::Sandbox;

/// Where the child finds its socket.
const SOCKET: i32 = 0;
const MEMORY: u64 = 64 << 20;

/// When something is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadPhase {
    /// Between the two filters, as a constructor runs.
    Loading,
    /// After both.
    Data,
}

pub struct Case {
    pub name: &'static str,
    /// Gives 0 or an error number.
    pub act: fn() -> i32,
}

fn errno(result: i64) -> i32 {
    if result == -1 { io::Error::last_os_error().raw_os_error().unwrap_or(-1) } else { 0 }
}

macro_rules! call {
    ($number:expr $(, $argument:expr)*) => {
        // SAFETY: this process exists to try this call and ends after it; whatever it does to its memory is
        // its own.
        errno(unsafe { libc::syscall($number $(, $argument)*) })
    };
}

/// Where the sealed filter lies: the first place that is tried, which is free in this program.
const SEALED: usize = 64 << 10;

const fn page() -> *mut libc::c_void {
    ptr::without_provenance_mut(SEALED)
}

/// The same page to a kernel that takes tags off.
const fn tagged() -> *mut libc::c_void {
    ptr::without_provenance_mut(SEALED | 1 << 56)
}

fn filter_of_its_own() -> i32 {
    // BPF_RET | BPF_K, SECCOMP_RET_ERRNO with 0: seccomp(2) itself would seem to succeed from then on
    let mut program = [libc::sock_filter { code: 6, jt: 0, jf: 0, k: 0x0005_0000 }];
    let head = libc::sock_fprog { len: 1, filter: program.as_mut_ptr() };
    call!(libc::SYS_seccomp, 1, 0, &raw const head)
}

pub const CASES: &[Case] = &[
    Case {
        name: "open a file",
        act: || call!(libc::SYS_openat, libc::AT_FDCWD, c"/etc/hostname".as_ptr(), libc::O_RDONLY),
    },
    Case {
        name: "make a file",
        act: || {
            call!(libc::SYS_openat, libc::AT_FDCWD, c"/tmp/no".as_ptr(), libc::O_CREAT | libc::O_RDWR, 0o600)
        },
    },
    Case { name: "read the clock of another process's computing", act: || clock(clock_of(1)) },
    Case { name: "read the clock of its own computing", act: || clock(libc::CLOCK_PROCESS_CPUTIME_ID) },
    Case {
        name: "wake whoever waits at a shared word",
        act: || call!(libc::SYS_futex, &raw const WORD, libc::FUTEX_WAKE, 1, 0, 0, 0),
    },
    Case {
        name: "signal itself with another signal than that of abort",
        act: || signal_itself(libc::SIGUSR1),
    },
    Case { name: "make a socket", act: || call!(libc::SYS_socket, libc::AF_INET, libc::SOCK_STREAM, 0) },
    Case { name: "start a process", act: || call!(libc::SYS_clone, libc::SIGCHLD, 0, 0, 0, 0) },
    Case { name: "signal its parent", act: || call!(libc::SYS_kill, 1, 0) },
    Case { name: "trace its parent", act: || call!(libc::SYS_ptrace, libc::PTRACE_ATTACH, 1, 0, 0) },
    Case {
        name: "run a program",
        act: || call!(libc::SYS_execve, c"/bin/true".as_ptr(), ptr::null::<u8>(), ptr::null::<u8>()),
    },
    Case { name: "raise a limit", act: || call!(libc::SYS_prlimit64, 0, libc::RLIMIT_DATA, 0, 0) },
    Case {
        name: "take back the death signal",
        act: || call!(libc::SYS_prctl, libc::PR_SET_PDEATHSIG, 0, 0, 0, 0),
    },
    Case { name: "leave core files", act: || call!(libc::SYS_prctl, libc::PR_SET_DUMPABLE, 1, 0, 0, 0) },
    Case {
        name: "map executable memory",
        act: || call!(libc::SYS_mmap, 0, 4096, 7, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1, 0),
    },
    Case {
        name: "speak on another descriptor",
        act: || call!(libc::SYS_sendto, 1, c"x".as_ptr(), 1, 0, 0, 0),
    },
    Case { name: "install a filter of its own", act: filter_of_its_own },
    Case {
        name: "install one by the old call",
        act: || call!(libc::SYS_prctl, libc::PR_SET_SECCOMP, 2, 0, 0, 0),
    },
];

/// What would change the sealed filter. After the second filter it no longer matters.
pub const SEAL: &[Case] = &[
    Case { name: "write to it", act: || call!(libc::SYS_mprotect, page(), 4096, 3) },
    Case { name: "unmap it", act: || call!(libc::SYS_munmap, page(), 4096) },
    Case { name: "unmap all", act: || call!(libc::SYS_munmap, 0, 1_u64 << 40) },
    Case { name: "empty it", act: || call!(libc::SYS_madvise, page(), 4096, libc::MADV_DONTNEED) },
    Case { name: "lay a page over it", act: || call!(libc::SYS_mmap, page(), 4096, 3, 0x32, -1, 0) },
    Case {
        name: "lay pages over it from below",
        act: || call!(libc::SYS_mmap, SEALED - 4096, 8192, 3, 0x32, -1, 0),
    },
    Case { name: "lay a file over it", act: || call!(libc::SYS_mmap, page(), 4096, 1, 0x12, SOCKET, 0) },
    Case { name: "move it away", act: || call!(libc::SYS_mremap, page(), 4096, 4096, 3, 1_u64 << 32) },
    Case { name: "write to it under a tag", act: || call!(libc::SYS_mprotect, tagged(), 4096, 3) },
    Case { name: "unmap it under a tag", act: || call!(libc::SYS_munmap, tagged(), 4096) },
    Case {
        name: "empty it under a tag",
        act: || call!(libc::SYS_madvise, tagged(), 4096, libc::MADV_DONTNEED),
    },
    Case {
        name: "move it away under a tag",
        act: || call!(libc::SYS_mremap, tagged(), 4096, 4096, 3, 1_u64 << 32),
    },
    Case {
        name: "lay a page over it under a tag",
        act: || call!(libc::SYS_mmap, tagged(), 4096, 3, 0x32, -1, 0),
    },
    Case {
        name: "map where nothing may be replaced",
        act: || call!(libc::SYS_mmap, page(), 4096, 3, 0x0010_0032, -1, 0),
    },
    Case { name: "let the kernel write into it", act: into_it },
    Case { name: "give it a key of protection", act: || call!(libc::SYS_pkey_mprotect, page(), 4096, 3, -1) },
    Case {
        name: "lay other pages of a file there",
        act: || call!(libc::SYS_remap_file_pages, page(), 4096, 0, 0, 0),
    },
    Case {
        name: "install another one in the same page",
        act: || call!(libc::SYS_seccomp, 1, 0, SEALED + 16),
    },
    Case { name: "install it and be told by a descriptor", act: || call!(libc::SYS_seccomp, 1, 8, page()) },
    Case { name: "install the strictest mode", act: || call!(libc::SYS_seccomp, 0, 0, 0) },
    Case { name: "move a page over it", act: move_over },
];

/// What the kernel writes on a program's behalf: EFAULT, since the page is read-only to it as well.
fn into_it() -> i32 {
    match call!(libc::SYS_getrandom, page(), 64, 0) {
        libc::EFAULT => libc::EPERM,
        other => other,
    }
}

fn move_over() -> i32 {
    // SAFETY: a new mapping that replaces nothing.
    let from =
        unsafe { libc::mmap(ptr::null_mut(), 4096, 3, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1, 0) };
    call!(libc::SYS_mremap, from, 4096, 4096, libc::MREMAP_FIXED | libc::MREMAP_MAYMOVE, page())
}

/// What a plugin does without harm, in both stages.
pub const HARMLESS: &[Case] = &[
    Case {
        name: "print",
        act: || {
            println!("to nobody");
            eprintln!("to nobody");
            0
        },
    },
    Case {
        name: "panic and go on",
        act: || i32::from(std::panic::catch_unwind(|| panic!("as asked")).is_ok()),
    },
    Case {
        name: "take and give back memory",
        act: || {
            drop(std::hint::black_box(vec![1_u8; 32 << 20]));
            0
        },
    },
    Case { name: "let a mapping grow", act: grow },
    Case {
        name: "read the clocks of the day and of steady time",
        act: || {
            let clocks = [
                libc::CLOCK_REALTIME,
                libc::CLOCK_MONOTONIC,
                libc::CLOCK_REALTIME_COARSE,
                libc::CLOCK_MONOTONIC_COARSE,
            ];
            clocks.into_iter().map(clock).max().unwrap_or(-1)
        },
    },
    Case {
        name: "wake whoever waits at a word of its own",
        act: || {
            let private = libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG;
            call!(libc::SYS_futex, &raw const WORD, private, 1, 0, 0, 0)
        },
    },
    Case { name: "find an end of what it can only read", act: read_without_end },
];

static WORD: u32 = 0;

/// The number of the clock of a process's computing, as clock_getcpuclockid(3) makes it.
const fn clock_of(process: i32) -> libc::clockid_t {
    !process << 3 | 2
}

fn clock(clock: libc::clockid_t) -> i32 {
    let mut time = [0_i64; 2];
    call!(libc::SYS_clock_gettime, clock, &raw mut time)
}

fn signal_itself(signal: i32) -> i32 {
    call!(libc::SYS_tgkill, std::process::id(), std::process::id(), signal)
}

/// Memory that can only be read counts as no data; the tables of its pages, 1/512 of it, are the kernel's.
fn read_without_end() -> i32 {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    match call!(libc::SYS_mmap, 0, 1_u64 << 40, libc::PROT_READ, flags, -1, 0) {
        libc::ENOMEM => 0,
        other => other.max(1),
    }
}

fn grow() -> i32 {
    let mut list = vec![1_u8; 1 << 20];
    for _ in 0..4 {
        list.reserve_exact(list.len() * 2);
        list.resize(list.len() * 2, 1);
    }
    i32::from(list.iter().any(|byte| *byte != 1))
}

fn say(number: i32) {
    // SAFETY: the number is readable, and the socket is the one that this process was given.
    unsafe { libc::send(SOCKET, (&raw const number).cast(), 4, libc::MSG_NOSIGNAL) };
}

/// `STAGE NAME`: does it in that stage. Never returns.
pub fn child(what: &str) {
    let (stage, name) = what.split_once(' ').unwrap_or_default();
    let case = CASES.iter().chain(SEAL).chain(HARMLESS).find(|case| case.name == name);
    let act = || case.map_or(0, |case| (case.act)());
    if stage == "within" || stage == "half" {
        under_another();
    }
    let Ok(sandbox) = Sandbox::before_loading(SOCKET, MEMORY, 0) else { std::process::exit(3) };
    if stage == "loading" {
        say(act());
    }
    if stage == "half" {
        wait();
    }
    for descriptor in [1, 2] {
        // SAFETY: nothing uses these descriptors any more.
        unsafe { libc::close(descriptor) };
    }
    if sandbox.before_data().is_err() {
        std::process::exit(4);
    }
    if stage == "data" {
        say(act());
    }
    if stage == "wait" || stage == "within" {
        wait();
    }
    std::process::exit(0);
}

/// A filter that allows everything, as a container's stands over all its processes.
fn under_another() {
    // BPF_RET | BPF_K, SECCOMP_RET_ALLOW
    let mut program = [libc::sock_filter { code: 6, jt: 0, jf: 0, k: 0x7fff_0000 }];
    let head = libc::sock_fprog { len: 1, filter: program.as_mut_ptr() };
    call!(libc::SYS_prctl, libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if call!(libc::SYS_seccomp, 1, 0, &raw const head) != 0 {
        std::process::exit(5);
    }
}

/// Until the parent has seen enough and closes its end.
fn wait() {
    say(0);
    let mut byte = 0_u8;
    // SAFETY: `byte` is one writable byte that lives through the call, and the socket is the one that this
    // process was given.
    unsafe { libc::recv(SOCKET, (&raw mut byte).cast(), 1, 0) };
}
