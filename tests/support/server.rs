//! A server of the test's own, on a free port.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Stdio},
    thread,
};

use super::{Client, program};

/// A running server; it ends with the test.
pub struct Server {
    child: Child,
    pub client: Client,
    pub base: String,
}

impl Server {
    /// Serves a shop folder whose plugins are pinned.
    pub fn serve(shop: &Path, data: &Path) -> Self {
        let mut command = program();
        command.arg("serve").arg(shop).args(["--listen", "127.0.0.1:0", "--data"]).arg(data);
        Self::start(command)
    }

    /// Serves a shop folder under a clock that stands still and a seed, so that two runs can be compared.
    pub fn serve_at(shop: &Path, data: &Path, clock: &str, seed: u64) -> Self {
        let mut command = program();
        command
            .arg("serve")
            .arg(shop)
            .args(["--listen", "127.0.0.1:0", "--clock", clock, "--seed", &seed.to_string(), "--data"])
            .arg(data);
        Self::start(command)
    }

    /// Serves the demo shop.
    pub fn demo(data: &Path) -> Self {
        let mut command = program();
        command.args(["demo", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        Self::start(command)
    }

    fn start(mut command: std::process::Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let errors = BufReader::new(child.stderr.take().unwrap());
        let errors = thread::spawn(move || errors.lines().map_while(Result::ok).collect::<Vec<_>>().join("\n"));
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let base = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|l| l.strip_prefix("listening on ").map(str::to_owned));
        let Some(base) = base else {
            let _ = child.wait();
            panic!("the server did not start:\n{}", errors.join().unwrap_or_default());
        };
        // what it prints later is read, so that it never waits for a reader
        thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            client: Client::new(&base),
            base,
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_none())
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
