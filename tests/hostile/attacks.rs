//! What the plugin `tests/data/hostile.c` tries, and what must come of it.

/// How a call in a sandboxed worker must end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum End {
    /// The worker is killed for its system call.
    Killed,
    /// The worker ends by this signal or in this way, as health says.
    Died(&'static str),
    /// The attack gets this error number and the worker lives.
    Error(u32),
    /// The answer is refused for this reason and the worker lives.
    Failed(&'static str),
    /// It is no attack by itself; what it names is not shown.
    Dropped,
}

/// Who succeeds with it where the worker is not confined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Real {
    Anyone,
    Root,
    /// It depends on how the kernel is built and set up.
    Kernel,
    /// It is not about confinement.
    Never,
}

pub struct Attack {
    pub name: &'static str,
    pub number: u32,
    pub end: End,
    pub real: Real,
}

pub const fn killed(number: u32, name: &'static str, real: Real) -> Attack {
    Attack { name, number, end: End::Killed, real }
}

pub const fn lie(number: u32, name: &'static str, end: End) -> Attack {
    Attack { name, number, end, real: Real::Never }
}

/// System calls; a constructor makes them as well. The numbers are those of `attempt`.
pub const CALLS: &[Attack] = &[
    killed(1, "open-a-file", Real::Anyone),
    killed(2, "create-a-file", Real::Anyone),
    killed(3, "open-the-hosts-environment", Real::Anyone),
    killed(4, "open-the-hosts-memory", Real::Root),
    killed(5, "open-its-own-memory", Real::Anyone),
    killed(6, "socket-of-the-network", Real::Anyone),
    killed(7, "socket-of-the-machine", Real::Anyone),
    killed(8, "pair-of-sockets", Real::Anyone),
    killed(9, "pass-a-descriptor", Real::Kernel),
    killed(10, "ptrace-the-host", Real::Root),
    killed(11, "read-the-hosts-memory", Real::Root),
    killed(12, "write-the-hosts-memory", Real::Root),
    killed(13, "signal-the-host", Real::Anyone),
    killed(14, "descriptor-of-the-host", Real::Anyone),
    killed(15, "fork", Real::Anyone),
    killed(16, "thread", Real::Anyone),
    killed(17, "exec", Real::Kernel),
    killed(18, "io-uring", Real::Kernel),
    killed(19, "memory-to-write-and-execute", Real::Anyone),
    killed(20, "memory-made-executable", Real::Anyone),
    killed(21, "memory-to-execute", Real::Anyone),
    killed(22, "userfaultfd", Real::Kernel),
    killed(23, "bpf", Real::Kernel),
    killed(24, "keys-of-the-kernel", Real::Kernel),
    killed(25, "memfd", Real::Anyone),
    killed(26, "namespace", Real::Kernel),
    killed(27, "lift-a-limit", Real::Root),
    killed(28, "outlive-the-host", Real::Anyone),
    killed(29, "duplicate-a-descriptor", Real::Anyone),
    killed(30, "calls-of-32-bit-programs", Real::Kernel),
    killed(31, "calls-of-the-x32-interface", Real::Kernel),
    killed(32, "filter-of-its-own", Real::Root),
    killed(33, "shared-memory", Real::Anyone),
    killed(34, "chroot", Real::Root),
    killed(35, "personality", Real::Anyone),
    killed(36, "memory-that-is-not-counted", Real::Anyone),
    killed(37, "memory-that-grows", Real::Anyone),
    killed(38, "become-root", Real::Root),
    lie(39, "inherited-descriptors", End::Error(9)),
    killed(40, "search-the-hosts-memory", Real::Root),
    killed(41, "performance-counters", Real::Kernel),
    killed(42, "bind", Real::Kernel),
    // without rules for their arguments these three were answered, also to a constructor
    killed(44, "clock-of-the-hosts-computing", Real::Anyone),
    killed(45, "clock-of-its-own-computing", Real::Anyone),
    killed(46, "wake-at-a-shared-word", Real::Anyone),
];

/// Deaths, delays and lies: there is nothing about the kernel in them.
pub const LIES: &[Attack] = &[
    lie(43, "too-much-memory", End::Error(12)),
    // without a limit of addresses it was given them
    lie(47, "read-without-end", End::Error(12)),
    lie(100, "abort", End::Died("it gave itself up (abort)")),
    lie(101, "null-pointer", End::Died("signal 11")),
    lie(102, "endless-recursion", End::Died("signal 11")),
    lie(103, "endless-loop", End::Died("late")),
    lie(104, "length-beyond-its-room", End::Failed("rejected")),
    lie(105, "count-beyond-its-answer", End::Failed("rejected")),
    lie(106, "answers-nobody-asked-for", End::Failed("rejected")),
    lie(107, "unknown-status", End::Failed("rejected")),
    lie(108, "score-not-a-number", End::Failed("rejected")),
    lie(109, "score-without-end", End::Failed("rejected")),
    lie(110, "answer-cut-short", End::Failed("rejected")),
    lie(111, "empty-answer", End::Failed("rejected")),
    lie(112, "result-out-of-nowhere", End::Failed("rejected")),
    lie(113, "too-many-picks", End::Failed("limit")),
    lie(114, "past-the-end-of-its-room", End::Died("signal 11")),
    lie(115, "exit", End::Died("it exited")),
    lie(116, "foreign-item", End::Dropped),
    lie(118, "two-messages", End::Died("")),
    // without words of its own it died like one that aborts
    lie(122, "memory-hog", End::Died("it ran out of memory")),
];
