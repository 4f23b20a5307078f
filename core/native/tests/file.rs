//! What is seen in a plugin's file before any of its code runs. The files are built by the system's C compiler.
#![cfg(test)]

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use jardin_native::PluginFile;

const MANIFEST: &str = "manifest = 1\\nname = \\\"probe\\\"\\nabi = 1\\n";

/// A folder to build in; `None`, which is said, where there is no C compiler.
fn bench() -> Option<tempfile::TempDir> {
    let found = Command::new("cc")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("SKIPPED: no C compiler `cc`, so that no plugin could be built");
    }
    found.then(|| tempfile::tempdir().unwrap())
}

/// Compiles `code` behind a manifest with these flags.
fn build(folder: &Path, name: &str, code: &str, flags: &[&str]) -> PathBuf {
    let (source, library) = (folder.join(format!("{name}.c")), folder.join(format!("lib{name}.so")));
    let header = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plugins");
    std::fs::write(
        &source,
        format!("#include \"jardin_plugin.h\"\nJARDIN_MANIFEST(\"{MANIFEST}\")\n{code}\n"),
    )
    .unwrap();
    let mut command = Command::new("cc");
    command
        .args(["-shared", "-fPIC", "-I", header])
        .arg(&source)
        .arg("-o")
        .arg(&library)
        .args(flags);
    let output = command.current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    library
}

fn seen(bytes: Vec<u8>) -> Result<PluginFile, String> {
    PluginFile::of_bytes("probe", bytes).map_err(|error| error.to_string())
}

fn refused(library: &Path, because: &str) {
    let error = seen(std::fs::read(library).unwrap()).unwrap_err();
    assert!(error.contains(because), "{error}");
}

#[test]
fn takes_an_ordinary_library() {
    let Some(folder) = bench() else { return };
    let plain = build(folder.path(), "plain", "int plain(void) { return 1; }", &["-Wl,--no-as-needed"]);
    let file = seen(std::fs::read(plain).unwrap()).unwrap();
    assert_eq!(
        (&*file.manifest.name, file.needed.as_slice()),
        ("probe", ["libc.so.6".to_owned()].as_slice())
    );
    let maths = "double sin(double); double maths(double x) { return sin(x); }";
    let maths = build(folder.path(), "maths", maths, &["-Wl,--no-as-needed", "-lm"]);
    assert_eq!(seen(std::fs::read(maths).unwrap()).unwrap().needed, ["libm.so.6", "libc.so.6"]);
}

#[test]
fn refuses_what_would_load_or_run_more_than_itself() {
    let Some(folder) = bench() else { return };
    let at = folder.path();
    build(at, "other", "int other(void) { return 1; }", &[]);
    let using = "int other(void); int using(void) { return other(); }";
    refused(&build(at, "using", using, &["-L.", "-lother"]), "needs `libother.so`");
    refused(&build(at, "search", "", &["-Wl,-rpath,/tmp/elsewhere"]), "RPATH");
    refused(
        &build(at, "old_search", "", &["-Wl,-rpath,/tmp/elsewhere,--disable-new-dtags"]),
        "RPATH",
    );
    refused(&build(at, "stack", "", &["-Wl,-z,execstack"]), "executable stack");
    refused(&build(at, "stands_in", "", &["-Wl,--auxiliary,libother.so"]), "stands in for it");
    refused(&build(at, "watched", "", &["-Wl,--audit,libother.so"]), "watches it");
}

#[cfg(target_arch = "x86_64")]
#[test]
fn refuses_relocated_code() {
    let Some(folder) = bench() else { return };
    let code = "__asm__(\".text\\n.quad relocated\\n\"); int relocated = 1;";
    refused(&build(folder.path(), "relocated", code, &["-Wl,-z,notext"]), "TEXTREL");
}

fn word(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

/// Where the header of the section of that type begins: `e_shoff` is at 0x28, a header has 64 bytes, its type is at 4.
fn section(bytes: &[u8], kind: u32) -> usize {
    let first = usize::try_from(word(bytes, 0x28)).unwrap();
    (first..bytes.len())
        .step_by(64)
        .find(|at| bytes[at + 4..at + 8] == kind.to_le_bytes())
        .unwrap()
}

/// Where the program header of that type begins: `e_phoff` is at 0x20, a header has 56 bytes, its type is at 0.
fn segment(bytes: &[u8], kind: u32) -> usize {
    let first = usize::try_from(word(bytes, 0x20)).unwrap();
    (first..bytes.len())
        .step_by(56)
        .find(|at| bytes[*at..at + 4] == kind.to_le_bytes())
        .unwrap()
}

#[test]
fn section_headers_that_lie_hide_no_library() {
    const SHT_DYNAMIC: u32 = 6;
    let Some(folder) = bench() else { return };
    build(folder.path(), "other", "int other(void) { return 1; }", &[]);
    let using = "int other(void); int using(void) { return other(); }";
    let mut bytes = std::fs::read(build(folder.path(), "using", using, &["-L.", "-lother"])).unwrap();
    // a second table, without an entry, to which the section header points; the loader goes on reading the first
    let header = section(&bytes, SHT_DYNAMIC);
    let empty = u64::try_from(bytes.len()).unwrap();
    bytes.extend([0; 16]);
    bytes[header + 0x18..header + 0x20].copy_from_slice(&empty.to_le_bytes());
    bytes[header + 0x20..header + 0x28].copy_from_slice(&16_u64.to_le_bytes());
    let error = seen(bytes).unwrap_err();
    assert!(error.contains("needs `libother.so`"), "{error}");
}

#[test]
fn refuses_segments_of_which_nobody_can_say_what_they_will_hold() {
    const PT_LOAD: u32 = 1;
    const PT_DYNAMIC: u32 = 2;
    let Some(folder) = bench() else { return };
    let good = std::fs::read(build(folder.path(), "plain", "", &[])).unwrap();
    let changed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = good.clone();
        change(&mut bytes);
        seen(bytes).unwrap_err()
    };
    // p_filesz at 0x20 and p_memsz at 0x28 of a program header; p_vaddr at 0x10
    let first = segment(&good, PT_LOAD);
    let overlapping = changed(&|bytes| bytes[first + 0x28..first + 0x30].copy_from_slice(&(1_u64 << 20).to_le_bytes()));
    let longer_in_the_file = changed(&|bytes| bytes[first + 0x28..first + 0x30].copy_from_slice(&1_u64.to_le_bytes()));
    let table = segment(&good, PT_DYNAMIC);
    let nowhere = changed(&|bytes| bytes[table + 0x10..table + 0x18].copy_from_slice(&(1_u64 << 40).to_le_bytes()));
    let at = usize::try_from(word(&good, table + 8)).unwrap();
    let length = usize::try_from(word(&good, table + 0x20)).unwrap();
    // every entry's tag becomes DT_DEBUG, the closing one's too, so that the table runs on to the end of its segment
    let endless = changed(&|bytes| {
        (at..bytes.len() - 16)
            .step_by(16)
            .take(length / 16)
            .for_each(|entry| bytes[entry] = 21)
    });
    for error in [overlapping, longer_in_the_file, nowhere, endless] {
        assert!(error.contains("segments"), "{error}");
    }
    let none = changed(&|bytes| bytes[table] = 4);
    assert!(none.contains("no dynamic section"), "{none}");
}

#[test]
fn no_cut_of_a_library_is_taken_and_none_panics() {
    let Some(folder) = bench() else { return };
    let good = std::fs::read(build(folder.path(), "plain", "", &[])).unwrap();
    for length in (0..good.len()).step_by(97) {
        assert!(seen(good[..length].to_vec()).is_err(), "{length} of {}", good.len());
    }
}
