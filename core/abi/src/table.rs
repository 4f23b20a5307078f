//! The table of functions that a plugin gives to its host.

use core::ffi::{c_char, c_void};

/// The major version: a host and a plugin with different ones do not work together.
pub const ABI_MAJOR: u16 = 1;
/// The minor version: grows with each appended field, column or column type.
pub const ABI_MINOR: u16 = 2;

/// The one symbol that a plugin exports: an [`Entry`].
pub const ENTRY_SYMBOL: &[u8] = b"jardin_plugin_entry\0";
/// The ELF section that holds the manifest.
pub const MANIFEST_SECTION: &str = ".jardin";
/// The longest manifest, in bytes.
pub const MANIFEST_BYTES: usize = 16 << 10;

/// How many bytes of a plugin's words are heard.
pub const WORDS_BYTES: usize = 1_000;

/// The plugin learns: it has `observe` and `forget`.
pub const FLAG_LEARNS: u64 = 1;
/// The same state and frame give the same answer.
pub const FLAG_DETERMINISTIC: u64 = 2;

/// It went well.
pub const RESULT_OK: i32 = 0;
/// The plugin failed by its own fault, a panic included.
pub const RESULT_FAILED: i32 = 1;
/// The frame breaks the layout.
pub const RESULT_FRAME: i32 = 2;
/// The answer does not fit into the room given.
pub const RESULT_FULL: i32 = 3;
/// The settings are not usable.
pub const RESULT_CONFIG: i32 = 4;
/// The other side is of another major version.
pub const RESULT_ABI: i32 = 5;

/// Borrowed bytes: valid for the duration of the call that passes them, owned by the caller.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Bytes {
    /// The first byte; may be null where `length` is 0. Frames begin at a multiple of 64.
    pub data: *const u8,
    /// How many bytes.
    pub length: usize,
}

/// Room for an answer: owned by the host, written by the plugin during one call.
#[repr(C)]
#[derive(Debug)]
pub struct Out {
    /// The first byte of the room; at a multiple of 64.
    pub data: *mut u8,
    /// How many bytes there are.
    pub capacity: usize,
    /// How many bytes the plugin wrote.
    pub length: usize,
}

/// What a host tells a plugin about itself. It lives as long as the plugin.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Host {
    /// The size of this structure, in bytes.
    pub size: u32,
    /// The host's major version.
    pub abi_major: u16,
    /// The host's minor version.
    pub abi_minor: u16,
    /// Since 1.1. Says in words, UTF-8, why `create` refuses its settings; for whoever runs the shop. It is
    /// heard while `create` runs, when no data of the shop is there yet, and the first [`WORDS_BYTES`] bytes of
    /// it. Null where nobody listens.
    pub explain: Option<unsafe extern "C" fn(Bytes)>,
    /// Since 1.1. Says that the sentence at a place, from 1, in the manifest's `notes` holds; for whoever runs the
    /// shop. The first of a call is heard, and one a minute is told: a plugin tells no value by it. Null where
    /// nobody listens.
    pub note: Option<unsafe extern "C" fn(u32)>,
}

impl Host {
    /// This version's host, which hears words and notes by these functions.
    #[must_use]
    pub const fn current(
        explain: Option<unsafe extern "C" fn(Bytes)>,
        note: Option<unsafe extern "C" fn(u32)>,
    ) -> Self {
        Self { size: size_of::<Self>() as u32, abi_major: ABI_MAJOR, abi_minor: ABI_MINOR, explain, note }
    }
}

/// The table of functions. It lives as long as the plugin is loaded. All functions are called from one
/// thread, one after the other; none may keep a pointer that it was passed. Each gives a `RESULT_*` number.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// The size of this structure as the plugin knows it, in bytes.
    pub size: u32,
    /// The plugin's major version.
    pub abi_major: u16,
    /// The plugin's minor version.
    pub abi_minor: u16,
    /// `FLAG_*` bits.
    pub flags: u64,
    /// Makes a strategy from its settings, a frame of kind settings with one row; writes it to the third
    /// argument.
    pub create: Option<unsafe extern "C" fn(*const Host, Bytes, *mut *mut c_void) -> i32>,
    /// Takes rows of the catalogue: upserts and removals of granted columns.
    pub catalogue: Option<unsafe extern "C" fn(*mut c_void, *const Bytes) -> i32>,
    /// Answers a batch of requests, in their order.
    pub recommend: Option<unsafe extern "C" fn(*mut c_void, *const Bytes, *mut Out) -> i32>,
    /// Learns from events. Null where the plugin does not learn.
    pub observe: Option<unsafe extern "C" fn(*mut c_void, *const Bytes) -> i32>,
    /// Forgets sessions, exactly. Required with `observe`.
    pub forget: Option<unsafe extern "C" fn(*mut c_void, *const Bytes) -> i32>,
    /// Ends a strategy.
    pub destroy: Option<unsafe extern "C" fn(*mut c_void)>,
    /// Gives an optional table by its name, or null.
    pub get_extension: Option<unsafe extern "C" fn(*mut c_void, *const c_char) -> *const c_void>,
}

/// The type of the exported symbol.
pub type Entry = unsafe extern "C" fn() -> *const Table;

const _: () = {
    assert!(size_of::<Bytes>() == 16 && align_of::<Bytes>() == 8);
    assert!(size_of::<Out>() == 24 && align_of::<Out>() == 8);
    assert!(size_of::<Host>() == 24 && core::mem::offset_of!(Host, explain) == 8);
    assert!(size_of::<Table>() == 72 && align_of::<Table>() == 8);
    assert!(core::mem::offset_of!(Table, flags) == 8 && core::mem::offset_of!(Table, create) == 16);
    assert!(
        core::mem::offset_of!(Table, recommend) == 32 && core::mem::offset_of!(Table, get_extension) == 64
    );
};
