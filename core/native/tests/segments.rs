//! What a file's program headers say counts as its loader takes it, whatever else the file says.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking, and says where it skips"
)]

use std::{path::Path, process::Command};

use jardin_native::PluginFile;

const PT_LOAD: u32 = 1;
const PT_DYNAMIC: u32 = 2;
const SHT_DYNAMIC: u32 = 6;
const DT_STRTAB: u64 = 5;

/// Compiles `code` behind a manifest with these flags; `None`, which is said, where there is no C compiler.
fn built(folder: &Path, name: &str, code: &str, flags: &[&str]) -> Option<Vec<u8>> {
    let (source, library) = (folder.join(format!("{name}.c")), folder.join(format!("lib{name}.so")));
    let manifest = r#"JARDIN_MANIFEST("manifest = 1\nname = \"probe\"\nabi = 1\n")"#;
    std::fs::write(&source, format!("#include \"jardin_plugin.h\"\n{manifest}\n{code}\n")).unwrap();
    let header = concat!("-I", env!("CARGO_MANIFEST_DIR"), "/../../plugins");
    let mut command = Command::new("cc");
    command
        .current_dir(folder)
        .args(["-shared", "-fPIC", header])
        .arg(&source)
        .arg("-o")
        .arg(&library)
        .args(flags);
    let Ok(output) = command.output() else {
        println!("SKIPPED: there is no C compiler `cc`");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(std::fs::read(library).unwrap())
}

/// A library that needs `libother.so`.
fn using(folder: &Path) -> Option<Vec<u8>> {
    built(folder, "other", "int other(void) { return 1; }", &[])?;
    built(folder, "using", "int other(void); int using(void) { return other(); }", &["-L.", "-lother"])
}

#[track_caller]
fn is_refused(bytes: Vec<u8>, phrase: &str) {
    match PluginFile::from_bytes("probe", bytes) {
        Ok(_) => panic!("it was taken"),
        Err(error) => assert!(error.to_string().contains(phrase), "{error}"),
    }
}

fn word(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

fn set(bytes: &mut [u8], at: usize, value: u64) {
    bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
}

/// Where the header of the section of that type begins: `e_shoff` is at 0x28, a header has 64 bytes, its type
/// is at 4.
fn section(bytes: &[u8], kind: u32) -> usize {
    let first = usize::try_from(word(bytes, 0x28)).unwrap();
    (first..bytes.len()).step_by(64).find(|at| bytes[at + 4..at + 8] == kind.to_le_bytes()).unwrap()
}

/// Where the program header of that type begins: `e_phoff` is at 0x20, a header has 56 bytes, its type is at
/// 0, p_offset at 8, p_vaddr at 16, p_filesz at 32, p_memsz at 40.
fn segment(bytes: &[u8], kind: u32) -> usize {
    let first = usize::try_from(word(bytes, 0x20)).unwrap();
    (first..bytes.len()).step_by(56).find(|at| bytes[*at..at + 4] == kind.to_le_bytes()).unwrap()
}

/// Where the entries of the dynamic table are in the file, and how many bytes they have.
fn table(bytes: &[u8]) -> (usize, usize) {
    let header = segment(bytes, PT_DYNAMIC);
    (usize::try_from(word(bytes, header + 8)).unwrap(), usize::try_from(word(bytes, header + 32)).unwrap())
}

#[test]
fn a_second_table_behind_the_section_header_hides_no_library() {
    let folder = tempfile::tempdir().unwrap();
    let Some(mut bytes) = using(folder.path()) else {
        return;
    };
    let (header, end) = (section(&bytes, SHT_DYNAMIC), u64::try_from(bytes.len()).unwrap());
    bytes.extend([0; 16]);
    set(&mut bytes, header + 0x18, end);
    set(&mut bytes, header + 0x20, 16);
    is_refused(bytes, "needs `libother.so`");
}

#[test]
fn a_table_that_says_to_be_empty_is_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let Some(mut bytes) = using(folder.path()) else {
        return;
    };
    let header = segment(&bytes, PT_DYNAMIC);
    set(&mut bytes, header + 32, 0);
    set(&mut bytes, header + 40, 0);
    is_refused(bytes, "needs `libother.so`");
}

#[test]
fn a_table_that_is_said_to_be_elsewhere_in_the_file_is_read_where_it_is_mapped() {
    let folder = tempfile::tempdir().unwrap();
    let Some(mut bytes) = using(folder.path()) else {
        return;
    };
    let (header, end) = (segment(&bytes, PT_DYNAMIC), u64::try_from(bytes.len()).unwrap());
    bytes.extend([0; 16]);
    set(&mut bytes, header + 8, end);
    is_refused(bytes, "needs `libother.so`");
}

/// A loader takes the last of two entries.
#[test]
fn two_tables_of_texts_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let Some(mut bytes) = using(folder.path()) else {
        return;
    };
    let (at, length) = table(&bytes);
    let of = |bytes: &[u8], tag: u64| (at..at + length).step_by(16).find(|entry| word(bytes, *entry) == tag);
    // DT_GNU_HASH, or DT_HASH, becomes a second DT_STRTAB
    let other = of(&bytes, 0x6fff_fef5).or_else(|| of(&bytes, 4)).unwrap();
    set(&mut bytes, other, DT_STRTAB);
    is_refused(bytes, "segments");
}

#[test]
fn segments_of_which_nobody_can_say_what_they_will_hold_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let Some(good) = built(folder.path(), "plain", "", &[]) else {
        return;
    };
    let changed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = good.clone();
        change(&mut bytes);
        bytes
    };
    let (first, dynamic) = (segment(&good, PT_LOAD), segment(&good, PT_DYNAMIC));
    is_refused(changed(&|bytes| set(bytes, first + 40, 1 << 20)), "segments");
    is_refused(changed(&|bytes| set(bytes, first + 40, 1)), "segments");
    is_refused(changed(&|bytes| set(bytes, dynamic + 16, 1 << 40)), "segments");
    is_refused(changed(&|bytes| bytes[dynamic] = 4), "no dynamic section");
    // every tag becomes DT_DEBUG, the closing one's too, so that the table runs out of its segment
    let (at, length) = table(&good);
    is_refused(
        changed(&|bytes| (at..at + length).step_by(16).for_each(|entry| set(bytes, entry, 21))),
        "segments",
    );
}

#[cfg(target_arch = "x86_64")]
#[test]
fn relocated_code_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let code = "__asm__(\".text\\n.quad relocated\\n\"); int relocated = 1;";
    let Some(bytes) = built(folder.path(), "relocated", code, &["-Wl,-z,notext"]) else {
        return;
    };
    is_refused(bytes, "TEXTREL");
}
