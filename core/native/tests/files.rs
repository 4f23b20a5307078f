//! Files that are no plugin for this machine: each is refused with what is wrong and what to do, and none is
//! loaded half.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says where it skips"
)]

use std::{path::Path, process::Command};

use jardin_native::PluginFile;

const SOURCE: &str = r#"
#include "jardin_plugin.h"
#ifndef MANIFEST
#define MANIFEST "manifest = 1\nname = \"tried\"\nabi = 1\nneeds = [\"item.price\"]\nreasons = [\"good_deal\"]\nlearns = false\n"
#endif
#ifndef BARE
JARDIN_MANIFEST(MANIFEST)
#endif
const jardin_contract *jardin_plugin_entry(void) { return 0; }
"#;

/// Builds the source with these flags; `None` where there is no C compiler, which is said.
fn built(flags: &[&str]) -> Option<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let (source, out) = (folder.path().join("tried.c"), folder.path().join("libtried.so"));
    std::fs::write(&source, SOURCE).unwrap();
    // libraries of other languages, as far as a loader knows them: their name
    for library in ["ssl.so.3", "python3.12.so.1.0", "go.so.22", "stdc++.so.6"] {
        let name = format!("lib{library}");
        let soname = format!("-Wl,-soname,{name}");
        compile(&["-shared", "-fPIC", "-xc", "/dev/null", &soname, "-o"], &folder.path().join(&name))?;
    }
    let include = format!("-I{}/../../plugins", env!("CARGO_MANIFEST_DIR"));
    let found = format!("-L{}", folder.path().display());
    let mut arguments = vec!["-fPIC", "-Wl,--no-as-needed", &include, &found, source.to_str().unwrap()];
    arguments.extend(flags);
    arguments.push("-o");
    compile(&arguments, &out)?;
    Some(std::fs::read(out).unwrap())
}

fn compile(arguments: &[&str], out: &Path) -> Option<()> {
    let Ok(built) = Command::new("cc").args(arguments).arg(out).output() else {
        println!("SKIPPED: there is no C compiler `cc`");
        return None;
    };
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    Some(())
}

fn refusal(bytes: Vec<u8>) -> String {
    match PluginFile::from_bytes("tried", bytes) {
        Ok(_) => panic!("it was taken"),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn is_refused(bytes: Vec<u8>, phrases: &[&str]) {
    let said = refusal(bytes);
    for phrase in phrases {
        assert!(said.contains(phrase), "`{phrase}` is not in: {said}");
    }
}

#[test]
fn a_good_file_says_what_it_is() {
    let Some(bytes) = built(&["-shared"]) else { return };
    let file = PluginFile::from_bytes("tried", bytes).unwrap();
    assert_eq!(&*file.manifest.name, "tried");
    assert_eq!(file.manifest.needs, ["item.price".parse().unwrap()]);
    assert_eq!(file.needed, ["libc.so.6"]);
}

#[test]
fn another_machines_file_is_refused() {
    let Some(good) = built(&["-shared"]) else { return };
    // e_machine stands at 18: 0x3e is x86-64, 0xb7 64-bit Arm, 0xf3 RISC-V (the ELF specification)
    let mut other = good.clone();
    other[18] = 0xf3;
    is_refused(other, &["Riscv64", "build it for this machine"]);
    // the class at 4: 1 is a 32-bit file
    let mut small = good.clone();
    small[4] = 1;
    is_refused(small, &["build it as a 64-bit shared object"]);
    is_refused(b"MZ\x90\0".to_vec(), &["no ELF file"]);
    is_refused(Vec::new(), &["no ELF file"]);
    is_refused(
        built(&["-DPROGRAM", "-Dmain=main", "-nostartfiles", "-no-pie", "-Wl,-e,jardin_plugin_entry"])
            .unwrap(),
        &["no shared object"],
    );
}

#[test]
fn libraries_that_a_worker_does_not_have_are_refused_by_name() {
    for (flag, phrases) in [
        ("-l:libssl.so.3", &["`libssl.so.3`", "no network"][..]),
        ("-l:libpython3.12.so.1.0", &["`libpython3.12.so.1.0`", "extension of Python"]),
        ("-l:libgo.so.22", &["`libgo.so.22`", "library of Go"]),
        ("-l:libstdc++.so.6", &["`libstdc++.so.6`", "-static-libstdc++"]),
    ] {
        let Some(bytes) = built(&["-shared", flag]) else {
            return;
        };
        is_refused(bytes, phrases);
    }
}

#[test]
fn what_a_loader_would_do_beyond_loading_is_refused() {
    for (flags, phrases) in [
        (&["-shared", "-Wl,-rpath,/tmp"][..], &["RPATH", "-rpath"][..]),
        (&["-shared", "-Wl,-rpath,/tmp,--disable-new-dtags"], &["RPATH"]),
        (&["-shared", "-z", "execstack"], &["executable stack", "-z noexecstack"]),
        (&["-shared", "-Wl,-f,libssl.so.3"], &["`libssl.so.3`"]),
        (&["-shared", "-Wl,-F,libssl.so.3"], &["`libssl.so.3`"]),
        (&["-shared", "-Wl,--audit,libssl.so.3"], &["`libssl.so.3`"]),
        (&["-shared", "-DBARE"], &["no section `.jardin`", "JARDIN_MANIFEST"]),
        (&["-shared", "-DMANIFEST=\"manifest = 1\\n\""], &["`name`", "`abi`"]),
        (&["-shared", "-DMANIFEST=\"\\xff\""], &["not UTF-8"]),
    ] {
        let Some(bytes) = built(flags) else { return };
        is_refused(bytes, phrases);
    }
}

/// A loader does not look at section headers, so that a file may lie in them.
#[test]
fn what_a_section_header_hides_is_found() {
    let Some(mut bytes) = built(&["-shared", "-l:libssl.so.3"]) else {
        return;
    };
    let word = |bytes: &[u8], at: usize, length: usize| {
        bytes[at..at + length].iter().rev().fold(0_usize, |n, b| n << 8 | usize::from(*b))
    };
    // the ELF header: e_shoff at 40, e_shentsize at 58, e_shnum at 60; a section header: sh_type at 4,
    // sh_size at 32; SHT_DYNAMIC is 6
    let (start, size, count) = (word(&bytes, 40, 8), word(&bytes, 58, 2), word(&bytes, 60, 2));
    let dynamic = (0..count).map(|n| start + n * size).find(|at| word(&bytes, at + 4, 4) == 6).unwrap();
    bytes[dynamic + 32..dynamic + 40].fill(0);
    is_refused(bytes, &["`libssl.so.3`"]);
}

#[test]
fn a_file_that_is_cut_short_is_refused() {
    let Some(good) = built(&["-shared"]) else { return };
    for length in (0..good.len()).step_by(61) {
        let said = refusal(good[..length].to_vec());
        assert!(said.contains("build it") || said.contains("write `strategy!`"), "{length}: {said}");
    }
}

#[test]
fn changed_bytes_never_end_the_host() {
    let Some(good) = built(&["-shared"]) else { return };
    // a generator of Knuth's (MMIX), so that the same files are tried each time
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for _ in 0..5_000 {
        let mut bytes = good.clone();
        for _ in 0..=next(3) {
            // headers and dynamic entries, at the beginning and the end, are where changes matter
            let at = if next(2) == 0 { next(1024) } else { bytes.len() - 1 - next(3000) };
            bytes[at] = [0, 1, 0x7f, 0x80, 0xff, u8::try_from(next(256)).unwrap()][next(6)];
        }
        let _ = PluginFile::from_bytes("tried", bytes);
    }
}
