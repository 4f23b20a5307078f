//! A client that keeps connections busy: each asks again as soon as it is answered.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{cpu_time::cpu_time, syscalls::CountedCalls};

/// One kind of request over some connections.
pub struct Load<'a> {
    /// As `http://host:port`.
    pub address: &'a str,
    pub body: &'a str,
    pub connections: usize,
    pub lasts: Duration,
}

/// What a server did.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    pub per_second: f64,
    /// CPU time for an answer, in microseconds.
    pub cpu_us: f64,
}

impl Measured {
    /// The median of each figure.
    pub fn median_of(all: Vec<Self>) -> Self {
        let median = |figure: fn(&Self) -> f64| {
            let mut figures: Vec<f64> = all.iter().map(figure).collect();
            figures.sort_by(f64::total_cmp);
            figures[figures.len() / 2]
        };
        Self { per_second: median(|m| m.per_second), cpu_us: median(|m| m.cpu_us) }
    }
}

impl Load<'_> {
    /// Loads a server, whose process is `pid`, on one thread.
    pub fn measure(&self, pid: u32) -> Measured {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (before, begun) = (cpu_time(pid), Instant::now());
        let answered = runtime.block_on(self.answers(begun + self.lasts));
        let (ran, lasted) = (cpu_time(pid).saturating_sub(before), begun.elapsed());
        Measured {
            per_second: answered as f64 / lasted.as_secs_f64(),
            cpu_us: ran.as_secs_f64() * 1e6 / answered as f64,
        }
    }

    /// System calls for an answer; not a number where nobody counts them. Counting costs time, so that nothing else is measured meanwhile.
    pub fn count_calls(&self, pid: u32) -> f64 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let Some(counted) = CountedCalls::begin(pid) else { return f64::NAN };
        let answered = runtime.block_on(self.answers(Instant::now() + self.lasts));
        counted.end().map_or(f64::NAN, |calls| calls / answered as f64)
    }

    async fn answers(&self, until: Instant) -> usize {
        let host = self.address.trim_start_matches("http://").to_owned();
        let request = request_text(&host, self.body);
        let all =
            (0..self.connections).map(|_| tokio::spawn(ask_again(host.clone(), request.clone(), until)));
        let mut answered = 0;
        for connection in all.collect::<Vec<_>>() {
            answered += connection.await.unwrap();
        }
        answered
    }
}

/// A request for a list, as it is sent.
pub fn request_text(host: &str, body: &str) -> String {
    format!(
        "POST /v1/recommendations HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len(),
    )
}

async fn ask_again(host: String, request: String, until: Instant) -> usize {
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut answered, mut read) = (0, Vec::new());
    while Instant::now() < until {
        stream.write_all(request.as_bytes()).await.unwrap();
        read_answer(&mut stream, &mut read).await;
        answered += 1;
    }
    answered
}

/// Reads one answer.
pub async fn read_answer(stream: &mut TcpStream, read: &mut Vec<u8>) {
    read.clear();
    while !is_whole(read) {
        assert!(stream.read_buf(read).await.unwrap() > 0, "the server closed the connection");
    }
}

/// True once a whole answer is there; one that is not a 200 ends the benchmark.
fn is_whole(read: &[u8]) -> bool {
    let Some(head) = read.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let text = std::str::from_utf8(&read[..head]).unwrap().to_ascii_lowercase();
    assert!(text.starts_with("http/1.1 200"), "{}", String::from_utf8_lossy(read));
    let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
    read.len() >= head + 4 + length.expect("an answer says how long it is").trim().parse::<usize>().unwrap()
}
