//! The certificate by which a server speaks TLS.

use std::{fmt, io, sync::Arc};

use rustls::{
    ServerConfig,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// Why a certificate cannot be used. It repeats nothing of the files.
#[derive(Debug, thiserror::Error)]
pub enum CertificateProblem {
    /// The chain cannot be read.
    #[error("the file of the certificate holds none, in PEM")]
    NoCertificate,
    /// The key cannot be read.
    #[error("the file of the key holds no private key, in PEM")]
    NoKey,
    /// They are read, and nothing can be made of them.
    #[error("the certificate cannot be used with this key")]
    Unusable(#[source] rustls::Error),
}

/// A certificate with its key, by which a server speaks TLS 1.3 (RFC 8446). A clone is the same one.
#[derive(Clone)]
pub struct Certificate(TlsAcceptor);

/// Tells nothing of the key.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").finish_non_exhaustive()
    }
}

impl Certificate {
    /// Reads a chain, the server's own certificate first, and its key, both in PEM (RFC 7468).
    ///
    /// # Errors
    /// [`CertificateProblem`], also where the key is that of another certificate.
    pub fn read_pem(chain: &[u8], key: &[u8]) -> Result<Self, CertificateProblem> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<_, _>>()
            .map_err(|_| CertificateProblem::NoCertificate)?;
        if chain.is_empty() {
            return Err(CertificateProblem::NoCertificate);
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| CertificateProblem::NoKey)?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(CertificateProblem::Unusable)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }

    /// A stream in TLS over one in clear.
    pub(crate) async fn accept<S>(&self, stream: S) -> io::Result<TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        self.0.accept(stream).await
    }
}
