//! A sandbox for a process that runs foreign code: it may compute, allocate, and speak on one socket that it
//! already holds.
//!
//! What it is not: it starts no process and loads no code. The process that is to be confined calls
//! [`Sandbox::before_loading`], loads the foreign code, and calls [`Sandbox::before_data`] before it is given
//! anything to keep secret. Somebody outside looks with [`inspect`].
//!
//! Invariants
//! - The two seccomp filters stack: what the second allows the first allows as well. What answers with an
//!   error is installed with the first, and the second, which kills, last, since after it seccomp(2) itself
//!   is fatal.
//! - Foreign code can install no filter but the second: three filters more than its parent's, seen
//!   from outside, mean that the second stands, whatever the code did.
//! - Where the kernel lacks seccomp or Landlock, [`Sandbox::before_loading`] fails; nothing is loaded with
//!   less.
//! - x86-64 and 64-bit Arm; elsewhere it fails.
//!
//! ```
//! // what a process shows of itself from outside: this one is not confined
//! let seen = jardin_sandbox::inspect(std::process::id()).unwrap();
//! assert!(!seen.is_confined(seen.filters));
//! ```
#![expect(unsafe_code, reason = "system calls without a safe wrapper; each block says why it is sound")]

mod clearing_allocator;
mod error;
mod filter;
mod inspect;
mod kernel_clock;
mod landlocked;
mod limits;
mod sealed;

pub use clearing_allocator::ClearingAllocator;
pub use error::SandboxError;
pub use inspect::{Seen, cpu_time, inspect};
pub use kernel_clock::clock_is_synchronised;
pub use limits::limit_memory;

use std::os::fd::RawFd;

/// A process on its way into confinement. The order of its two steps is the order of its methods.
#[derive(Debug)]
pub struct Sandbox {
    second: sealed::Sealed,
}

/// How many bytes of addresses a process may use whatever its memory is: its stack, and what it sets aside.
const ADDRESSES: u64 = 64 << 20;

/// The measures that a confined process is under, in words.
pub const MEASURES: &[&str] =
    &["no-new-privileges", "limits", "no-capabilities", "landlock", "no-executable-memory", "seccomp"];

impl Sandbox {
    /// Confines this process, which must have one thread, so far that foreign code may be loaded: no new
    /// privileges, limits, namespaces where they can be had, no capabilities, no file by path, no socket, no
    /// process, no executable memory but what is mapped from a file. `socket` is the one descriptor on which
    /// it will speak, `memory` how many bytes of data it may take beyond what it has now, by [`limit_memory`],
    /// `file` how long the file is that is to be loaded.
    ///
    /// # Errors
    /// [`SandboxError`] names what is missing; the process must end then.
    pub fn before_loading(socket: RawFd, memory: u64, file: u64) -> Result<Self, SandboxError> {
        limits::die_with_parent()?;
        limits::no_new_privileges()?;
        limits::apply_limits()?;
        limit_memory(memory)?;
        // allocators set aside more than they give out, and the loader maps a file more than once
        limits::limit_addresses((memory + file).saturating_mul(2).saturating_add(ADDRESSES))?;
        limits::leave_namespaces();
        limits::drop_capabilities()?;
        landlocked::deny_all()?;
        limits::no_executable_memory();
        limits::no_core_file()?;
        Ok(Self { second: filter::install_first(socket)? })
    }

    /// Confines it for good: memory, locks, and messages on the one socket; everything else ends the process.
    /// Descriptors of loaded files must be closed before.
    ///
    /// # Errors
    /// [`SandboxError`]; the process must end then.
    pub fn before_data(self) -> Result<(), SandboxError> {
        self.second.install()
    }
}
