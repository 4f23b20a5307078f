//! Looking at a library without running it.

use jardin_abi::{MANIFEST_BYTES, MANIFEST_SECTION};
use object::{
    Architecture, Endianness, Object as _, ObjectSection as _,
    elf::{
        DF_TEXTREL, DT_AUDIT, DT_AUXILIARY, DT_DEPAUDIT, DT_FILTER, DT_FLAGS, DT_NEEDED, DT_RPATH,
        DT_RUNPATH, DT_TEXTREL, ET_DYN, PF_X, PT_GNU_STACK,
    },
    read::elf::{ElfFile64, FileHeader as _, ProgramHeader as _},
};

use super::image::Image;

/// Libraries that a worker has loaded before it is confined; a plugin may need these and no others.
pub(crate) const PRESENT: &[&str] = &[
    "libc.so.6",
    "libm.so.6",
    "libgcc_s.so.1",
    "libdl.so.2",
    "libpthread.so.0",
    // the loader itself; another machine's would be looked for in every folder at each start
    #[cfg(target_arch = "x86_64")]
    "ld-linux-x86-64.so.2",
    #[cfg(target_arch = "aarch64")]
    "ld-linux-aarch64.so.1",
];

#[cfg(target_arch = "x86_64")]
const HERE: Architecture = Architecture::X86_64;
#[cfg(target_arch = "aarch64")]
const HERE: Architecture = Architecture::Aarch64;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const HERE: Architecture = Architecture::Unknown;

/// What a library says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Elf {
    /// The text of the manifest section.
    pub(crate) manifest: String,
    /// The libraries that it needs.
    pub(crate) needed: Vec<String>,
}

/// Reads a library; the error says what is wrong and what to do.
pub(crate) fn read_elf(bytes: &[u8]) -> Result<Elf, String> {
    let broken = |e: object::Error| {
        format!(
            "the file is no ELF file for this machine, or is cut short ({e}); build it as a 64-bit shared object"
        )
    };
    let file = ElfFile64::<Endianness>::parse(bytes).map_err(broken)?;
    let header = file.elf_header();
    let endian = file.endian();
    if file.architecture() != HERE {
        return Err(format!(
            "it is built for {:?} and this machine is {HERE:?}; build it for this machine",
            file.architecture()
        ));
    }
    if header.e_type(endian) != ET_DYN {
        return Err(
            "it is no shared object; build it with `crate-type = [\"cdylib\"]` or `cc -shared -fPIC`"
                .to_owned(),
        );
    }
    if endian != Endianness::Little {
        return Err("its bytes are in the other order; build it for this machine".to_owned());
    }
    let segments = header.program_headers(endian, bytes).map_err(broken)?;
    let needed = needed_libraries(&Image::new(segments, endian, bytes)?)?;
    // where no stack is spoken of, the loader makes an executable one
    let mut stacks = segments.iter().filter(|segment| segment.p_type(endian) == PT_GNU_STACK).peekable();
    if stacks.peek().is_none() || stacks.any(|stack| stack.p_flags(endian).0 & PF_X.0 != 0) {
        return Err("it wants an executable stack; build it with `-z noexecstack`".to_owned());
    }
    let section = file
        .section_by_name(MANIFEST_SECTION)
        .ok_or("it has no section `.jardin`; write `strategy!` (Rust) or `JARDIN_MANIFEST` (C)")?;
    let manifest = section.data().map_err(broken)?;
    if manifest.len() > MANIFEST_BYTES {
        return Err(format!("its manifest is longer than {MANIFEST_BYTES} bytes"));
    }
    let manifest = std::str::from_utf8(manifest).map_err(|_| "its manifest is not UTF-8".to_owned())?;
    Ok(Elf { manifest: manifest.trim_end_matches('\0').to_owned(), needed })
}

/// The libraries that it needs, all of which a worker has; no search path, no relocation of its code.
fn needed_libraries(image: &Image<'_>) -> Result<Vec<String>, String> {
    let mut needed = Vec::new();
    for &(tag, value) in image.dynamic() {
        match tag {
            DT_NEEDED | DT_AUXILIARY | DT_FILTER | DT_AUDIT | DT_DEPAUDIT => needed.push(image.text(value)?),
            DT_RPATH | DT_RUNPATH => {
                return Err("it names a search path (RPATH); build it without `-rpath`".to_owned());
            }
            DT_TEXTREL => return Err(RELOCATED.to_owned()),
            DT_FLAGS if value & DF_TEXTREL.0 != 0 => return Err(RELOCATED.to_owned()),
            _ => {}
        }
    }
    match needed.iter().find(|n| !PRESENT.contains(&n.as_str())) {
        Some(other) => {
            Err(format!("it needs `{other}`, which a worker does not have; {}", instead_of(other)))
        }
        None => Ok(needed),
    }
}

const RELOCATED: &str = "its code is relocated (TEXTREL); build it with `-fPIC`";

/// What to do where a library is needed that a worker does not have.
fn instead_of(library: &str) -> &'static str {
    match library {
        l if l.starts_with("libpython") => {
            "an extension of Python cannot be a plugin; write it in Rust, C, C++ or Zig"
        }
        l if l.starts_with("libgo") => "a library of Go cannot be a plugin; write it in Rust, C, C++ or Zig",
        l if l.starts_with("libssl") || l.starts_with("libcrypto") => {
            "a plugin has no network to use it on; do without"
        }
        l if l.starts_with("libstdc++") || l.starts_with("libc++") => {
            "link it statically: `-static-libstdc++ -static-libgcc`"
        }
        _ => "link it statically, or do without",
    }
}
