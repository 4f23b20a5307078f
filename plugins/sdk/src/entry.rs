//! The border to C: what [`crate::strategy!`] writes.

use std::{
    ffi::c_void,
    panic::{AssertUnwindSafe, catch_unwind},
};

use jardin_abi::{
    ABI_MAJOR, ABI_MINOR, AnswerWriter, Bytes, FLAG_DETERMINISTIC, FLAG_LEARNS, FrameReader, Host, Out,
    RESULT_ABI, RESULT_CONFIG, RESULT_FAILED, RESULT_FRAME, RESULT_FULL, RESULT_OK, STATUS_FAILED, STATUS_OK,
    Table,
};

use crate::{CatalogueRows, Observations, Params, Picks, Request, Strategy};

/// A strategy with the buffers that it uses again.
struct Instance<S> {
    strategy: S,
    picks: Picks,
    /// Where the host hears which sentence of the manifest holds.
    note: Option<unsafe extern "C" fn(u32)>,
}

/// The table of a strategy; [`crate::strategy!`] gives it to the host.
#[must_use]
pub const fn strategy_table<S: Strategy>(learns: bool) -> Table {
    Table {
        size: size_of::<Table>() as u32,
        abi_major: ABI_MAJOR,
        abi_minor: ABI_MINOR,
        flags: if learns { FLAG_LEARNS | FLAG_DETERMINISTIC } else { FLAG_DETERMINISTIC },
        create: Some(create_strategy::<S>),
        catalogue: Some(take_catalogue::<S>),
        recommend: Some(answer_batch::<S>),
        observe: if learns { Some(learn_events::<S>) } else { None },
        forget: if learns { Some(forget_sessions::<S>) } else { None },
        destroy: Some(destroy_strategy::<S>),
        get_extension: None,
    }
}

/// A panic must not cross into the host.
fn call_guarded(call: impl FnOnce() -> i32) -> i32 {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or(RESULT_FAILED)
}

/// The frame that was passed.
///
/// # Safety
/// `bytes` points to a [`Bytes`] whose memory is readable for `'a`.
unsafe fn read_frame<'a>(bytes: *const Bytes) -> Option<FrameReader<'a>> {
    // SAFETY: `bytes` is null, which gives `None`, or points to a `Bytes` (this function's contract).
    let bytes = unsafe { bytes.as_ref() }?;
    if bytes.data.is_null() {
        return None;
    }
    // SAFETY: `data` is not null, and `length` bytes behind it stay readable and unchanged for `'a` (this
    // function's contract).
    FrameReader::new(unsafe { std::slice::from_raw_parts(bytes.data, bytes.length) }).ok()
}

/// The instance behind the host's pointer.
///
/// # Safety
/// `this` came from [`create_strategy`] of the same `S`, was not destroyed, and no other reference to it is alive: the
/// host calls from one thread.
unsafe fn instance_of<'a, S>(this: *mut c_void) -> Option<&'a mut Instance<S>> {
    // SAFETY: `this` is null, which gives `None`, or the `Box<Instance<S>>` that `create_strategy::<S>` leaked, and is
    // borrowed by nobody else (this function's contract).
    unsafe { this.cast::<Instance<S>>().as_mut() }
}

/// The strategy behind the host's pointer.
///
/// # Safety
/// `this` came from [`create_strategy`] of the same `S`, was not destroyed, and no call of the table runs while the
/// reference is used.
pub(crate) unsafe fn strategy_of<'a, S>(this: *mut c_void) -> Option<&'a S> {
    // SAFETY: this function's contract is that of `instance_of`.
    unsafe { instance_of::<S>(this) }.map(|i| &i.strategy)
}

/// The host, where it is at least as new as this version and so has all that is known here.
///
/// # Safety
/// `host` points to a [`Host`] of which its `size` bytes are readable for `'a`.
unsafe fn known_host<'a>(host: *const Host) -> Option<&'a Host> {
    // SAFETY: every version of a host begins with its size, a `u32` (this function's contract).
    let size = unsafe { host.cast::<u32>().read() };
    // SAFETY: `size` bytes are readable for `'a` (this function's contract), and they are at least a `Host`.
    (size as usize >= size_of::<Host>()).then(|| unsafe { &*host })
}

/// # Safety
/// `host` is null or points to a [`Host`]; `settings` is readable during the call; `out` is null or a place
/// for a pointer.
unsafe extern "C" fn create_strategy<S: Strategy>(
    host: *const Host,
    settings: Bytes,
    out: *mut *mut c_void,
) -> i32 {
    call_guarded(|| {
        if out.is_null() {
            return RESULT_FRAME;
        }
        // SAFETY: `host` is null, which is refused, or points to a `Host`, whose first fields every version has
        // (this function's contract).
        if host.is_null() || unsafe { (*host).abi_major } != ABI_MAJOR {
            return RESULT_ABI;
        }
        // SAFETY: `host` is not null and points to a `Host`, which the caller lends for the call (this function's
        // contract).
        let known = unsafe { known_host(host) };
        // SAFETY: `settings` lies on this call's stack, and what it points to is readable during the call
        // (this function's contract).
        let Some(frame) = (unsafe { read_frame(&raw const settings) }) else {
            return RESULT_FRAME;
        };
        let strategy = match S::create(&Params::new(&frame)) {
            Ok(strategy) => strategy,
            Err(why) => {
                if let Some(explain) = known.and_then(|host| host.explain) {
                    // SAFETY: the host's function reads the words during the call, and they live through it.
                    unsafe { explain(Bytes { data: why.as_ptr(), length: why.len() }) };
                }
                return RESULT_CONFIG;
            }
        };
        let note = known.and_then(|host| host.note);
        let boxed = Box::into_raw(Box::new(Instance { strategy, picks: Picks::default(), note }));
        // SAFETY: `out` is not null, so it is a place for a pointer (this function's contract).
        unsafe { out.write(boxed.cast()) };
        RESULT_OK
    })
}

/// # Safety
/// `this` came from [`create_strategy`] of the same `S`, was not destroyed, and is in no other call; `rows` is null or
/// a frame readable during the call.
unsafe extern "C" fn take_catalogue<S: Strategy>(this: *mut c_void, rows: *const Bytes) -> i32 {
    call_guarded(|| {
        // SAFETY: `this` and `rows` are as `instance_of` and `read_frame` ask (this function's contract); neither
        // reference outlives the call.
        let (Some(instance), Some(frame)) = (unsafe { instance_of::<S>(this) }, unsafe { read_frame(rows) })
        else {
            return RESULT_FRAME;
        };
        instance.strategy.catalogue(&CatalogueRows::new(&frame));
        RESULT_OK
    })
}

/// # Safety
/// As [`take_catalogue`] for `this` and `batch`; `out` is null, or an [`Out`] whose `data` is null or has
/// `capacity` initialised bytes that nobody else uses during the call.
unsafe extern "C" fn answer_batch<S: Strategy>(this: *mut c_void, batch: *const Bytes, out: *mut Out) -> i32 {
    call_guarded(|| {
        // SAFETY: `this` and `batch` are as `instance_of` and `read_frame` ask (this function's contract); neither
        // reference outlives the call.
        let (Some(instance), Some(frame)) = (unsafe { instance_of::<S>(this) }, unsafe { read_frame(batch) })
        else {
            return RESULT_FRAME;
        };
        // SAFETY: `out` is null, which is refused, or an `Out` of this call alone (this function's contract).
        let Some(out) = (unsafe { out.as_mut() }) else {
            return RESULT_FRAME;
        };
        if out.data.is_null() {
            return RESULT_FULL;
        }
        // SAFETY: `data` is not null, so `capacity` initialised bytes stand there that nobody else uses (this
        // function's contract).
        let room = unsafe { std::slice::from_raw_parts_mut(out.data, out.capacity) };
        let columns = Request::columns(&frame);
        let Some(mut writer) = AnswerWriter::new(room) else {
            return RESULT_FULL;
        };
        for row in 0..frame.rows() {
            instance.picks.clear();
            let call = || instance.strategy.recommend(&Request::new(&columns, row), &mut instance.picks);
            let status = if catch_unwind(AssertUnwindSafe(call)).is_ok() { STATUS_OK } else { STATUS_FAILED };
            let picks = if status == STATUS_OK { instance.picks.as_slice() } else { &[] };
            if !writer.push(status, picks) {
                return RESULT_FULL;
            }
            if let Some(note) = instance.note.filter(|_| instance.picks.noted_sentence() != 0) {
                // SAFETY: the host's function takes any number, and the host outlives the plugin.
                unsafe { note(instance.picks.noted_sentence()) };
            }
        }
        out.length = writer.length();
        RESULT_OK
    })
}

/// # Safety
/// As [`take_catalogue`], with `events` for `rows`.
unsafe extern "C" fn learn_events<S: Strategy>(this: *mut c_void, events: *const Bytes) -> i32 {
    call_guarded(|| {
        // SAFETY: `this` and `events` are as `instance_of` and `read_frame` ask (this function's contract); neither
        // reference outlives the call.
        let (Some(instance), Some(frame)) =
            (unsafe { instance_of::<S>(this) }, unsafe { read_frame(events) })
        else {
            return RESULT_FRAME;
        };
        instance.strategy.observe(&Observations::new(&frame));
        RESULT_OK
    })
}

/// # Safety
/// As [`take_catalogue`], with `sessions` for `rows`.
unsafe extern "C" fn forget_sessions<S: Strategy>(this: *mut c_void, sessions: *const Bytes) -> i32 {
    call_guarded(|| {
        // SAFETY: `this` and `sessions` are as `instance_of` and `read_frame` ask (this function's contract); neither
        // reference outlives the call.
        let (Some(instance), Some(frame)) =
            (unsafe { instance_of::<S>(this) }, unsafe { read_frame(sessions) })
        else {
            return RESULT_FRAME;
        };
        let Some(column) = frame.column("session") else {
            return RESULT_FRAME;
        };
        let sessions: Vec<u64> = (0..frame.rows()).filter_map(|row| column.word64_at(row)).collect();
        instance.strategy.forget(&sessions);
        RESULT_OK
    })
}

/// # Safety
/// `this` is null, or came from [`create_strategy`] of the same `S`, was not destroyed, and is in no other call.
unsafe extern "C" fn destroy_strategy<S: Strategy>(this: *mut c_void) {
    let _ = catch_unwind(|| {
        if !this.is_null() {
            // SAFETY: `this` is the box that `create_strategy::<S>` leaked, and this is the only time that it is taken
            // back (this function's contract).
            drop(unsafe { Box::from_raw(this.cast::<Instance<S>>()) });
        }
    });
}

/// Makes a type that implements [`Strategy`] the plugin of its crate: writes the exported table and the
/// manifest.
///
/// `needs` are fields without which the plugin is refused, `may_use` those that it reads where they are
/// granted, `reasons` the codes that [`Picks::add_for`](crate::Picks::add_for) names by their places from 1,
/// `notes` the sentences that [`Picks::note_sentence`](crate::Picks::note_sentence) names likewise, `learns: true` says that it has `observe` and `forget`,
/// `counts_people: true` that it keeps [`Params::people_rule`](crate::Params::people_rule) and so is told whose sessions are whose. `settings` are those that jardin.toml may give, each
/// with its type (`flag`, `number`, `text`, `texts`) and, for a number, its range: `shelf: number (1 to 9)`; a
/// setting that is none of them is refused before the plugin is loaded. Where they are left out nothing is
/// looked at but by `create`. The version is that of the crate.
#[macro_export]
macro_rules! strategy {
    (
        $type:ty, name: $name:literal $(, needs: [$($need:literal),* $(,)?])? $(, may_use: [$($use:literal),* $(,)?])?
        $(, reasons: [$($reason:literal),* $(,)?])? $(, notes: [$($note:literal),* $(,)?])? $(, learns: $learns:literal)?
        $(, counts_people: $people:literal)? $(, settings: { $($setting:ident: $kind:ident $(($least:literal to $most:literal))?),* $(,)? })? $(,)?
    ) => {
        const _: () = {
            const MANIFEST: &str = concat!(
                "manifest = 1\nname = \"", $name, "\"\nversion = \"", env!("CARGO_PKG_VERSION"), "\"\nabi = 1\n",
                "needs = [", $($("\"", $need, "\", ",)*)? "]\n",
                "may_use = [", $($("\"", $use, "\", ",)*)? "]\n",
                "reasons = [", $($("\"", $reason, "\", ",)*)? "]\n",
                "notes = [", $($("\"", $note, "\", ",)*)? "]\n",
                "learns = ", $crate::strategy!(@learns $($learns)?), "\n",
                $("counts_people = ", $people, "\n",)?
                $("[settings]\n", $(
                    stringify!($setting), " = { type = \"", stringify!($kind), "\"",
                    $(", least = ", $least, ", most = ", $most,)? " }\n",
                )*)?
            );

            // SAFETY: the section is of this library's file alone; it holds bytes that nothing runs and no
            // linker gives a meaning to.
            #[used]
            #[unsafe(link_section = ".jardin")]
            static SECTION: [u8; MANIFEST.len()] = {
                let mut bytes = [0; MANIFEST.len()];
                let mut at = 0;
                while at < bytes.len() {
                    bytes[at] = MANIFEST.as_bytes()[at];
                    at += 1;
                }
                bytes
            };

            static TABLE: $crate::abi::Table = $crate::strategy_table::<$type>($crate::strategy!(@learns $($learns)?));

            // SAFETY: a plugin is a library of its own, loaded with RTLD_LOCAL, and has one `strategy!`: no
            // other symbol has this name.
            #[unsafe(no_mangle)]
            extern "C" fn jardin_plugin_entry() -> *const $crate::abi::Table {
                &raw const TABLE
            }
        };
    };
    (@learns) => { false };
    (@learns $learns:literal) => { $learns };
}
