//! The files of a shop folder that a revision is made of.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Component, Path, PathBuf},
};

use jardin_policy::{Policy, StrategyKind, lock};

use crate::{HostError, ShopFolder, SourceText, shop_folder::read_file};

/// jardin.toml, the policy, policy.lock and the scripts that the policy names, as bytes by their place in the folder.
/// server.toml is none of them: with it a key that was taken back would open again. Plugins are not either: policy.lock
/// says which file may run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContentFiles(BTreeMap<PathBuf, Vec<u8>>);

impl ContentFiles {
    /// Reads them. Of a policy with errors the scripts cannot be told, and all of the folder of scripts count.
    ///
    /// # Errors
    /// Where a file cannot be read, or lies outside the folder.
    pub(crate) fn read(folder: &ShopFolder) -> Result<Self, HostError> {
        let base = folder.texts_path();
        let mut paths = BTreeSet::from([base.join("jardin.toml"), folder.policy_path()]);
        paths.extend(Some(folder.lock_path()).filter(|lock| lock.exists()));
        match folder.check_policy() {
            Ok(policy) => paths.extend(script_paths(folder, &policy)),
            Err(_) => add_files_below(&folder.scripts_path(), &mut paths),
        }
        let files = paths.into_iter().map(|path| {
            let bytes = read_file(&path)
                .map_err(|error| HostError::unreadable(&path.display().to_string(), error))?;
            Ok((place_in(base, &path)?, bytes))
        });
        files.collect::<Result<_, _>>().map(Self)
    }

    /// The sha256 over every file with its place.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let mut bytes = Vec::new();
        for (place, file) in &self.0 {
            bytes.extend_from_slice(&lock::digest(place.as_os_str().as_encoded_bytes()));
            bytes.extend_from_slice(&lock::digest(file));
        }
        lock::digest(&bytes)
    }

    /// The places of files that are other ones here than there, or in one of the two alone.
    pub(crate) fn differing_places(&self, other: &Self) -> Vec<String> {
        let places: BTreeSet<&PathBuf> = self.0.keys().chain(other.0.keys()).collect();
        let differs = |place: &&&PathBuf| self.0.get(**place) != other.0.get(**place);
        places.iter().filter(differs).map(|place| place.display().to_string()).collect()
    }

    /// Writes them into a folder that does not exist yet.
    pub(crate) fn write_to(&self, folder: &Path) -> std::io::Result<()> {
        for (place, bytes) in &self.0 {
            let path = folder.join(place);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(&path, bytes)?;
            fs::File::open(&path)?.sync_all()?;
        }
        Ok(())
    }
}

fn script_paths(folder: &ShopFolder, policy: &Policy) -> Vec<PathBuf> {
    let scripts = folder.scripts_path();
    let script = |kind: &StrategyKind| match kind {
        StrategyKind::Script(name) => Some(scripts.join(&**name)),
        StrategyKind::Plugin(_) => None,
    };
    policy.rules().strategies.values().filter_map(|rule| script(&rule.kind)).collect()
}

/// The place of a file in the folder.
fn place_in(base: &Path, path: &Path) -> Result<PathBuf, HostError> {
    let place = path.strip_prefix(base).unwrap_or(path);
    if place.components().all(|part| matches!(part, Component::Normal(_))) {
        return Ok(place.to_owned());
    }
    Err(HostError::Unusable(format!(
        "`{}` lies outside the shop folder: no history is kept of it; put the file there",
        path.display()
    )))
}

fn add_files_below(folder: &Path, paths: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        // a link may lead back up
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => add_files_below(&entry.path(), paths),
            Ok(kind) if kind.is_file() => drop(paths.insert(entry.path())),
            _ => {}
        }
    }
}

/// The revision of the policy that some files hold; empty where it cannot be read.
pub(crate) fn policy_revision(folder: &ShopFolder) -> String {
    let checked = folder.policy_text().and_then(|text: SourceText| text.check_policy());
    checked.map(|policy| policy.rules().revision.to_string()).unwrap_or_default()
}
