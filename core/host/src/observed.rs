//! Where the counts of what strategies really read are kept: one file in the data folder, written beside the
//! work and at the end.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use jardin_compliance::{observed_as_json, parse_observed};
use jardin_policy::ObservedReads;

use crate::{ControlClient, Host, HostError, ShopFolder};

/// The file of a data folder.
#[must_use]
pub fn observed_path(data: &Path) -> PathBuf {
    data.join("observed.json")
}

/// What was counted so far: by the shop that runs on the data folder, otherwise as it was written last; nothing
/// where nothing was.
///
/// # Errors
/// Where the file is there and cannot be read, or a shop runs there whose folder is another one.
pub fn observed_reads(folder: &ShopFolder, data: &Path) -> Result<ObservedReads, HostError> {
    match ControlClient::connect(data, folder.path())? {
        Some(running) => {
            running.ask_for("observed", &serde_json::json!({}), |json| parse_observed(json.as_str()?))
        }
        None => read_observed(data),
    }
}

fn read_observed(data: &Path) -> Result<ObservedReads, HostError> {
    let path = observed_path(data);
    if !path.exists() {
        return Ok(ObservedReads::default());
    }
    let file = path.display().to_string();
    let text = fs::read_to_string(&path).map_err(|error| HostError::unreadable(&file, error))?;
    parse_observed(&text)
        .ok_or_else(|| HostError::Unusable(format!("`{file}` holds no counts of this program")))
}

/// Writes all counts or none: a reader never sees half a file.
pub(crate) fn write_observed(data: &Path, observed: &ObservedReads) -> io::Result<()> {
    let (path, new) = (observed_path(data), data.join("observed.json.new"));
    let mut to = File::create(&new)?;
    to.write_all(observed_as_json(observed).as_bytes())?;
    to.sync_all()?;
    fs::rename(new, path)
}

impl Host {
    /// Counts on from what the data folder holds.
    ///
    /// # Errors
    /// Where the file there cannot be read; counting begins anew then.
    pub fn begin_observed(&self) -> Result<(), HostError> {
        self.engine.begin_observed_with(read_observed(&self.data)?);
        Ok(())
    }

    /// Writes the counts as they are now.
    ///
    /// # Errors
    /// Where the disk fails, which costs the counts and nothing else.
    pub async fn save_observed(&self) -> Result<(), HostError> {
        let (observed, data) = (self.engine.observed(), self.data.clone());
        let written = tokio::task::spawn_blocking(move || write_observed(&data, &observed)).await;
        let what = "what strategies read cannot be counted on disk".to_owned();
        written.unwrap_or(Ok(())).map_err(|source| HostError::File { what, source })
    }
}
