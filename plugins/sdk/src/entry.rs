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
}

/// The table of a strategy; [`crate::strategy!`] gives it to the host.
#[must_use]
pub const fn table<S: Strategy>(learns: bool) -> Table {
    Table {
        size: size_of::<Table>() as u32,
        abi_major: ABI_MAJOR,
        abi_minor: ABI_MINOR,
        flags: if learns { FLAG_LEARNS | FLAG_DETERMINISTIC } else { FLAG_DETERMINISTIC },
        create: Some(create::<S>),
        catalogue: Some(catalogue::<S>),
        recommend: Some(recommend::<S>),
        observe: if learns { Some(observe::<S>) } else { None },
        forget: if learns { Some(forget::<S>) } else { None },
        destroy: Some(destroy::<S>),
        get_extension: None,
    }
}

/// A panic must not cross into the host.
fn guarded(call: impl FnOnce() -> i32) -> i32 {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or(RESULT_FAILED)
}

/// The frame that was passed.
///
/// # Safety
/// `bytes` points to a [`Bytes`] whose memory is readable for `'a`.
unsafe fn frame<'a>(bytes: *const Bytes) -> Option<FrameReader<'a>> {
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
/// `this` came from [`create`] of the same `S`, was not destroyed, and no other reference to it is alive: the
/// host calls from one thread.
unsafe fn instance<'a, S>(this: *mut c_void) -> Option<&'a mut Instance<S>> {
    // SAFETY: `this` is null, which gives `None`, or the `Box<Instance<S>>` that `create::<S>` leaked, and is
    // borrowed by nobody else (this function's contract).
    unsafe { this.cast::<Instance<S>>().as_mut() }
}

/// The strategy behind the host's pointer.
///
/// # Safety
/// `this` came from [`create`] of the same `S`, was not destroyed, and no call of the table runs while the
/// reference is used.
pub(crate) unsafe fn strategy_of<'a, S>(this: *mut c_void) -> Option<&'a S> {
    // SAFETY: this function's contract is that of `instance`.
    unsafe { instance::<S>(this) }.map(|i| &i.strategy)
}

/// # Safety
/// `host` is null or points to a [`Host`]; `settings` is readable during the call; `out` is null or a place
/// for a pointer.
unsafe extern "C" fn create<S: Strategy>(host: *const Host, settings: Bytes, out: *mut *mut c_void) -> i32 {
    guarded(|| {
        if out.is_null() {
            return RESULT_FRAME;
        }
        // SAFETY: `host` is null, which is refused, or points to a `Host` (this function's contract).
        if unsafe { host.as_ref() }.is_none_or(|h| h.abi_major != ABI_MAJOR) {
            return RESULT_ABI;
        }
        // SAFETY: `settings` lies on this call's stack, and what it points to is readable during the call
        // (this function's contract).
        let Some(frame) = (unsafe { frame(&raw const settings) }) else {
            return RESULT_FRAME;
        };
        let Ok(strategy) = S::create(&Params::new(&frame)) else {
            return RESULT_CONFIG;
        };
        let boxed = Box::into_raw(Box::new(Instance { strategy, picks: Picks::default() }));
        // SAFETY: `out` is not null, so it is a place for a pointer (this function's contract).
        unsafe { out.write(boxed.cast()) };
        RESULT_OK
    })
}

/// # Safety
/// `this` came from [`create`] of the same `S`, was not destroyed, and is in no other call; `rows` is null or
/// a frame readable during the call.
unsafe extern "C" fn catalogue<S: Strategy>(this: *mut c_void, rows: *const Bytes) -> i32 {
    guarded(|| {
        // SAFETY: `this` and `rows` are as `instance` and `frame` ask (this function's contract); neither
        // reference outlives the call.
        let (Some(instance), Some(frame)) = (unsafe { instance::<S>(this) }, unsafe { frame(rows) }) else {
            return RESULT_FRAME;
        };
        instance.strategy.catalogue(&CatalogueRows::new(&frame));
        RESULT_OK
    })
}

/// # Safety
/// As [`catalogue`] for `this` and `batch`; `out` is null, or an [`Out`] whose `data` is null or has
/// `capacity` initialised bytes that nobody else uses during the call.
unsafe extern "C" fn recommend<S: Strategy>(this: *mut c_void, batch: *const Bytes, out: *mut Out) -> i32 {
    guarded(|| {
        // SAFETY: `this` and `batch` are as `instance` and `frame` ask (this function's contract); neither
        // reference outlives the call.
        let (Some(instance), Some(frame)) = (unsafe { instance::<S>(this) }, unsafe { frame(batch) }) else {
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
        }
        out.length = writer.length();
        RESULT_OK
    })
}

/// # Safety
/// As [`catalogue`], with `events` for `rows`.
unsafe extern "C" fn observe<S: Strategy>(this: *mut c_void, events: *const Bytes) -> i32 {
    guarded(|| {
        // SAFETY: `this` and `events` are as `instance` and `frame` ask (this function's contract); neither
        // reference outlives the call.
        let (Some(instance), Some(frame)) = (unsafe { instance::<S>(this) }, unsafe { frame(events) }) else {
            return RESULT_FRAME;
        };
        instance.strategy.observe(&Observations::new(&frame));
        RESULT_OK
    })
}

/// # Safety
/// As [`catalogue`], with `sessions` for `rows`.
unsafe extern "C" fn forget<S: Strategy>(this: *mut c_void, sessions: *const Bytes) -> i32 {
    guarded(|| {
        // SAFETY: `this` and `sessions` are as `instance` and `frame` ask (this function's contract); neither
        // reference outlives the call.
        let (Some(instance), Some(frame)) = (unsafe { instance::<S>(this) }, unsafe { frame(sessions) })
        else {
            return RESULT_FRAME;
        };
        let Some(column) = frame.column("session") else {
            return RESULT_FRAME;
        };
        let sessions: Vec<u64> = (0..frame.rows()).filter_map(|row| column.word64(row)).collect();
        instance.strategy.forget(&sessions);
        RESULT_OK
    })
}

/// # Safety
/// `this` is null, or came from [`create`] of the same `S`, was not destroyed, and is in no other call.
unsafe extern "C" fn destroy<S: Strategy>(this: *mut c_void) {
    let _ = catch_unwind(|| {
        if !this.is_null() {
            // SAFETY: `this` is the box that `create::<S>` leaked, and this is the only time that it is taken
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
/// `learns: true` says that it has `observe` and `forget`.
#[macro_export]
macro_rules! strategy {
    (
        $type:ty, name: $name:literal $(, needs: [$($need:literal),* $(,)?])? $(, may_use: [$($use:literal),* $(,)?])?
        $(, reasons: [$($reason:literal),* $(,)?])? $(, learns: $learns:literal)? $(,)?
    ) => {
        const _: () = {
            const MANIFEST: &str = concat!(
                "manifest = 1\nname = \"", $name, "\"\nabi = 1\n",
                "needs = [", $($("\"", $need, "\", ",)*)? "]\n",
                "may_use = [", $($("\"", $use, "\", ",)*)? "]\n",
                "reasons = [", $($("\"", $reason, "\", ",)*)? "]\n",
                "learns = ", $crate::strategy!(@learns $($learns)?), "\n",
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

            static TABLE: $crate::abi::Table = $crate::table::<$type>($crate::strategy!(@learns $($learns)?));

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
