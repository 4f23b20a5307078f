//! Clients that dally, hang up or stop in the middle.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{Shutdown, TcpStream},
    thread,
    time::Duration,
};

use crate::support::{Server, copy_folder, example};

const LIMITS: &str = "[limits]\nconnections = 3\nread_ms = 400\n";

/// What the server says to a client until it hangs up.
fn last_words(mut client: TcpStream) -> String {
    // far beyond what the server allows; without a bound of its own the server would let this pass
    client.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut said = Vec::new();
    client.read_to_end(&mut said).expect("the server hangs up");
    String::from_utf8_lossy(&said).into_owned()
}

#[test]
fn connections_without_a_whole_head_end_and_make_room() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    copy_folder(&example("shop"), &shop);
    fs::write(shop.join("server.toml"), LIMITS).unwrap();
    let server = Server::serve(&shop, &folder.path().join("data"));
    let address = server.base.strip_prefix("http://").unwrap();
    let dally = |sent: &str| {
        let mut client = TcpStream::connect(address).unwrap();
        client.write_all(sent.as_bytes()).unwrap();
        client
    };
    let idle = dally("");
    let slow = dally("POST /v1/recommendations HTTP/1.1\r\nhost: localhost\r\ncontent-le");
    let kept = dally("GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n");
    // they are heard from now on: a server that let them be for half a minute, as hyper does by itself, is
    // found out
    let ends = [idle, slow, kept].map(|client| thread::spawn(|| last_words(client)));
    // all places are taken until the first of them is given up
    assert_eq!(server.client.get("/health/live").expect(200)["live"], true);
    let [idle, slow, kept] = ends.map(|end| end.join().unwrap());
    assert_eq!(idle, "");
    assert!(!slow.contains("200 OK"));
    assert!(kept.starts_with("HTTP/1.1 200 OK"));
}

#[test]
fn a_client_that_does_not_read_ends_and_makes_room() {
    const ASKED: usize = 3_000;
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    copy_folder(&example("shop"), &shop);
    fs::write(shop.join("server.toml"), "[limits]\nconnections = 1\nread_ms = 400\n").unwrap();
    let server = Server::serve(&shop, &folder.path().join("data"));
    let address = server.base.strip_prefix("http://").unwrap();
    let mut client = TcpStream::connect(address).unwrap();
    // far more answers than the system keeps for a client; it may be hung up on while it still asks
    let _ = client
        .write_all(format!("GET /v1/policy HTTP/1.1\r\nhost: {address}\r\n\r\n").repeat(ASKED).as_bytes());
    // the only place is free once it was given up; this client waits for half a minute
    assert_eq!(server.client.get("/health/live").expect(200)["live"], true);
    let mut said = Vec::new();
    let _ = client.read_to_end(&mut said);
    let answered = String::from_utf8_lossy(&said).matches("HTTP/1.1 200 OK").count();
    assert!((1..ASKED).contains(&answered), "{answered} of {ASKED} answers were kept for it");
}

#[test]
fn a_client_that_has_said_all_may_close_its_side() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::demo(folder.path());
    let address = server.base.strip_prefix("http://").unwrap();
    let ask = r#"{"placement":"home"}"#;
    for _ in 0..50 {
        let mut client = TcpStream::connect(address).unwrap();
        let head =
            format!("POST /v1/recommendations HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json");
        write!(client, "{head}\r\ncontent-length: {}\r\n\r\n{ask}", ask.len()).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        assert!(last_words(client).starts_with("HTTP/1.1 200 OK"));
    }
}

#[test]
fn a_body_that_is_cut_off_is_told_from_one_that_is_too_long() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::demo(folder.path());
    let address = server.base.strip_prefix("http://").unwrap();
    let mut client = TcpStream::connect(address).unwrap();
    let head =
        format!("POST /v1/recommendations HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json");
    write!(client, "{head}\r\ncontent-length: 100\r\n\r\n{{}}").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    let said = last_words(client);
    assert!(
        said.starts_with("HTTP/1.1 400 ") && said.contains("the body ends before its stated length"),
        "{said}"
    );
}

#[test]
fn a_body_that_does_not_come_in_time_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    copy_folder(&example("shop"), &shop);
    fs::write(shop.join("server.toml"), LIMITS).unwrap();
    let server = Server::serve(&shop, &folder.path().join("data"));
    let address = server.base.strip_prefix("http://").unwrap();
    let head = format!("POST /v1/events HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json");
    let ask = || {
        let mut client = TcpStream::connect(address).unwrap();
        // a busy machine may make the head late too, and then nothing is said
        let _ = client.write_all(format!("{head}\r\ncontent-length: 100\r\n\r\n{{").as_bytes());
        client.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut said = Vec::new();
        let _ = client.read_to_end(&mut said);
        String::from_utf8_lossy(&said).into_owned()
    };
    let said = (0..10).map(|_| ask()).find(|said| !said.is_empty()).unwrap();
    assert!(said.starts_with("HTTP/1.1 400 ") && said.contains("the body did not arrive in time"), "{said}");
}
