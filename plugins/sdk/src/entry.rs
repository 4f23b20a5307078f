//! The border to C: what [`crate::strategy!`] writes.

use std::{
    ffi::c_void,
    panic::{AssertUnwindSafe, catch_unwind},
};

use jardin_abi::{
    ABI_MAJOR, ABI_MINOR, AnswerWriter, Bytes, FLAG_DETERMINISTIC, FLAG_LEARNS, FrameReader, Host, Out, RESULT_ABI, RESULT_CONFIG,
    RESULT_FAILED, RESULT_FRAME, RESULT_FULL, RESULT_OK, STATUS_FAILED, STATUS_OK, Table,
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
        flags: if learns {
            FLAG_LEARNS | FLAG_DETERMINISTIC
        } else {
            FLAG_DETERMINISTIC
        },
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
    // SAFETY: the caller's promise; a null pointer gives `None`.
    let bytes = unsafe { bytes.as_ref() }?;
    if bytes.data.is_null() {
        return None;
    }
    // SAFETY: the caller's promise.
    FrameReader::new(unsafe { std::slice::from_raw_parts(bytes.data, bytes.length) }).ok()
}

/// The instance behind the host's pointer.
///
/// # Safety
/// `this` came from [`create`] of the same `S`, was not destroyed, and no other reference to it is alive: the host calls from one thread.
unsafe fn instance<'a, S>(this: *mut c_void) -> Option<&'a mut Instance<S>> {
    // SAFETY: the caller's promise.
    unsafe { this.cast::<Instance<S>>().as_mut() }
}

/// The strategy behind the host's pointer.
///
/// # Safety
/// As [`instance`].
pub(crate) unsafe fn strategy_of<'a, S>(this: *mut c_void) -> Option<&'a S> {
    // SAFETY: the caller's promise.
    unsafe { instance::<S>(this) }.map(|i| &i.strategy)
}

unsafe extern "C" fn create<S: Strategy>(host: *const Host, settings: Bytes, out: *mut *mut c_void) -> i32 {
    guarded(|| {
        // SAFETY: the host passes a pointer that is null or valid.
        if unsafe { host.as_ref() }.is_none_or(|h| h.abi_major != ABI_MAJOR) {
            return RESULT_ABI;
        }
        // SAFETY: the host's settings are readable during this call.
        let Some(frame) = (unsafe { frame(&raw const settings) }) else {
            return RESULT_FRAME;
        };
        let Ok(strategy) = S::create(&Params::new(&frame)) else {
            return RESULT_CONFIG;
        };
        let boxed = Box::into_raw(Box::new(Instance {
            strategy,
            picks: Picks::default(),
        }));
        // SAFETY: the host passes a valid place for the pointer.
        unsafe { out.write(boxed.cast()) };
        RESULT_OK
    })
}

unsafe extern "C" fn catalogue<S: Strategy>(this: *mut c_void, rows: *const Bytes) -> i32 {
    guarded(|| {
        // SAFETY: the host passes what `create` gave and a frame readable during this call.
        let (Some(instance), Some(frame)) = (unsafe { instance::<S>(this) }, unsafe { frame(rows) }) else {
            return RESULT_FRAME;
        };
        instance.strategy.catalogue(&CatalogueRows::new(&frame));
        RESULT_OK
    })
}

unsafe extern "C" fn recommend<S: Strategy>(this: *mut c_void, batch: *const Bytes, out: *mut Out) -> i32 {
    guarded(|| {
        // SAFETY: as in `catalogue`.
        let (Some(instance), Some(frame)) = (unsafe { instance::<S>(this) }, unsafe { frame(batch) }) else {
            return RESULT_FRAME;
        };
        // SAFETY: the host passes a valid structure whose room only this call uses.
        let Some(out) = (unsafe { out.as_mut() }) else {
            return RESULT_FRAME;
        };
        // SAFETY: as above.
        let room = unsafe { std::slice::from_raw_parts_mut(out.data, out.capacity) };
        let columns = Request::columns(&frame);
        let Some(mut writer) = AnswerWriter::new(room) else {
            return RESULT_FULL;
        };
        for row in 0..frame.rows() {
            instance.picks.clear();
            let call = || instance.strategy.recommend(&Request::new(&columns, row), &mut instance.picks);
            let status = if catch_unwind(AssertUnwindSafe(call)).is_ok() {
                STATUS_OK
            } else {
                STATUS_FAILED
            };
            let picks = if status == STATUS_OK { instance.picks.as_slice() } else { &[] };
            if !writer.push(status, picks) {
                return RESULT_FULL;
            }
        }
        out.length = writer.length();
        RESULT_OK
    })
}

unsafe extern "C" fn observe<S: Strategy>(this: *mut c_void, events: *const Bytes) -> i32 {
    guarded(|| {
        // SAFETY: as in `catalogue`.
        let (Some(instance), Some(frame)) = (unsafe { instance::<S>(this) }, unsafe { frame(events) }) else {
            return RESULT_FRAME;
        };
        instance.strategy.observe(&Observations::new(&frame));
        RESULT_OK
    })
}

unsafe extern "C" fn forget<S: Strategy>(this: *mut c_void, sessions: *const Bytes) -> i32 {
    guarded(|| {
        // SAFETY: as in `catalogue`.
        let (Some(instance), Some(frame)) = (unsafe { instance::<S>(this) }, unsafe { frame(sessions) }) else {
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

unsafe extern "C" fn destroy<S: Strategy>(this: *mut c_void) {
    let _ = catch_unwind(|| {
        if !this.is_null() {
            // SAFETY: the host destroys once what `create` gave.
            drop(unsafe { Box::from_raw(this.cast::<Instance<S>>()) });
        }
    });
}

/// Makes a type that implements [`Strategy`] the plugin of its crate: writes the exported table and the manifest.
///
/// `needs` are fields without which the plugin is refused, `may_use` those that it reads where they are granted, `reasons` the codes that
/// [`Picks::add_for`](crate::Picks::add_for) names by their places from 1, `learns: true` says that it has `observe` and `forget`.
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

            #[unsafe(no_mangle)]
            extern "C" fn jardin_plugin_entry() -> *const $crate::abi::Table {
                &raw const TABLE
            }
        };
    };
    (@learns) => { false };
    (@learns $learns:literal) => { $learns };
}
