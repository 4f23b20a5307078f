//! The worker: the process that loads a plugin and calls it. It is this same program, started with one
//! argument, an empty environment and two descriptors.

mod abort;
mod descriptors;
mod loading;
mod words;

use std::{ffi::c_void, process::ExitCode, ptr};

use jardin_abi::{Bytes, Frame, Host, Out, RESULT_ABI, RESULT_FAILED, RESULT_OK, Table};

use crate::link::message::{HEAD_BYTES, Head, MAX_MESSAGE_BYTES, Subject};
use descriptors::{SOCKET_FD, borrowed, send, send_whole, take_over};
use loading::load_confined;

/// The argument that makes the program a worker.
pub const WORKER_ARGUMENT: &str = "worker";
/// The third argument of a worker, after how many bytes of memory it may take, that is not confined, for
/// `isolation = "process"`.
pub(crate) const OPEN_ARGUMENT: &str = "open";

static HOST: Host = Host::current(Some(words::explain), Some(words::hear_note));

/// Runs as a worker until the host goes away. Started by hand it finds no descriptors and ends at once.
#[must_use]
pub fn run_worker() -> ExitCode {
    let memory = std::env::args().nth(2).and_then(|a| a.parse().ok());
    let open = std::env::args_os().nth(3).is_some_and(|a| a == OPEN_ARGUMENT);
    let (Some(memory), true) = (memory, take_over()) else {
        return ExitCode::from(2);
    };
    match load_confined(memory, open) {
        Ok(table) => serve(&table),
        Err(what) => {
            let _ = send(Head::of(Subject::Failed, RESULT_FAILED), what.as_bytes());
            ExitCode::FAILURE
        }
    }
}

/// Answers the host's messages, one after the other. What a message said and what was answered is
/// overwritten before the next one comes: a plugin that looks behind its frame finds nothing of another
/// person there.
fn serve(table: &Table) -> ExitCode {
    let mut arrived = Frame::room(MAX_MESSAGE_BYTES);
    let mut answer = Frame::room(MAX_MESSAGE_BYTES);
    let mut instance = ptr::null_mut();
    if send(Head::of(Subject::Hello, RESULT_OK), &[]).is_err() {
        return ExitCode::FAILURE;
    }
    loop {
        let arrived_length = match rustix::net::recv(
            borrowed(SOCKET_FD),
            arrived.bytes_mut(),
            rustix::net::RecvFlags::empty(),
        ) {
            Ok((_, length)) if length > 0 => length,
            // the host went away
            _ => return ExitCode::SUCCESS,
        };
        let Some((head, frame)) = arrived.bytes().get(..arrived_length).and_then(Head::split) else {
            return ExitCode::FAILURE;
        };
        let (subject, result, length) = call_plugin(table, &mut instance, head.subject, frame, &mut answer);
        let head = Head { subject, result, sequence: head.sequence, note: words::take_note() };
        head.write_to(answer.bytes_mut());
        let answer_length = HEAD_BYTES + length;
        if answer.bytes().get(..answer_length).is_none_or(|message| send_whole(message).is_err()) {
            return ExitCode::FAILURE;
        }
        arrived.clear(arrived_length);
        answer.clear(answer_length);
    }
}

/// Calls the plugin; gives what the answer is, the plugin's result, and how many bytes follow the head in
/// `room`.
fn call_plugin(
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
        let call =
            || table.create.map_or(RESULT_ABI, |create| unsafe { create(&raw const HOST, frame, instance) });
        let (result, words) = words::listen_while(call);
        let body = room.bytes_mut().get_mut(HEAD_BYTES..).unwrap_or_default();
        body.iter_mut().zip(&words).for_each(|(place, byte)| *place = *byte);
        return (Subject::Done, result, words.len());
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
    // SAFETY: `call_plugin` passes an instance that `create` gave and a frame that lives through the call; `out`
    // points to `body`, which is initialised, `capacity` bytes long and borrowed here alone.
    let result =
        table.recommend.map_or(RESULT_ABI, |recommend| unsafe { recommend(instance, frame, &raw mut out) });
    // a length that is a lie is cut here and found out by the host's check
    (Subject::Answer, result, out.length.min(out.capacity))
}
