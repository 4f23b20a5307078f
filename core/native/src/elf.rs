//! Looking at a library without running it.

use jardin_abi::{MANIFEST_BYTES, MANIFEST_SECTION};
use object::{
    Architecture, Endianness, Object as _, ObjectSection as _,
    elf::{
        DF_TEXTREL, DT_AUDIT, DT_AUXILIARY, DT_DEPAUDIT, DT_FILTER, DT_FLAGS, DT_NEEDED, DT_NULL, DT_RPATH, DT_RUNPATH, DT_STRSZ,
        DT_STRTAB, DT_TEXTREL, Dyn64, DynamicTag, ET_DYN, FileHeader64, PF_X, PT_DYNAMIC, PT_GNU_STACK, PT_LOAD, ProgramHeader64,
    },
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
    let mapped = Mapped::new(header, endian, bytes).map_err(broken)?;
    let needed = needed(&mapped)?;
    no_executable_stack(&mapped)?;
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

/// The file as a loader maps it: section headers play no part in that, and could say something else.
struct Mapped<'a> {
    bytes: &'a [u8],
    endian: Endianness,
    segments: &'a [ProgramHeader64<Endianness>],
}

impl<'a> Mapped<'a> {
    fn new(header: &Header, endian: Endianness, bytes: &'a [u8]) -> object::Result<Self> {
        Ok(Self {
            bytes,
            endian,
            segments: header.program_headers(endian, bytes)?,
        })
    }

    fn of_type(&self, kind: object::elf::ProgramType) -> impl Iterator<Item = &'a ProgramHeader64<Endianness>> {
        let endian = self.endian;
        self.segments.iter().filter(move |s| s.p_type(endian) == kind)
    }

    /// The bytes at an address, which one segment alone must hold.
    fn at(&self, address: u64, size: u64) -> Option<&'a [u8]> {
        let mut held = self
            .of_type(PT_LOAD)
            .filter_map(|s| s.data_range(self.endian, self.bytes, address, size).ok().flatten());
        held.next().filter(|_| held.next().is_none())
    }

    /// The entries for the loader, up to the one that ends them.
    fn dynamic(&self) -> Option<Vec<Dyn64<Endianness>>> {
        let mut segments = self.of_type(PT_DYNAMIC);
        let segment = segments.next().filter(|_| segments.next().is_none())?;
        let bytes = self.at(segment.p_vaddr(self.endian), segment.p_filesz(self.endian))?;
        let entries = object::pod::slice_from_all_bytes::<Dyn64<Endianness>>(bytes).ok()?;
        Some(entries.iter().take_while(|e| e.tag(self.endian) != DT_NULL).copied().collect())
    }

    /// What the loader is told, each with its value, and the texts to which some values point.
    #[expect(clippy::type_complexity, reason = "tags with their values, and the texts that they point into")]
    fn told(&self) -> Option<(Vec<(DynamicTag, u64)>, &'a [u8])> {
        let entries: Vec<_> = self.dynamic()?.iter().map(|e| (e.tag(self.endian), e.val(self.endian))).collect();
        let value = |tag| entries.iter().find(|(t, _)| *t == tag).map(|(_, value)| *value);
        let texts = self.at(value(DT_STRTAB)?, value(DT_STRSZ)?)?;
        Some((entries, texts))
    }
}

/// The text at an offset.
fn text(texts: &[u8], at: u64) -> String {
    let from = usize::try_from(at).ok().and_then(|at| texts.get(at..)).unwrap_or_default();
    String::from_utf8_lossy(from.split(|b| *b == 0).next().unwrap_or_default()).into_owned()
}

/// The libraries that it needs, all of which a worker has; no search path, no relocation of its code.
fn needed(mapped: &Mapped<'_>) -> Result<Vec<String>, String> {
    let (entries, texts) = mapped
        .told()
        .ok_or("it tells the loader nothing that can be read; build it as a shared object, and do not strip its headers")?;
    let mut needed = Vec::new();
    for (tag, value) in entries {
        match tag {
            DT_NEEDED | DT_AUXILIARY | DT_FILTER | DT_AUDIT | DT_DEPAUDIT => needed.push(text(texts, value)),
            DT_RPATH | DT_RUNPATH => return Err("it names a search path (RPATH); build it without `-rpath`".to_owned()),
            DT_TEXTREL => return Err(RELOCATED.to_owned()),
            DT_FLAGS if value & DF_TEXTREL.0 != 0 => return Err(RELOCATED.to_owned()),
            _ => {}
        }
    }
    match needed.iter().find(|n| !PRESENT.contains(&n.as_str())) {
        Some(other) => Err(format!("it needs `{other}`, which a worker does not have; {}", instead_of(other))),
        None => Ok(needed),
    }
}

const RELOCATED: &str = "its code is relocated (TEXTREL); build it with `-fPIC`";

/// What to do where a library is needed that a worker does not have.
fn instead_of(library: &str) -> &'static str {
    match library {
        l if l.starts_with("libpython") => "an extension of Python cannot be a plugin; write it in Rust, C, C++ or Zig",
        l if l.starts_with("libgo") => "a library of Go cannot be a plugin; write it in Rust, C, C++ or Zig",
        l if l.starts_with("libssl") || l.starts_with("libcrypto") => "a plugin has no network to use it on; do without",
        l if l.starts_with("libstdc++") || l.starts_with("libc++") => "link it statically: `-static-libstdc++ -static-libgcc`",
        _ => "link it statically, or do without",
    }
}

/// A file that does not say is given an executable stack by the loader, as one that asks for it.
fn no_executable_stack(mapped: &Mapped<'_>) -> Result<(), String> {
    let mut stacks = mapped.of_type(PT_GNU_STACK).map(|s| s.p_flags(mapped.endian));
    match stacks.next() {
        Some(flags) if flags.0 & PF_X.0 == 0 && stacks.next().is_none() => Ok(()),
        _ => Err("it wants an executable stack; build it with `-z noexecstack`".to_owned()),
    }
}
