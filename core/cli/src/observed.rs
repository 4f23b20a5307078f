//! Where the counts of what strategies really read are kept: one file in the data folder, written beside the
//! work and at the end.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use jardin_engine::Engine;
use jardin_policy::tools::Observed;

use super::print;

/// How often the counts are written; a program that dies loses no more than that.
const EVERY: Duration = Duration::from_secs(60);

/// The file of a data folder.
pub(crate) fn file(data: &Path) -> PathBuf {
    data.join("observed.json")
}

/// What was counted so far; nothing where nothing was.
///
/// # Errors
/// Where the file is there and cannot be read.
pub(crate) fn read(data: &Path) -> anyhow::Result<Observed> {
    let path = file(data);
    if !path.exists() {
        return Ok(Observed::default());
    }
    let text = fs::read_to_string(&path).with_context(|| format!("`{}` cannot be read", path.display()))?;
    Observed::parse(&text).with_context(|| format!("`{}` holds no counts of this program", path.display()))
}

/// Writes all counts or none: a reader never sees half a file.
fn write(data: &Path, observed: &Observed) -> std::io::Result<()> {
    let (path, new) = (file(data), data.join("observed.json.new"));
    let mut to = File::create(&new)?;
    to.write_all(observed.write().as_bytes())?;
    to.sync_all()?;
    fs::rename(new, path)
}

/// Counts on from what the data folder holds, and writes it there from time to time.
pub(crate) fn keep(engine: &Arc<Engine>, data: &Path) -> tokio::task::JoinHandle<()> {
    match read(data) {
        Ok(before) => engine.begin_observed_with(before),
        Err(error) => print::error(&format!("warning: {error:#}; counting begins anew")),
    }
    let (engine, data) = (Arc::clone(engine), data.to_owned());
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(EVERY).await;
            save(&engine, &data).await;
        }
    })
}

/// Writes the counts as they are now. A disk that fails costs the counts and nothing else.
pub(crate) async fn save(engine: &Engine, data: &Path) {
    let (observed, data) = (engine.observed(), data.to_owned());
    let written = tokio::task::spawn_blocking(move || write(&data, &observed)).await;
    if let Ok(Err(error)) = written {
        print::error(&format!("warning: what strategies read cannot be counted on disk: {error}"));
    }
}
