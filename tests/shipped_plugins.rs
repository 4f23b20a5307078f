//! A plugin is shipped by its folder, one line of the root Cargo.toml, and its page: what these say agrees.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use jardin_native::{Manifest, PluginFile};

use crate::support::{copy_folder, example, program};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names of the folders that hold a plugin.
fn shipped() -> BTreeSet<String> {
    let folders = std::fs::read_dir(root().join("plugins")).unwrap().map(|entry| entry.unwrap().path());
    let is_plugin = |folder: &PathBuf| folder.join("Cargo.toml").exists() && !folder.ends_with("sdk");
    let names =
        folders.filter(is_plugin).map(|folder| folder.file_name().unwrap().to_str().unwrap().to_owned());
    names.collect()
}

fn page(name: &str) -> String {
    let path = root().join(format!("docs/plugins/{name}.md"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn each_is_built_with_the_program() {
    let manifest: toml::Table = std::fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    let paths = manifest["dependencies"].as_table().unwrap().values().filter_map(|d| d.get("path")?.as_str());
    let built: BTreeSet<String> =
        paths.filter_map(|path| path.strip_prefix("plugins/")).map(str::to_owned).collect();
    assert_eq!(built, shipped());
    assert!(built.len() >= 8);
}

/// What a manifest says, as the first table of the plugin's page must say it.
fn facts(manifest: &Manifest) -> String {
    let list = |names: Vec<String>| if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
    let fields = |paths: &[jardin_model::FieldPath]| list(paths.iter().map(|p| format!("`{p}`")).collect());
    let learns = match (manifest.learns, manifest.counts_people) {
        (true, true) => "yes, and counts people",
        (true, false) => "yes",
        (false, _) => "no",
    };
    format!(
        "| needs | may use | learns |\n|---|---|---|\n| {} | {} | {learns} |\n",
        fields(&manifest.needs),
        fields(&manifest.may_use)
    )
}

#[test]
fn each_page_begins_with_what_the_manifest_says() {
    for name in shipped() {
        let file = PluginFile::find(&name, Path::new("/nowhere"), Path::new(env!("CARGO_BIN_EXE_jardin")));
        let manifest = file.unwrap().manifest;
        assert_eq!(&*manifest.name, name);
        let (page, facts) = (page(&name), facts(&manifest));
        assert!(page.contains(&facts), "docs/plugins/{name}.md lacks\n{facts}");
    }
}

/// The names in the first column of a page's table of settings.
fn documented_settings(page: &str) -> BTreeSet<String> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    // names of fields have a dot
    rows.map(|(name, _)| name.to_owned()).filter(|name| !name.contains('.')).collect()
}

/// The settings that a plugin reads: what its source asks the settings for by name, fields (which have a dot)
/// aside.
fn settings_read(source: &str) -> BTreeSet<String> {
    let code = source.split("#[cfg(test)]").next().unwrap();
    let calls = ["number(\"", "number(given, \"", "flag(\"", "text(\"", "days(\""];
    let asked = calls.into_iter().flat_map(|call| code.split(call).skip(1));
    let lists = ["const NAMES", "const NUMBERS"].into_iter().filter_map(|list| code.split(list).nth(1));
    let listed = lists.filter_map(|list| list.split("];").next());
    let listed = listed.flat_map(|list| list.split('"').skip(1).step_by(2));
    asked
        .filter_map(|rest| rest.split('"').next())
        .chain(listed)
        .filter(|name| !name.contains('.'))
        .map(str::to_owned)
        .collect()
}

/// The code of a plugin without its tests.
fn read_source(folder: &Path, source: &mut String) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            read_source(&path, source);
        } else {
            source.push_str(std::fs::read_to_string(&path).unwrap().split("#[cfg(test)]").next().unwrap());
        }
    }
}

#[test]
fn each_page_tells_the_settings_that_are_read_and_the_source() {
    for name in shipped() {
        let mut source = String::new();
        read_source(&root().join("plugins").join(&name).join("src"), &mut source);
        let page = page(&name);
        assert_eq!(documented_settings(&page), settings_read(&source), "docs/plugins/{name}.md");
        let file = PluginFile::find(&name, Path::new("/nowhere"), Path::new(env!("CARGO_BIN_EXE_jardin")));
        if let Some(settings) = file.unwrap().manifest.settings {
            assert!(
                settings.keys().map(|name| &**name).eq(documented_settings(&page).iter()),
                "{name}: {settings:?}"
            );
        }
        assert!(page.starts_with(&format!("# {name}: ")), "{name}");
        assert!(page.contains("**What it needs granted**") && page.contains("**Source**"), "{name}");
    }
}

#[test]
fn a_list_of_what_sells_well_that_is_told_of_no_sales_is_a_finding() {
    let temporary = tempfile::tempdir().unwrap();
    let shop = temporary.path().join("shop");
    copy_folder(&example("shop"), &shop);
    let told = "[strategies.popular-now]\nplugin   = \"popular\"\npurpose  = \"shop-window\"\nmay_read = { catalogue = \"exact\" }";
    let finding = "`popular-now` is not told `item.popularity`";
    let check = || {
        let output = program().arg("check").arg(&shop).output().unwrap();
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    assert!(!check().contains(finding));
    let policy = shop.join("policy.toml");
    let text = std::fs::read_to_string(&policy).unwrap();
    assert!(text.contains(told));
    let untold = told.replace("catalogue = \"exact\"", "\"item.sku\" = \"exact\"");
    std::fs::write(&policy, text.replace(told, &untold)).unwrap();
    assert!(check().contains(finding), "{}", check());
}

/// Each library of mathematics rounds the last digits of an exponential in its own way; what a plugin compares, or
/// must come to again after a rebuild, is the same on every machine.
#[test]
fn none_takes_a_number_from_a_library_of_the_system() {
    for name in shipped() {
        let file = PluginFile::find(&name, Path::new("/nowhere"), Path::new(env!("CARGO_BIN_EXE_jardin")));
        let needed = file.unwrap().needed;
        assert!(needed.iter().any(|library| library.starts_with("libc.")), "{name}: {needed:?}");
        assert!(!needed.iter().any(|library| library.starts_with("libm.")), "{name}: {needed:?}");
    }
}
