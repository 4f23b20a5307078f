//! A server of the test's own, on a free port.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use super::{Client, program};

/// A running server; it ends with the test.
pub struct Server {
    child: Child,
    pub client: Client,
    pub base: String,
    said: Arc<Mutex<String>>,
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

    /// Starts a server by a command of the test's own.
    pub fn start(mut command: std::process::Command) -> Self {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let said = Arc::new(Mutex::new(String::new()));
        let (errors, heard) = (BufReader::new(child.stderr.take().unwrap()), Arc::clone(&said));
        let errors = thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                let mut said = heard.lock().unwrap();
                said.push_str(&line);
                said.push('\n');
            }
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let base = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|l| l.strip_prefix("listening on ").map(str::to_owned));
        let Some(base) = base else {
            let _ = child.wait();
            let _ = errors.join();
            panic!("the server did not start:\n{}", said.lock().unwrap());
        };
        // what it prints later is read, so that it never waits for a reader
        thread::spawn(move || lines.for_each(drop));
        Self { child, client: Client::new(&base), base, said }
    }

    /// What it has written beside its result.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// The server's process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_none())
    }

    /// Tells it to end, and waits until it has.
    pub fn stop(&mut self) {
        let pid = self.child.id().to_string();
        assert!(std::process::Command::new("kill").arg(pid).status().unwrap().success());
        self.child.wait().unwrap();
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
