//! What a library will be in memory. The loader goes by segments alone: section headers are hints, and a
//! hostile file can let them lie.

use object::{
    Endianness,
    elf::{DT_NULL, DT_STRTAB, DynamicTag, PT_DYNAMIC, PT_LOAD, ProgramHeader64},
    read::elf::ProgramHeader as _,
};

/// The smallest page of any machine that is known here; a segment occupies whole pages.
const PAGE: u64 = 4096;
/// Bytes of an entry of the dynamic table.
const ENTRY: usize = 16;

type Segment = ProgramHeader64<Endianness>;

/// A library as the loader will map it.
pub(crate) struct Image<'a> {
    /// Addresses and bytes of the mapped segments, in ascending order, no two on one page.
    loaded: Vec<(u64, &'a [u8])>,
    /// The entries of the dynamic table, tag and value, up to its end.
    entries: Vec<(DynamicTag, u64)>,
    /// Where the texts of the table will stand.
    texts: u64,
}

impl<'a> Image<'a> {
    /// Maps the segments of a library; the error says what is wrong.
    pub(crate) fn new(segments: &[Segment], endian: Endianness, bytes: &'a [u8]) -> Result<Self, String> {
        let mut loaded = Vec::new();
        let mut free = 0;
        for segment in segments.iter().filter(|segment| segment.p_type(endian) == PT_LOAD) {
            let (start, length) = (segment.p_vaddr(endian), segment.p_memsz(endian));
            let end = start
                .checked_add(length)
                .and_then(|end| end.checked_next_multiple_of(PAGE))
                .ok_or_else(broken)?;
            // what stands in the page of a later segment is the later one's: nobody can say what will be
            // there
            if start - start % PAGE < free || segment.p_filesz(endian) > length {
                return Err(broken());
            }
            free = end;
            loaded.push((start, segment.data(endian, bytes).map_err(|()| broken())?));
        }
        let mut tables = segments
            .iter()
            .filter(|segment| segment.p_type(endian) == PT_DYNAMIC)
            .map(|segment| segment.p_vaddr(endian));
        match (tables.next(), tables.next()) {
            (Some(table), None) => {
                let entries = entries(at(&loaded, table).ok_or_else(broken)?)?;
                let texts = entries
                    .iter()
                    .filter(|(tag, _)| *tag == DT_STRTAB)
                    .map(|(_, address)| *address)
                    .collect::<Vec<_>>();
                let [texts] = *texts else { return Err(broken()) };
                Ok(Self { loaded, entries, texts })
            }
            (None, _) => Err("it has no dynamic section; build it as a shared object".to_owned()),
            (Some(_), Some(_)) => Err(broken()),
        }
    }

    /// The entries of the dynamic table, tag and value.
    pub(crate) fn dynamic(&self) -> &[(DynamicTag, u64)] {
        &self.entries
    }

    /// The text at an offset of the string table.
    pub(crate) fn text(&self, offset: u64) -> Result<String, String> {
        let bytes = self
            .texts
            .checked_add(offset)
            .and_then(|address| at(&self.loaded, address))
            .ok_or_else(broken)?;
        let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
        Ok(String::from_utf8_lossy(text).into_owned())
    }
}

/// The bytes from an address to the end of its segment.
fn at<'a>(loaded: &[(u64, &'a [u8])], address: u64) -> Option<&'a [u8]> {
    let inside =
        |(start, bytes): &(u64, &'a [u8])| bytes.get(usize::try_from(address.checked_sub(*start)?).ok()?..);
    loaded.iter().find_map(inside)
}

/// The entries of a dynamic table, which ends with an entry of its own and not with its section.
fn entries(mut table: &[u8]) -> Result<Vec<(DynamicTag, u64)>, String> {
    let mut entries = Vec::new();
    loop {
        let (entry, after) = table.split_first_chunk::<ENTRY>().ok_or_else(broken)?;
        let word =
            |at: usize| entry.get(at..).and_then(|word| word.first_chunk().copied()).unwrap_or_default();
        let (tag, value) = (DynamicTag(i64::from_le_bytes(word(0))), u64::from_le_bytes(word(8)));
        if tag == DT_NULL {
            return Ok(entries);
        }
        entries.push((tag, value));
        table = after;
    }
}

fn broken() -> String {
    "its segments are not those of a shared object, or are cut short; build it with an ordinary linker"
        .to_owned()
}
