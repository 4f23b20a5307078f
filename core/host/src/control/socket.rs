//! The socket as a file of the data folder.

use std::{
    fs, io,
    os::unix::{fs::PermissionsExt as _, net::UnixListener},
    path::{Path, PathBuf},
};

use crate::HostError;

/// Where the running shop of a data folder listens for commands.
#[must_use]
pub fn control_socket_path(data: &Path) -> PathBuf {
    data.join("control.sock")
}

/// The control socket of a running shop; its file goes with it.
pub struct ControlSocket {
    path: PathBuf,
}

impl ControlSocket {
    /// Listens on the control socket of a data folder whose store this process holds; one that a killed process
    /// left is replaced. Only the same user may open it (0600).
    ///
    /// # Errors
    /// Where the system refuses it, as where the folder's path is too long for a socket.
    pub fn listen(data: &Path) -> Result<(Self, UnixListener), HostError> {
        let path = control_socket_path(data);
        let bound = || {
            if fs::symlink_metadata(&path).is_ok() {
                fs::remove_file(&path)?;
            }
            // nobody may connect before the rights are set: the data folder is the owner's alone, and the peer is
            // asked who it is at each connection
            let listener = UnixListener::bind(&path)?;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
            listener.set_nonblocking(true)?;
            io::Result::Ok(listener)
        };
        let listener = bound().map_err(|source| {
            let what = format!("`{}` cannot be listened on", path.display());
            HostError::File { what, source }
        })?;
        Ok((Self { path }, listener))
    }
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        // whoever starts next replaces what is left
        let _ = fs::remove_file(&self.path);
    }
}
