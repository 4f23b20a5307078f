//! Whether any file that a shop folder names has another content.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use jardin_policy::lock::digest;

use crate::{ShopFolder, shop_folder::read_file, strategy_files};

/// How deep folders of scripts are looked into; a link to a folder above would otherwise never end.
const MAX_DEPTH: usize = 8;

/// The files of a shop folder, wherever they lie, with what they held when they were last looked at: content
/// counts, and neither time nor size. Links are followed, those of folders too.
pub struct FolderWatch {
    path: PathBuf,
    program: PathBuf,
    named: NamedFiles,
    seen: BTreeMap<PathBuf, SeenFile>,
}

/// What a folder names, as it was read last.
#[derive(Default)]
struct NamedFiles {
    /// The files of its configuration.
    files: BTreeSet<PathBuf>,
    /// The folder of scripts, whose files all count.
    scripts: PathBuf,
    /// Every place where the file of a strategy would count; as of the last policy that could be read.
    strategies: BTreeSet<PathBuf>,
}

/// What is known of one file; nothing where there is none.
#[derive(Clone, Copy, PartialEq, Eq)]
struct SeenFile {
    state: Option<FileState>,
    /// True once the state was the same at two looks, which are further apart than the clock of the file
    /// system ticks: until then another write may hide behind the same state.
    is_settled: bool,
    digest: Option<[u8; 32]>,
}

/// What tells that a file may have been written. The time of change is the system's own: no program can set
/// it, unlike the time of modification.
#[derive(Clone, Copy, PartialEq, Eq)]
struct FileState {
    device: u64,
    inode: u64,
    size: u64,
    changed: (i64, i64),
}

impl FolderWatch {
    /// Looks at the files of the folder for the first time. What is read of the folder afterwards is not older
    /// than what was seen.
    #[must_use]
    pub fn new(folder: &ShopFolder) -> Self {
        let mut watch = Self {
            path: folder.path().to_owned(),
            program: folder.program().to_owned(),
            named: NamedFiles::default(),
            seen: BTreeMap::new(),
        };
        watch.named.update(&watch.path, &watch.program);
        watch.seen = watch.look();
        watch
    }

    /// Looks again: true where a file has another content, came or went.
    pub fn has_changed(&mut self) -> bool {
        let now = self.look();
        let content = |seen: &BTreeMap<PathBuf, SeenFile>| -> BTreeMap<PathBuf, [u8; 32]> {
            seen.iter().filter_map(|(path, file)| Some((path.clone(), file.digest?))).collect()
        };
        let has_changed = content(&now) != content(&self.seen);
        self.seen = now;
        if has_changed {
            self.named.update(&self.path, &self.program);
            // what is named for the first time was not there to be seen
            self.seen = self.look();
        }
        has_changed
    }

    fn look(&self) -> BTreeMap<PathBuf, SeenFile> {
        let mut paths: BTreeSet<PathBuf> = self.named.files.union(&self.named.strategies).cloned().collect();
        add_files_below(&self.named.scripts, MAX_DEPTH, &mut paths);
        paths
            .into_iter()
            .map(|path| {
                let seen = SeenFile::of_path(&path, self.seen.get(&path));
                (path, seen)
            })
            .collect()
    }
}

impl NamedFiles {
    fn update(&mut self, path: &Path, program: &Path) {
        self.files = ["jardin.toml", "policy.lock", "server.toml"].map(|name| path.join(name)).into();
        // one that cannot be read now says so at the next reading
        let Ok(folder) = ShopFolder::open(path, program) else {
            return;
        };
        self.files.extend([folder.policy_path(), folder.approvals_path()]);
        let tls = folder.read_server_config().ok().and_then(|config| config.tls);
        self.files.extend(tls.iter().flat_map(|files| files.paths(path)));
        self.scripts = folder.scripts_path();
        if let Ok(policy) = folder.check_policy() {
            let files = strategy_files(&folder, &policy, None);
            self.strategies = files.iter().flat_map(|file| file.places(&folder)).collect();
        }
    }
}

impl SeenFile {
    fn of_path(path: &Path, before: Option<&Self>) -> Self {
        let state = FileState::of_path(path);
        let same = before.filter(|before| before.state == state);
        match same {
            Some(same) if same.is_settled => *same,
            _ => Self {
                state,
                is_settled: same.is_some(),
                digest: state.and_then(|_| read_file(path).ok()).map(|bytes| digest(&bytes)),
            },
        }
    }
}

impl FileState {
    /// The state of a file, or of that to which a link leads; `None` where there is none.
    fn of_path(path: &Path) -> Option<Self> {
        let meta = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        Some(Self {
            device: meta.dev(),
            inode: meta.ino(),
            size: meta.size(),
            changed: (meta.ctime(), meta.ctime_nsec()),
        })
    }
}

fn add_files_below(folder: &Path, depth: usize, paths: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_file() {
            paths.insert(path);
        } else if depth > 0 && path.is_dir() {
            add_files_below(&path, depth - 1, paths);
        }
    }
}
