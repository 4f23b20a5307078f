//! What a kernel lacks.

/// Why a process could not be confined.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// A system call failed.
    #[error("{step} failed")]
    Step {
        /// Which step.
        step: &'static str,
        /// What the kernel said.
        #[source]
        source: std::io::Error,
    },
    /// The kernel has no Landlock.
    #[error(
        "the kernel has no Landlock; start it with `landlock` among its security modules (Linux 5.13 or newer)"
    )]
    NoLandlock,
    /// The kernel has no seccomp filters, or refuses them.
    #[error("the kernel takes no seccomp filter ({what}); build it with CONFIG_SECCOMP_FILTER")]
    NoSeccomp {
        /// What went wrong.
        what: String,
    },
    /// The processor is not one that the filters are written for.
    #[error("the sandbox is written for x86-64 and 64-bit Arm only")]
    Architecture,
}

impl SandboxError {
    pub(crate) fn step(step: &'static str) -> Self {
        Self::Step { step, source: std::io::Error::last_os_error() }
    }
}
