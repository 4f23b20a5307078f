//! Confining the process, and loading the plugin in between.

use std::os::fd::{FromRawFd as _, OwnedFd};

use jardin_abi::{ABI_MAJOR, ENTRY_SYMBOL, Entry, Table};
use jardin_sandbox::Sandbox;
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

use super::{
    abort::tell_of_abort,
    descriptors::{PLUGIN_FD, SOCKET_FD, borrowed},
};
use crate::plugin_file::PRESENT;

/// Confines the process and loads the plugin in between.
pub(super) fn load_confined(memory: u64, open: bool) -> Result<Table, String> {
    // the libraries that a plugin may need are loaded while files can still be opened
    for name in PRESENT {
        // SAFETY: `PRESENT` names the C library's own files; their constructors run in this one thread and
        // ask for nothing from us.
        if let Ok(library) = unsafe { Library::open(Some(*name), RTLD_NOW | RTLD_LOCAL) } {
            std::mem::forget(library);
        }
    }
    let sandbox = if open {
        jardin_sandbox::limit_memory(memory).map_err(|e| with_source(&e))?;
        None
    } else {
        let file = rustix::fs::fstat(borrowed(PLUGIN_FD)).map_err(|e| e.to_string())?.st_size;
        let file = u64::try_from(file).unwrap_or(0);
        Some(Sandbox::before_loading(SOCKET_FD, memory, file).map_err(|e| with_source(&e))?)
    };
    let table = open_plugin()?;
    for fd in [PLUGIN_FD, 0, 1, 2] {
        // SAFETY: 3 belongs to no Rust value (it came by `take_over`) and was read by `open_plugin` above; 0
        // to 2 lead to /dev/null and are owned by nobody, since std borrows them for each use.
        drop(unsafe { OwnedFd::from_raw_fd(fd) });
    }
    for signal in [libc::SIGSEGV, libc::SIGBUS] {
        // SAFETY: SIG_DFL is a valid action for both signals and runs no code of ours. (Rust's own handler
        // could loop once its calls are refused.)
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    tell_of_abort(memory);
    if let Some(sandbox) = sandbox {
        sandbox.before_data().map_err(|e| with_source(&e))?;
    }
    Ok(table)
}

fn with_source(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

/// Loads the sealed copy; its constructors run here.
fn open_plugin() -> Result<Table, String> {
    let path = format!("/proc/self/fd/{PLUGIN_FD}");
    // SAFETY: nobody can vouch for foreign constructors, and nothing rests on them: this process holds no
    // data yet, is confined unless the policy says otherwise, and its host checks all that it says.
    let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.map_err(|e| with_source(&e))?;
    // SAFETY: `jardin_plugin.h` gives the symbol this type. A plugin that lies misuses a process that is its
    // own.
    let entry = unsafe { library.get::<Entry>(ENTRY_SYMBOL) }
        .map_err(|_| "it exports no `jardin_plugin_entry`".to_owned())?;
    // SAFETY: by `jardin_plugin.h` the entry takes nothing and gives null or a table that lives as long as
    // the library, which is never closed; a pointer that lies crashes this process, which its host notices.
    let table = unsafe { check_table(entry()) };
    // never closed: a plugin's threads-local destructors could outlive it
    std::mem::forget(library);
    table
}

/// The table, as far as this version knows it.
///
/// # Safety
/// `table` is null or points to a table of which `size` bytes are readable.
unsafe fn check_table(table: *const Table) -> Result<Table, String> {
    // SAFETY: `table` is null, which gives `None`, or starts with its size, a `u32`, in every version (this
    // function's contract).
    let Some(size) = (unsafe { table.cast::<u32>().as_ref() }) else {
        return Err("it gives no table".to_owned());
    };
    if usize::try_from(*size).is_ok_and(|size| size < size_of::<Table>()) {
        return Err(format!("its table has {size} bytes, and {} are needed", size_of::<Table>()));
    }
    // SAFETY: `size` is at least that of `Table`, and as many bytes are readable (this function's contract).
    let table = unsafe { *table };
    if table.abi_major != ABI_MAJOR {
        return Err(format!(
            "it is built for version {} of the binary interface, and this host knows {ABI_MAJOR}",
            table.abi_major
        ));
    }
    if table.create.is_none()
        || table.catalogue.is_none()
        || table.recommend.is_none()
        || table.observe.is_some() != table.forget.is_some()
    {
        return Err(
            "its table lacks a function: create, catalogue and recommend, and with observe also forget"
                .to_owned(),
        );
    }
    Ok(table)
}
