//! Looking at a library without running it.

use jardin_abi::{MANIFEST_BYTES, MANIFEST_SECTION};
use object::{
    Architecture, Endianness, Object as _, ObjectSection as _,
    elf::{DF_TEXTREL, DT_FLAGS, DT_NEEDED, DT_RPATH, DT_RUNPATH, DT_TEXTREL, ET_DYN, FileHeader64, PF_X, PT_GNU_STACK},
    read::elf::{Dyn as _, ElfFile64, FileHeader as _, ProgramHeader as _},
};

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
pub(crate) fn read(bytes: &[u8]) -> Result<Elf, String> {
    let broken =
        |e: object::Error| format!("the file is no ELF file for this machine, or is cut short ({e}); build it as a 64-bit shared object");
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
        return Err("it is no shared object; build it with `crate-type = [\"cdylib\"]` or `cc -shared -fPIC`".to_owned());
    }
    let needed = needed(header, endian, bytes).map_err(broken)??;
    no_executable_stack(header, endian, bytes).map_err(broken)??;
    let section = file
        .section_by_name(MANIFEST_SECTION)
        .ok_or("it has no section `.jardin`; write `strategy!` (Rust) or `JARDIN_MANIFEST` (C)")?;
    let manifest = section.data().map_err(broken)?;
    if manifest.len() > MANIFEST_BYTES {
        return Err(format!("its manifest is longer than {MANIFEST_BYTES} bytes"));
    }
    let manifest = std::str::from_utf8(manifest).map_err(|_| "its manifest is not UTF-8".to_owned())?;
    Ok(Elf {
        manifest: manifest.trim_end_matches('\0').to_owned(),
        needed,
    })
}

type Header = FileHeader64<Endianness>;

/// The libraries that it needs, all of which a worker has; no search path, no relocation of its code.
fn needed(header: &Header, endian: Endianness, bytes: &[u8]) -> object::Result<Result<Vec<String>, String>> {
    let sections = header.sections(endian, bytes)?;
    let Some((entries, link)) = sections.dynamic(endian, bytes)? else {
        return Ok(Err("it has no dynamic section; build it as a shared object".to_owned()));
    };
    let strings = sections.strings(endian, bytes, link)?;
    let mut needed = Vec::new();
    for entry in entries {
        let value = entry.d_val(endian);
        match entry.tag(endian) {
            DT_NEEDED => {
                let name = u32::try_from(value).ok().and_then(|at| strings.get(at).ok()).unwrap_or_default();
                needed.push(String::from_utf8_lossy(name).into_owned());
            }
            DT_RPATH | DT_RUNPATH => return Ok(Err("it names a search path (RPATH); build it without `-rpath`".to_owned())),
            DT_TEXTREL => return Ok(Err("its code is relocated (TEXTREL); build it with `-fPIC`".to_owned())),
            DT_FLAGS if value & DF_TEXTREL.0 != 0 => {
                return Ok(Err("its code is relocated (TEXTREL); build it with `-fPIC`".to_owned()));
            }
            _ => {}
        }
    }
    if let Some(other) = needed.iter().find(|n| !PRESENT.contains(&n.as_str())) {
        let what =
            format!("it needs `{other}`, which a worker does not have; link it statically (C++: `-static-libstdc++`), or do without");
        return Ok(Err(what));
    }
    Ok(Ok(needed))
}

fn no_executable_stack(header: &Header, endian: Endianness, bytes: &[u8]) -> object::Result<Result<(), String>> {
    let stacks = header
        .program_headers(endian, bytes)?
        .iter()
        .filter(|p| p.p_type(endian) == PT_GNU_STACK);
    let executable = stacks.map(|p| p.p_flags(endian)).any(|flags| flags.0 & PF_X.0 != 0);
    Ok(if executable {
        Err("it wants an executable stack; build it with `-z noexecstack`".to_owned())
    } else {
        Ok(())
    })
}
