//! Where the file of a plugin is looked for.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The file of the plugin `name`: in the shop's `plugins/`, then beside the program, in `deps/` beside it, in
/// `../lib/jardin`. The first that exists counts, as it does when the plugin is loaded.
pub(crate) fn find_plugin(shop: &Path, name: &str) -> Option<PathBuf> {
    let file = file_name(name);
    folders(shop).map(|folder| folder.join(&file)).find(|path| path.is_file())
}

/// What the system calls the file of a plugin: `libpopular.so`.
fn file_name(name: &str) -> String {
    format!("{}{name}{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX)
}

fn folders(shop: &Path) -> impl Iterator<Item = PathBuf> {
    let program = env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_owned));
    let of_program = program.into_iter().flat_map(|beside| {
        let (deps, library) = (beside.join("deps"), beside.join("../lib/jardin"));
        [beside, deps, library]
    });
    [shop.join("plugins")].into_iter().chain(of_program)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_shops_own_file_comes_first() {
        let shop = tempfile::tempdir().unwrap();
        assert_eq!(find_plugin(shop.path(), "nowhere-to-be-found"), None);
        let file = shop.path().join("plugins").join(file_name("mine"));
        fs::create_dir(shop.path().join("plugins")).unwrap();
        fs::write(&file, b"").unwrap();
        assert_eq!(find_plugin(shop.path(), "mine"), Some(file));
    }
}
