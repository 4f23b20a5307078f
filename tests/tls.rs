//! TLS: a certificate of server.toml, another one while the server runs, and who does not speak it.

use std::{
    fs,
    io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto::ring::default_provider,
    pki_types::CertificateDer,
};

use crate::support::{Server, example, program, unhurried};

type Certified = CertifiedKey<KeyPair>;

fn certify() -> Certified {
    generate_simple_self_signed(["localhost".to_owned()]).unwrap()
}

/// A shop that speaks TLS.
struct Shop {
    folder: tempfile::TempDir,
}

impl Shop {
    fn new(limits: &str) -> Self {
        let shop = Self { folder: tempfile::tempdir().unwrap() };
        unhurried(&example("shop"), &shop.path());
        let tls = "[tls]\ncertificate = \"chain.pem\"\nkey = \"key.pem\"\n";
        fs::write(shop.path().join("server.toml"), format!("{tls}{limits}")).unwrap();
        shop
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("shop")
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.path().join(file), text).unwrap();
    }

    fn install(&self, certified: &Certified) {
        self.write("chain.pem", &certified.cert.pem());
        self.write("key.pem", &certified.signing_key.serialize_pem());
    }

    fn serve(&self) -> Server {
        Server::serve(&self.path(), &self.folder.path().join("data"))
    }
}

fn address_of(server: &Server) -> &str {
    server.base.strip_prefix("https://").expect("it says that it speaks TLS")
}

/// A connection of a client that trusts one certificate.
struct Client(BufReader<StreamOwned<ClientConnection, TcpStream>>);

impl Client {
    fn connect(server: &Server, trusted: &Certified) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(trusted.cert.der().to_vec())).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
        let stream = TcpStream::connect(address_of(server)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        Self(BufReader::new(StreamOwned::new(client, stream)))
    }

    /// Asks whether the server lives, on this connection.
    fn ask(&mut self) -> std::io::Result<()> {
        self.0.get_mut().write_all(b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n")?;
        let (mut head, mut bytes): (Vec<String>, usize) = (Vec::new(), 0);
        while head.last().is_none_or(|line| line != "\r\n") {
            let mut line = String::new();
            if self.0.read_line(&mut line)? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            bytes = line.strip_prefix("content-length: ").map_or(bytes, |n| n.trim().parse().unwrap());
            head.push(line);
        }
        assert_eq!(head[0], "HTTP/1.1 200 OK\r\n");
        self.0.read_exact(&mut vec![0; bytes])
    }
}

/// Waits until something is so that the server does by itself.
#[track_caller]
fn wait_until(mut is_so: impl FnMut() -> bool) {
    assert!((0..2_000).any(|_| is_so() || {
        std::thread::sleep(Duration::from_millis(50));
        false
    }));
}

#[test]
fn another_certificate_is_taken_and_no_connection_is_dropped() {
    // no connection is closed because it is idle
    let (shop, first, second) = (Shop::new("[limits]\nread_ms = 600000\n"), certify(), certify());
    shop.install(&first);
    let server = shop.serve();
    let mut before = Client::connect(&server, &first);
    before.ask().unwrap();
    let stranger = Client::connect(&server, &second).ask();
    assert!(stranger.is_err_and(|error| error.to_string().contains("invalid peer certificate")));
    // one file after the other: between them they do not belong together
    shop.write("key.pem", &second.signing_key.serialize_pem());
    wait_until(|| server.said().contains("the last certificate stays in force"));
    Client::connect(&server, &first).ask().unwrap();
    shop.write("chain.pem", &second.cert.pem());
    wait_until(|| Client::connect(&server, &second).ask().is_ok());
    assert!(Client::connect(&server, &first).ask().is_err());
    before.ask().unwrap();
    assert!(!server.said().contains("PRIVATE KEY"));
}

#[test]
fn who_does_not_speak_tls_is_left_and_makes_room() {
    let (shop, certified) = (Shop::new("[limits]\nconnections = 2\nread_ms = 400\n"), certify());
    shop.install(&certified);
    let server = shop.serve();
    let connect = || {
        let client = TcpStream::connect(address_of(&server)).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        client
    };
    let (mut silent, mut clear) = (connect(), connect());
    clear.write_all(b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    // both places are taken until one of them is given up; a client that a busy machine makes late is left too
    wait_until(|| Client::connect(&server, &certified).ask().is_ok());
    let (mut said, mut nothing) = (Vec::new(), Vec::new());
    // it may be hung up on with its request unread
    let _ = clear.read_to_end(&mut said);
    assert!(!said.windows(4).any(|part| part == b"HTTP"), "{said:?}");
    silent.read_to_end(&mut nothing).expect("it is hung up on");
    assert_eq!(nothing, b"");
}

#[test]
fn with_tls_and_a_key_it_listens_to_everybody() {
    let (shop, certified) = (Shop::new(""), certify());
    shop.install(&certified);
    let serve = || {
        let mut command = program();
        command.arg("serve").arg(shop.path()).args(["--listen", "0.0.0.0:0", "--data"]);
        command.arg(shop.folder.path().join("data"));
        command
    };
    let refused = serve().output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("add `[[keys]]` to server.toml"), "{said}");
    add_key(&shop.path());
    assert!(Server::start(serve()).base.starts_with("https://0.0.0.0:"));
}

fn add_key(shop: &Path) {
    let mut add = program();
    add.args(["key", "add", "serve", "--name", "web"]).current_dir(shop);
    assert!(add.output().unwrap().status.success());
}

#[test]
fn a_certificate_that_cannot_be_used_is_refused_at_the_start() {
    let (shop, one, other) = (Shop::new(""), certify(), certify());
    let (chain, key) = (one.cert.pem(), one.signing_key.serialize_pem());
    for (chain, key, wanted) in [
        (&*chain, "", "holds no private key"),
        ("", &*key, "the file of the certificate holds none"),
        (&key, &key, "the file of the certificate holds none"),
        (&chain, &chain, "holds no private key"),
        (&chain, &other.signing_key.serialize_pem(), "cannot be used with this key"),
    ] {
        shop.write("chain.pem", chain);
        shop.write("key.pem", key);
        let mut serve = program();
        serve.arg("serve").arg(shop.path()).args(["--listen", "127.0.0.1:0"]);
        let output = serve.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(wanted), "{wanted}: {said}");
        assert!(!said.contains("PRIVATE KEY"), "{said}");
    }
}
