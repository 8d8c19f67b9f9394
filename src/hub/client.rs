//! One question to a server, and the way its answer takes.
//!
//! Redirections are followed here and not by ureq: the hub says what a file's hash is where it sends
//! us on, and its token is nobody else's business. Certificates are those of the system, so that a
//! school's network which has one of its own works, too.

use std::io::ErrorKind;
use std::time::Duration;

use ureq::http::header::{ETAG, HeaderName, LOCATION};
use ureq::http::{HeaderMap, Response, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, Timeout};

use super::address::{joined, same_server};
use super::content::sha256_of_etag;
use super::settings::{self, Settings};
use super::trouble::Trouble;

/// More redirections than any server needs.
const REDIRECTIONS: usize = 10;

/// Which bytes of a file are wanted.
#[derive(Debug)]
pub struct Rest {
    /// The first one.
    pub from: u64,
    /// The file that the bytes before are of, by its `ETag`.
    pub of: Option<String>,
}

/// What a server says, before the bytes.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Who says it.
    pub host: String,
    /// Size of the whole file, as the hub says it where it redirects.
    pub linked_size: Option<u64>,
    /// Hash of the whole file, wherever on the way it is said.
    pub sha256: Option<String>,
    /// The headers.
    pub headers: HeaderMap,
    /// The bytes.
    pub body: Body,
}

impl Answer {
    /// A header as text.
    pub fn header(&self, name: impl Into<HeaderName>) -> Option<&str> {
        self.headers.get(name.into())?.to_str().ok()
    }
}

/// Asks servers as the settings have it.
pub struct Client<'a> {
    /// How.
    pub settings: &'a Settings,
    agent: Agent,
}

impl<'a> Client<'a> {
    /// One that trusts the certificates that this machine trusts.
    pub fn new(settings: &'a Settings) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let patience = Some(settings.patience);
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("tutor/", env!("CARGO_PKG_VERSION")))
            .accept_encoding("identity")
            .timeout_resolve(patience)
            .timeout_connect(patience)
            .timeout_recv_response(patience)
            .timeout_per_read(patience)
            .timeout_per_write(patience)
            .build();
        Self {
            settings,
            agent: config.new_agent(),
        }
    }

    /// The answer to `address`, redirections followed.
    pub fn get(&self, address: &Uri, rest: Option<&Rest>) -> Result<Answer, Trouble> {
        let mut address = address.clone();
        let (mut linked_size, mut linked_sha256) = (None, None);
        for _ in 0..=REDIRECTIONS {
            let response = self.ask(&address, rest)?;
            let header = |name: &str| response.headers().get(name)?.to_str().ok();
            linked_size = linked_size.or_else(|| header("x-linked-size")?.parse().ok());
            linked_sha256 = linked_sha256.or_else(|| sha256_of_etag(header("x-linked-etag")?));
            let status = response.status();
            let location = response
                .headers()
                .get(LOCATION)
                .filter(|_| status.is_redirection());
            let Some(location) = location else {
                let sha256 = linked_sha256.or_else(|| sha256_of_etag(header(ETAG.as_str())?));
                let (parts, body) = response.into_parts();
                return Ok(Answer {
                    status: status.as_u16(),
                    host: host(&address),
                    linked_size,
                    sha256,
                    headers: parts.headers,
                    body,
                });
            };
            let astray = |what| Trouble::Astray {
                host: host(&address),
                what,
            };
            let next = location
                .to_str()
                .ok()
                .and_then(|location| joined(&address, location));
            let next = next.ok_or_else(|| astray("to what is no address of the web"))?;
            if address.scheme_str() == Some("https") && next.scheme_str() != Some("https") {
                return Err(astray("to where the connection is not encrypted"));
            }
            address = next;
        }
        Err(Trouble::Astray {
            host: host(&address),
            what: "in a circle",
        })
    }

    fn ask(&self, address: &Uri, rest: Option<&Rest>) -> Result<Response<Body>, Trouble> {
        let proxy = settings::proxy(address).map_err(|variable| Trouble::Proxy { variable })?;
        let mut request = self.agent.get(address).config().proxy(proxy).build();
        // Whoever the hub sends us to is somebody else.
        let token = self.settings.token.as_ref();
        if let Some(token) = token.filter(|_| same_server(address, &self.settings.endpoint)) {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if let Some(rest) = rest {
            request = request.header("Range", format!("bytes={}-", rest.from));
            if let Some(tag) = &rest.of {
                request = request.header("If-Range", tag);
            }
        }
        request
            .call()
            .map_err(|error| unreachable(error, address, self.settings.patience))
    }
}

/// The server of an address, as people name it.
fn host(address: &Uri) -> String {
    address
        .authority()
        .map(|authority| {
            // What stands before an `@` may be a password.
            authority
                .as_str()
                .rsplit('@')
                .next()
                .unwrap_or("")
                .to_owned()
        })
        .unwrap_or_default()
}

fn unreachable(error: ureq::Error, address: &Uri, patience: Duration) -> Trouble {
    let host = host(address);
    match error {
        ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => Trouble::Unreachable {
            host,
            reason: format!("no connection within {} s", patience.as_secs_f64()),
        },
        ureq::Error::Timeout(_) => Trouble::Silent { host, patience },
        ureq::Error::HostNotFound => Trouble::Unreachable {
            host,
            reason: "no server of this name is found".into(),
        },
        ureq::Error::Http(_) => Trouble::Token,
        // As rustls reports certificates through a connection.
        ureq::Error::Io(error) if error.kind() == ErrorKind::InvalidData => Trouble::Untrusted {
            host,
            reason: error.to_string(),
        },
        ureq::Error::Io(error) => Trouble::Unreachable {
            host,
            reason: error.to_string(),
        },
        error => Trouble::Unreachable {
            host,
            reason: error.to_string(),
        },
    }
}
