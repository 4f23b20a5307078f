//! The file of refusals: appended to and never rewritten, with room set aside for a disk that is full.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{FileExt as _, OpenOptionsExt as _},
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use jardin_contract::StoreError;
use jardin_store_kit::Secret;
use rustix::fs::{FallocateFlags, fallocate};

use super::entry::{ENTRY_BYTES, Refusal};

/// How much room is set aside ahead: some 8,000 refusals.
const ROOM_AHEAD: u64 = 1 << 20;

/// The file of refusals, and perhaps its copy in a second place.
pub(crate) struct Journal {
    secret: Secret,
    files: Vec<JournalFile>,
    /// How many entries there are; locked while one is written.
    count: Mutex<u64>,
    /// The copy could not be written last time.
    copy_failed: AtomicBool,
}

struct JournalFile {
    file: File,
    /// Up to where room is set aside.
    room: Mutex<u64>,
}

impl Journal {
    /// Opens the file, and its copy in the folder `copy`; each is made where it is missing. Of both together nothing is
    /// lost: what one of them lacks is added to it. With it comes what was refused so far, oldest first.
    ///
    /// # Errors
    /// Where one cannot be opened, or holds what is not of this store in the midst of what is.
    pub(crate) fn open(
        path: &Path,
        copy: Option<&Path>,
        secret: Secret,
    ) -> Result<(Self, Vec<Refusal>), StoreError> {
        let mut files = vec![JournalFile::open(path)?];
        if let Some(folder) = copy {
            fs::create_dir_all(folder).map_err(|error| cannot_open(folder, &error))?;
            files.push(JournalFile::open(&folder.join("refusals"))?);
        }
        let mut held = Vec::with_capacity(files.len());
        for file in &files {
            held.push(file.read_entries(&secret)?);
        }
        let all = merge_entries(&held);
        let journal =
            Self { secret, files, count: Mutex::new(all.len() as u64), copy_failed: AtomicBool::new(false) };
        for (file, known) in journal.files.iter().zip(&held) {
            let same = known.iter().zip(&all).take_while(|(one, other)| one == other).count();
            file.write_entries(&journal.secret, same as u64, all.get(same..).unwrap_or_default())
                .map_err(StoreError::failed)?;
        }
        Ok((journal, all))
    }

    /// How many entries there are.
    pub(crate) fn count_entries(&self) -> u64 {
        *self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True where the last refusal did not reach the second place.
    pub(crate) fn lacks_copy(&self) -> bool {
        self.copy_failed.load(Ordering::Relaxed)
    }

    /// Adds refusals, durably before it returns. A copy that cannot be written is told by [`Journal::lacks_copy`], and
    /// completed when the store is opened again.
    ///
    /// # Errors
    /// Where the file itself cannot be written; none of them is in it then.
    pub(crate) fn append(&self, refusals: &[Refusal]) -> Result<(), StoreError> {
        if refusals.is_empty() {
            return Ok(());
        }
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        let (own, copies) =
            self.files.split_first().ok_or_else(|| StoreError::failed("there is no journal"))?;
        own.write_entries(&self.secret, *count, refusals).map_err(StoreError::failed)?;
        let written = copies.iter().map(|copy| copy.write_entries(&self.secret, *count, refusals));
        // each is tried
        let failed = written.filter(Result::is_err).count() > 0;
        self.copy_failed.fetch_or(failed, Ordering::Relaxed);
        *count += refusals.len() as u64;
        Ok(())
    }
}

/// The entries of all files: those of the longest, and behind them what another one went on to say by itself.
fn merge_entries(held: &[Vec<Refusal>]) -> Vec<Refusal> {
    let mut all: Vec<Refusal> = Vec::new();
    let mut by_length: Vec<&Vec<Refusal>> = held.iter().collect();
    by_length.sort_by_key(|entries| std::cmp::Reverse(entries.len()));
    for entries in by_length {
        let same = entries.iter().zip(&all).take_while(|(one, other)| one == other).count();
        all.extend(entries.iter().skip(same));
    }
    all
}

fn cannot_open(path: &Path, error: &io::Error) -> StoreError {
    StoreError::failed(format!("the journal of refusals `{}` cannot be opened: {error}", path.display()))
}

impl JournalFile {
    fn open(path: &Path) -> Result<Self, StoreError> {
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).mode(0o600).open(path);
        let file = file.map_err(|error| cannot_open(path, &error))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(StoreError::failed)?;
        let room = file.metadata().map_err(StoreError::failed)?.len();
        Ok(Self { file, room: Mutex::new(room) })
    }

    /// The entries up to the first one that is not there. An end may have cut the last one short, of which nobody was
    /// told that it is durable.
    fn read_entries(&self, secret: &Secret) -> Result<Vec<Refusal>, StoreError> {
        let mut bytes = vec![0; usize::try_from(self.known_room()).map_err(StoreError::failed)?];
        self.file.read_exact_at(&mut bytes, 0).map_err(StoreError::failed)?;
        let numbered = || (0..).zip(bytes.chunks(ENTRY_BYTES));
        let entries: Vec<Refusal> =
            numbered().map_while(|(index, entry)| Refusal::of_bytes(secret, index, entry)).collect();
        let behind = numbered().skip(entries.len() + 1);
        if behind.filter(|(index, entry)| Refusal::of_bytes(secret, *index, entry).is_some()).count() > 0 {
            return Err(StoreError::failed("the journal of refusals is damaged; put its copy back"));
        }
        Ok(entries)
    }

    fn known_room(&self) -> u64 {
        *self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_entries(&self, secret: &Secret, first: u64, refusals: &[Refusal]) -> io::Result<()> {
        let end = (first + refusals.len() as u64) * ENTRY_BYTES as u64;
        self.set_room_aside(end);
        let numbered = (first..).zip(refusals);
        let bytes: Vec<u8> = numbered.flat_map(|(index, refusal)| refusal.to_bytes(secret, index)).collect();
        if bytes.is_empty() {
            return Ok(());
        }
        self.file.write_all_at(&bytes, first * ENTRY_BYTES as u64)?;
        self.file.sync_data()
    }

    /// Sets room aside behind `end` where less than half of it is left. A disk that has none left lets what was set
    /// aside be used up.
    fn set_room_aside(&self, end: u64) {
        let mut room = self.room.lock().unwrap_or_else(PoisonError::into_inner);
        if *room >= end + ROOM_AHEAD / 2 {
            return;
        }
        let ahead = end + ROOM_AHEAD - *room;
        if fallocate(&self.file, FallocateFlags::empty(), *room, ahead).is_ok() {
            // the new length must last, or the room would not be found after an end
            let _ = self.file.sync_all();
            *room += ahead;
        }
    }
}

#[cfg(test)]
mod tests {
    use jardin_model::Timestamp;

    use super::{super::Refused, *};

    const SECRET: Secret = [7; 32];

    fn refusal(n: u8) -> Refusal {
        Refusal { who: [n; 16], at: Timestamp::from_ms(n.into()), what: Refused::Objection(true) }
    }

    fn open(path: &Path, copy: Option<&Path>) -> (Journal, Vec<Refusal>) {
        Journal::open(path, copy, SECRET).unwrap()
    }

    #[test]
    fn what_was_added_is_there_after_each_opening_in_its_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("refusals");
        for n in 0..5 {
            let (journal, held) = open(&path, None);
            assert_eq!(held, (0..n).map(refusal).collect::<Vec<_>>());
            journal.append(&[refusal(n)]).unwrap();
            assert_eq!(journal.count_entries(), u64::from(n) + 1);
            assert!(fs::metadata(&path).unwrap().len() >= ROOM_AHEAD / 2);
        }
        assert!(Journal::open(&path, None, [8; 32]).unwrap().1.is_empty(), "it was read under another key");
    }

    #[test]
    fn an_entry_that_was_cut_short_is_no_entry_and_one_that_is_damaged_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("refusals");
        open(&path, None).0.append(&[refusal(0), refusal(1), refusal(2)]).unwrap();
        let whole = fs::read(&path).unwrap();
        let mut cut = whole.clone();
        cut[2 * ENTRY_BYTES + 50..].fill(0);
        fs::write(&path, &cut).unwrap();
        let (journal, held) = open(&path, None);
        assert_eq!(held, [refusal(0), refusal(1)]);
        // the next one takes its place
        journal.append(&[refusal(3)]).unwrap();
        assert_eq!(open(&path, None).1, [refusal(0), refusal(1), refusal(3)]);
        let mut damaged = whole;
        damaged[0] ^= 1;
        fs::write(&path, &damaged).unwrap();
        assert!(Journal::open(&path, None, SECRET).is_err());
    }

    #[test]
    fn the_longer_of_both_counts_and_what_either_says_alone_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (path, second) = (folder.path().join("refusals"), folder.path().join("second"));
        open(&path, Some(&second)).0.append(&[refusal(0), refusal(1)]).unwrap();
        let older = fs::read(&path).unwrap();
        open(&path, Some(&second)).0.append(&[refusal(2), refusal(3)]).unwrap();
        // an older file comes back, and goes on for a while without the copy
        fs::write(&path, &older).unwrap();
        open(&path, None).0.append(&[refusal(4)]).unwrap();
        let all = [0, 1, 2, 3, 4].map(refusal);
        assert_eq!(open(&path, Some(&second)).1, all);
        fs::remove_file(&path).unwrap();
        assert_eq!(open(&path, Some(&second)).1, all);
        fs::remove_dir_all(&second).unwrap();
        assert_eq!(open(&path, Some(&second)).1, all);
        assert_eq!(open(&second.join("refusals"), None).1, all);
    }
}
