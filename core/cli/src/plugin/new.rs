//! `jardin plugin new`: the folder of a plugin that builds, and passes its own test, as it is.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};

use crate::print;

/// The examples of the documentation, which its tests build and ask.
const RUST_EXAMPLE: &str = include_str!("../../../../examples/plugins/cheapest/src/lib.rs");
const C_EXAMPLE: &str = include_str!("../../../../examples/plugins/newest.c");
const HEADER: &str = include_str!("../../../../plugins/jardin_plugin.h");

/// Write the folder of a new plugin, in Rust or in C
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin plugin new my_plugin --sdk jardin/plugins/sdk\n\
                        Example: jardin plugin new my_plugin --c\n\
                        Exit code: 0 it is written, 2 it cannot be")]
pub(crate) struct NewArgs {
    /// The plugin's name, such as my_plugin; the folder is called so as well
    name: String,
    /// Write it in C
    #[arg(long)]
    c: bool,
    /// The folder of the SDK, `plugins/sdk` of Jardin's source
    #[arg(long, value_name = "DIR", required_unless_present = "c")]
    sdk: Option<PathBuf>,
}

/// Writes the folder.
///
/// # Errors
/// Where the name is not one of a plugin, the folder is there already, or a file cannot be written.
pub(crate) fn run(args: &NewArgs) -> anyhow::Result<ExitCode> {
    check_name(&args.name)?;
    let folder = Path::new(&args.name);
    if folder.exists() {
        bail!("`{}` is there already; choose another name", args.name);
    }
    let (files, build) = match &args.sdk {
        Some(sdk) if !args.c => {
            (rust_files(&args.name, sdk)?, "cargo test && cargo build --release".to_owned())
        }
        _ => {
            (c_files(&args.name), format!("cc -shared -fPIC -O2 -Wall -Wextra -o lib{0}.so {0}.c", args.name))
        }
    };
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))
            .and_then(|()| fs::write(&path, text))
            .with_context(|| format!("`{}` cannot be written", path.display()))?;
    }
    print::line(&format!("{} is written. Build it there:\n  {build}", args.name));
    print::line(
        "Then look at it and try it:\n  jardin plugin inspect FILE --shop SHOP\n  jardin plugin try FILE --shop SHOP",
    );
    Ok(ExitCode::SUCCESS)
}

/// It becomes part of a file's name, of a symbol and of a manifest.
fn check_name(name: &str) -> anyhow::Result<()> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(is_plain) {
        return Ok(());
    }
    bail!("`{name}` is not a plugin's name; write small letters, digits and `_`, a letter first: my_plugin")
}

fn rust_files(name: &str, sdk: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let sdk = sdk.canonicalize().ok().filter(|sdk| sdk.join("Cargo.toml").is_file()).with_context(|| {
        format!("`{}` is not the folder of the SDK; give `plugins/sdk` of Jardin's source", sdk.display())
    })?;
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[lib]\ncrate-type = [\"cdylib\"]\n\n\
         [dependencies]\njardin-sdk = {{ path = {:?} }}\n\n[workspace]\n",
        sdk.display().to_string()
    );
    let code = RUST_EXAMPLE.replace("Cheapest", &type_name(name)).replace("cheapest\"", &format!("{name}\""));
    Ok(vec![("Cargo.toml".to_owned(), manifest), ("src/lib.rs".to_owned(), code)])
}

fn c_files(name: &str) -> Vec<(String, String)> {
    let code = C_EXAMPLE.replace("newest\\\"", &format!("{name}\\\""));
    vec![(format!("{name}.c"), code), ("jardin_plugin.h".to_owned(), HEADER.to_owned())]
}

/// `MyPlugin` for `my_plugin`.
fn type_name(name: &str) -> String {
    name.split('_')
        .flat_map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase())
                .into_iter()
                .chain(letters)
                .collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_files_and_symbols() {
        for name in ["my_plugin", "a", "top10"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in ["", "MyPlugin", "my-plugin", "../up", "10top", "_x", "über"] {
            assert!(check_name(name).is_err(), "{name}");
        }
        assert_eq!(type_name("my_plugin"), "MyPlugin");
    }

    #[test]
    fn the_examples_take_the_name() {
        let (_, code) = c_files("mine").remove(0);
        assert!(code.contains("name = \\\"mine\\\"") && !code.contains("\\\"newest\\\""));
    }
}
