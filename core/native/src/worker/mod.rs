//! The worker: the process that loads a plugin and calls it. It is this same program, started with one
//! argument, an empty environment and two descriptors.

use std::{
    ffi::c_void,
    os::fd::{AsRawFd as _, BorrowedFd, FromRawFd as _, OwnedFd, RawFd},
    process::ExitCode,
    ptr,
};

use jardin_abi::{
    ABI_MAJOR, Bytes, ENTRY_SYMBOL, Entry, Frame, Host, MOST_BYTES, Out, RESULT_ABI, RESULT_FAILED,
    RESULT_OK, Table,
};
use jardin_sandbox::Sandbox;
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

use crate::link::message::{HEAD_BYTES, Head, MAX_MESSAGE_BYTES, Subject};

/// The argument that makes the program a worker.
pub const WORKER_ARGUMENT: &str = "worker";
/// The third argument of a worker, after how many bytes of memory it may take, that is not confined, for
/// `isolation = "process"`.
pub(crate) const OPEN_ARGUMENT: &str = "open";
/// Where the plugin's sealed copy is. It comes as the standard output.
const PLUGIN_FD: RawFd = 3;
/// Where the host speaks. It comes as the standard input.
const SOCKET_FD: RawFd = 4;

static HOST: Host = Host::current();

/// Runs as a worker until the host goes away. Started by hand it finds no descriptors and ends at once.
#[must_use]
pub fn run_worker() -> ExitCode {
    let memory = std::env::args().nth(2).and_then(|a| a.parse().ok());
    let open = std::env::args_os().nth(3).is_some_and(|a| a == OPEN_ARGUMENT);
    let (Some(memory), true) = (memory, take_over()) else {
        return ExitCode::from(2);
    };
    match load(memory, open) {
        Ok(table) => serve(&table),
        Err(what) => {
            let _ =
                send(Head { subject: Subject::Failed, result: RESULT_FAILED, sequence: 0 }, what.as_bytes());
            ExitCode::FAILURE
        }
    }
}

fn borrowed<'a>(fd: RawFd) -> BorrowedFd<'a> {
    // SAFETY: called with `SOCKET_FD`, which is open until the process ends, and in `take_over` with 0 and 1,
    // which stay open until they are replaced there, after the last use of what is borrowed.
    unsafe { BorrowedFd::borrow_raw(fd) }
}

/// Puts both descriptors where no library looks for a terminal, and keeps nothing else open; false where they
/// are not what a host hands over.
fn take_over() -> bool {
    let speaks = rustix::net::sockopt::socket_type(borrowed(0))
        .is_ok_and(|kind| kind == rustix::net::SocketType::SEQPACKET);
    let sealed = rustix::fs::fcntl_get_seals(borrowed(1))
        .is_ok_and(|seals| seals.contains(rustix::fs::SealFlags::WRITE));
    if !speaks || !sealed {
        return false;
    }
    for (from, to) in [(1, PLUGIN_FD), (0, SOCKET_FD)] {
        // SAFETY: dup2 touches no memory. It closes what stood at 3 and 4, and no value of this process owns
        // those: `main` called this first.
        if unsafe { libc::dup2(from, to) } != to {
            return false;
        }
    }
    close_above(SOCKET_FD);
    // the standard ones lead nowhere from now on
    let nowhere = rustix::fs::open("/dev/null", rustix::fs::OFlags::RDWR, rustix::fs::Mode::empty());
    let Ok(nowhere) = nowhere else { return false };
    // SAFETY: dup2 touches no memory. It closes 0 and 1, whose files stand at 4 and 3 since the loop above;
    // `nowhere` is open until the end.
    [0, 1].into_iter().all(|standard| unsafe { libc::dup2(nowhere.as_raw_fd(), standard) } == standard)
}

/// Confines the process and loads the plugin in between.
fn load(memory: u64, open: bool) -> Result<Table, String> {
    // the libraries that a plugin may need are loaded while files can still be opened
    for name in crate::plugin_file::PRESENT {
        // SAFETY: `PRESENT` names the C library's own files; their constructors run in this one thread and
        // ask for nothing from us.
        if let Ok(library) = unsafe { Library::open(Some(*name), RTLD_NOW | RTLD_LOCAL) } {
            std::mem::forget(library);
        }
    }
    let sandbox = if open {
        jardin_sandbox::limit_data(memory).map_err(|e| chain(&e))?;
        None
    } else {
        Some(Sandbox::before_loading(SOCKET_FD, memory).map_err(|e| chain(&e))?)
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
    if let Some(sandbox) = sandbox {
        sandbox.before_data().map_err(|e| chain(&e))?;
    }
    Ok(table)
}

fn chain(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

fn close_above(last: RawFd) {
    let first = libc::c_uint::try_from(last + 1).unwrap_or(5);
    // SAFETY: close_range touches no memory; no value of this process owns a descriptor above `last`, since
    // `take_over` runs before any is opened.
    unsafe { libc::syscall(libc::SYS_close_range, first, libc::c_uint::MAX, 0) };
}

/// Loads the sealed copy; its constructors run here.
fn open_plugin() -> Result<Table, String> {
    let path = format!("/proc/self/fd/{PLUGIN_FD}");
    // SAFETY: nobody can vouch for foreign constructors, and nothing rests on them: this process holds no
    // data yet, is confined unless the policy says otherwise, and its host checks all that it says.
    let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.map_err(|e| e.to_string())?;
    // SAFETY: `jardin_plugin.h` gives the symbol this type. A plugin that lies misuses a process that is its
    // own.
    let entry = unsafe { library.get::<Entry>(ENTRY_SYMBOL) }
        .map_err(|_| "it exports no `jardin_plugin_entry`".to_owned())?;
    // SAFETY: by `jardin_plugin.h` the entry takes nothing and gives null or a table that lives as long as
    // the library, which is never closed; a pointer that lies crashes this process, which its host notices.
    let table = unsafe { checked(entry()) };
    // never closed: a plugin's threads-local destructors could outlive it
    std::mem::forget(library);
    table
}

/// The table, as far as this version knows it.
///
/// # Safety
/// `table` is null or points to a table of which `size` bytes are readable.
unsafe fn checked(table: *const Table) -> Result<Table, String> {
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

fn serve(table: &Table) -> ExitCode {
    let mut arrived = Frame::room(MAX_MESSAGE_BYTES);
    let mut room = Frame::room(MAX_MESSAGE_BYTES);
    let mut instance = ptr::null_mut();
    if send(Head { subject: Subject::Hello, result: RESULT_OK, sequence: 0 }, &[]).is_err() {
        return ExitCode::FAILURE;
    }
    loop {
        let length = match rustix::net::recv(
            borrowed(SOCKET_FD),
            arrived.bytes_mut(),
            rustix::net::RecvFlags::empty(),
        ) {
            Ok((_, length)) if length > 0 => length,
            // the host went away
            _ => return ExitCode::SUCCESS,
        };
        let Some((head, frame)) = arrived.bytes().get(..length).and_then(Head::split) else {
            return ExitCode::FAILURE;
        };
        let (subject, result, length) = answer(table, &mut instance, head.subject, frame, &mut room);
        let head = Head { subject, result, sequence: head.sequence };
        head.write_to(room.bytes_mut());
        if room.bytes().get(..HEAD_BYTES + length).is_none_or(|message| send_whole(message).is_err()) {
            return ExitCode::FAILURE;
        }
    }
}

/// Calls the plugin; gives what the answer is, the plugin's result, and how many bytes follow the head in
/// `room`.
fn answer(
    table: &Table,
    instance: &mut *mut c_void,
    subject: Subject,
    frame: &[u8],
    room: &mut Frame,
) -> (Subject, i32, usize) {
    let frame = Bytes { data: frame.as_ptr(), length: frame.len() };
    let done = |result| (Subject::Done, result, 0);
    if subject == Subject::Create {
        // SAFETY: `HOST` is static, `frame` points into the caller's buffer and `instance` is an exclusive
        // reference: all live through the call, as `jardin_plugin.h` asks for `create`, which runs once.
        return done(
            table.create.map_or(RESULT_ABI, |create| unsafe { create(&raw const HOST, frame, instance) }),
        );
    }
    if instance.is_null() {
        return done(RESULT_FAILED);
    }
    let function = match subject {
        Subject::Catalogue => table.catalogue,
        Subject::Observe => table.observe,
        Subject::Forget => table.forget,
        Subject::Recommend => return recommend(table, *instance, &frame, room),
        _ => None,
    };
    // SAFETY: `*instance` is not null, so `create` gave it; `frame` lives through the call; this process has
    // one thread, so no other call runs.
    done(function.map_or(RESULT_ABI, |function| unsafe { function(*instance, &raw const frame) }))
}

fn recommend(table: &Table, instance: *mut c_void, frame: &Bytes, room: &mut Frame) -> (Subject, i32, usize) {
    let Some(body) = room.bytes_mut().get_mut(HEAD_BYTES..) else {
        return (Subject::Done, RESULT_FAILED, 0);
    };
    let mut out = Out { data: body.as_mut_ptr(), capacity: body.len(), length: 0 };
    // SAFETY: `answer` passes an instance that `create` gave and a frame that lives through the call; `out`
    // points to `body`, which is initialised, `capacity` bytes long and borrowed here alone.
    let result =
        table.recommend.map_or(RESULT_ABI, |recommend| unsafe { recommend(instance, frame, &raw mut out) });
    // a length that is a lie is cut here and found out by the host's check
    (Subject::Answer, result, out.length.min(out.capacity))
}

fn send(head: Head, body: &[u8]) -> Result<(), rustix::io::Errno> {
    let mut message = head.to_bytes().to_vec();
    message.extend(body.iter().take(MOST_BYTES));
    send_whole(&message)
}

fn send_whole(message: &[u8]) -> Result<(), rustix::io::Errno> {
    rustix::net::send(borrowed(SOCKET_FD), message, rustix::net::SendFlags::NOSIGNAL).map(drop)
}
