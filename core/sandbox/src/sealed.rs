//! The killing filter, laid down where nothing in the process can change it any more.
//!
//! Code that is loaded runs its constructors before the last filter stands, and may never return from them.
//! It could install filters of its own until their number is the one that somebody outside counts, and even
//! one that answers seccomp(2) with a lie. So the last filter lies in a read-only page below everything that
//! the first filter lets be mapped, unmapped or protected anew, and that page's address is the only one from
//! which the first filter lets a filter be installed. Then one filter more, seen from outside, is this one.

use std::ptr;

use seccompiler::BpfProgram;

use crate::SandboxError;

/// Whole pages on any machine: the largest page of an Arm machine is so long.
const LENGTH: usize = 64 << 10;
/// Where the page may lie: above what the kernel keeps free (`vm.mmap_min_addr`), below where programs lie.
const PLACES: [usize; 4] = [64 << 10, 128 << 10, 1 << 20, 2 << 20];
/// `struct sock_fprog`: a length of 2 bytes, padding, a pointer. Its filters follow, 8 bytes each.
const HEAD: usize = 16;

/// A filter in its place.
#[derive(Debug)]
pub(crate) struct Sealed {
    address: usize,
}

impl Sealed {
    /// Lays a program down. It is not in force yet.
    pub(crate) fn new(program: &BpfProgram) -> Result<Self, SandboxError> {
        let length =
            u16::try_from(program.len()).ok().filter(|length| HEAD + usize::from(*length) * 8 <= LENGTH);
        let length = length.ok_or(SandboxError::Architecture)?;
        let address = PLACES
            .into_iter()
            .find_map(map)
            .ok_or_else(|| SandboxError::step("laying the last filter down"))?;
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.extend(length.to_ne_bytes());
        bytes.extend([0; 6]);
        bytes.extend((address + HEAD).to_ne_bytes());
        for filter in program {
            bytes.extend(filter.code.to_ne_bytes());
            bytes.extend([filter.jt, filter.jf]);
            bytes.extend(filter.k.to_ne_bytes());
        }
        // SAFETY: `map` has just mapped LENGTH writable bytes at `address`, `bytes` has at most as many, and
        // nothing else refers to them.
        unsafe {
            ptr::copy_nonoverlapping(bytes.as_ptr(), ptr::with_exposed_provenance_mut(address), bytes.len())
        };
        // SAFETY: the mapping is this structure's own; nothing writes to it again.
        if unsafe { libc::mprotect(ptr::with_exposed_provenance_mut(address), LENGTH, libc::PROT_READ) } == 0
        {
            Ok(Self { address })
        } else {
            Err(SandboxError::step("sealing the last filter"))
        }
    }

    /// From where it is installed: the third argument of seccomp(2).
    pub(crate) const fn address(&self) -> u64 {
        self.address as u64
    }

    /// Everything from here on may be mapped and unmapped.
    pub(crate) const fn end(&self) -> u64 {
        self.address as u64 + LENGTH as u64
    }

    /// Puts the filter into force.
    pub(crate) fn install(self) -> Result<(), SandboxError> {
        const SECCOMP_SET_MODE_FILTER: libc::c_ulong = 1;
        // SAFETY: a `sock_fprog` with its filters stands at the address.
        let result =
            unsafe { libc::syscall(libc::SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0_usize, self.address) };
        if result == 0 { Ok(()) } else { Err(SandboxError::step("installing the last filter")) }
    }
}

/// Maps the page at that address, where nothing is yet.
fn map(address: usize) -> Option<usize> {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED_NOREPLACE;
    // SAFETY: a new mapping that replaces nothing.
    let got = unsafe {
        libc::mmap(
            ptr::without_provenance_mut(address),
            LENGTH,
            libc::PROT_READ | libc::PROT_WRITE,
            flags,
            -1,
            0,
        )
    };
    (got.expose_provenance() == address).then_some(address)
}
