//! What the environment says about the hub, by the names that Hugging Face's own tools read.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use ureq::Proxy;
use ureq::http::Uri;

use crate::error::{Error, Result};

/// The hub's own address.
const HUB: &str = "https://huggingface.co";

/// How the hub is reached, and whether.
#[derive(Debug)]
pub struct Settings {
    /// The address before the repository's name, without a `/` at its end: `HF_ENDPOINT`.
    pub endpoint: Uri,
    /// What the endpoint is told, and nobody else: `HF_TOKEN`.
    pub token: Option<String>,
    /// Whether there is to be no network: `HF_HUB_OFFLINE`.
    pub offline: bool,
    /// Folders that may hold the hub's cache, the likeliest first.
    pub caches: Vec<PathBuf>,
    /// How long a server may say nothing.
    pub patience: Duration,
}

impl Settings {
    /// Those of this process's environment.
    ///
    /// # Errors
    ///
    /// If `HF_ENDPOINT` is no address.
    pub fn of_environment(patience: Duration) -> Result<Self> {
        let endpoint = variable("HF_ENDPOINT").unwrap_or_else(|| HUB.into());
        let uri = endpoint.trim_end_matches('/').parse::<Uri>().ok();
        let is_web = |uri: &Uri| {
            matches!(uri.scheme_str(), Some("http" | "https"))
                && uri.host().is_some()
                && uri.query().is_none()
        };
        let endpoint = uri.filter(is_web).ok_or_else(|| Error::Usage {
            message: "`HF_ENDPOINT` is no address of a server".into(),
            next: format!("an address looks like {HUB}"),
        })?;
        Ok(Self {
            endpoint,
            token: variable("HF_TOKEN").map(|token| token.trim().to_owned()),
            offline: variable("HF_HUB_OFFLINE").is_some_and(|value| is_yes(&value)),
            caches: caches(),
            patience,
        })
    }

    /// The address of a file.
    pub(super) fn address(&self, repository: &str, name: &str) -> Option<Uri> {
        let endpoint = self.endpoint.to_string();
        let endpoint = endpoint.trim_end_matches('/');
        format!("{endpoint}/{repository}/resolve/main/{name}")
            .parse()
            .ok()
    }
}

/// The proxy on the way to `uri`, if there is to be one.
///
/// # Errors
///
/// The variable that should name one and does not.
pub(super) fn proxy(uri: &Uri) -> std::result::Result<Option<Proxy>, &'static str> {
    let exceptions = variable("NO_PROXY").or_else(|| variable("no_proxy"));
    if is_exempt(uri, &exceptions.unwrap_or_default()) {
        return Ok(None);
    }
    let names: [&str; 4] = match uri.scheme_str() {
        Some("https") => ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
        _ => ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
    };
    let named = names
        .into_iter()
        .find_map(|name| Some((name, variable(name)?)));
    named
        .map(|(name, value)| Proxy::new(&value).map_err(|_| name))
        .transpose()
}

/// Whether `exceptions`, as `NO_PROXY` has them, name the server: `*`, or a host and with it
/// everything below it, with or without a port.
fn is_exempt(uri: &Uri, exceptions: &str) -> bool {
    let host = uri
        .host()
        .unwrap_or("")
        .trim_matches(['[', ']'])
        .to_ascii_lowercase();
    exceptions.split(',').map(str::trim).any(|exception| {
        let exception = exception.to_ascii_lowercase();
        let (name, port) = match exception.rsplit_once(':') {
            Some((name, port)) if !name.contains(':') || name.ends_with(']') => {
                (name, port.parse().ok())
            }
            _ => (exception.as_str(), None),
        };
        let name = name
            .trim_start_matches('*')
            .trim_start_matches('.')
            .trim_matches(['[', ']']);
        let fits = host == name || host.ends_with(&format!(".{name}"));
        exception == "*" || (!name.is_empty() && fits && (port.is_none() || port == uri.port_u16()))
    })
}

fn caches() -> Vec<PathBuf> {
    let folder = |name: &str| variable(name).map(PathBuf::from);
    let home = env::home_dir();
    let cache = folder("XDG_CACHE_HOME").or_else(|| Some(home?.join(".cache")));
    let hub = folder("HF_HUB_CACHE")
        .or_else(|| Some(folder("HF_HOME")?.join("hub")))
        .or_else(|| Some(cache?.join("huggingface").join("hub")));
    hub.into_iter().collect()
}

/// A variable that is set to something.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn is_yes(value: &str) -> bool {
    ["1", "on", "yes", "true"].contains(&value.trim().to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_name_hosts_and_what_lies_below() {
        let uri: Uri = "http://cdn.hub.org:8080/x"
            .parse()
            .expect("it is an address");
        for exceptions in [
            "*",
            "hub.org",
            ".hub.org",
            "*.hub.org",
            "a.net, CDN.hub.org",
            "hub.org:8080",
        ] {
            assert!(is_exempt(&uri, exceptions), "{exceptions}");
        }
        for exceptions in [
            "",
            ",",
            "b.org",
            "ub.org",
            "hub.org:80",
            "x.cdn.hub.org",
            "hub.org.net",
        ] {
            assert!(!is_exempt(&uri, exceptions), "{exceptions}");
        }
        let uri: Uri = "http://[::1]:8080/x".parse().expect("it is an address");
        assert!(is_exempt(&uri, "::1") && is_exempt(&uri, "[::1]:8080"));
    }

    #[test]
    fn a_yes_is_said_in_several_ways() {
        assert!(
            ["1", "ON", "Yes", "true "]
                .iter()
                .all(|value| is_yes(value))
        );
        assert!(!["0", "off", "no", "2"].iter().any(|value| is_yes(value)));
    }
}
