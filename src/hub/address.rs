//! Where a redirection leads.

use ureq::http::Uri;

/// What `location` means in an answer from `base`; nothing if it is no address.
pub fn joined(base: &Uri, location: &str) -> Option<Uri> {
    let location = location.split('#').next()?;
    let scheme = base.scheme_str()?;
    let authority = base.authority()?;
    let text = if has_scheme(location) {
        location.to_owned()
    } else if let Some(rest) = location.strip_prefix("//") {
        format!("{scheme}://{rest}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else {
        let path = base.path();
        let kept = match location.is_empty() || location.starts_with('?') {
            true => path,
            false => &path[..=path.rfind('/').unwrap_or(0)],
        };
        format!("{scheme}://{authority}{kept}{location}")
    };
    let uri: Uri = text.parse().ok()?;
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    (is_web && uri.host().is_some()).then_some(uri)
}

fn has_scheme(location: &str) -> bool {
    let scheme = location.split(['/', '?']).next().unwrap_or("");
    scheme.contains(':')
}

/// Whether both name the same server: scheme, host and port.
pub fn same_server(one: &Uri, other: &Uri) -> bool {
    server(one) == server(other)
}

fn server(uri: &Uri) -> (Option<&str>, Option<String>, Option<u16>) {
    let default = match uri.scheme_str() {
        Some("https") => Some(443),
        Some("http") => Some(80),
        _ => None,
    };
    let host = uri.host().map(str::to_ascii_lowercase);
    (uri.scheme_str(), host, uri.port_u16().or(default))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(text: &str) -> Uri {
        text.parse().expect("it is an address")
    }

    #[test]
    fn a_location_may_be_relative() {
        let base = uri("https://hub.org:8443/a/b/c?x=1");
        for (location, expected) in [
            ("https://cdn.org/f?sig=a:b", "https://cdn.org/f?sig=a:b"),
            ("//cdn.org/f", "https://cdn.org/f"),
            ("/f", "https://hub.org:8443/f"),
            ("f#part", "https://hub.org:8443/a/b/f"),
            ("?y=http://z", "https://hub.org:8443/a/b/c?y=http://z"),
        ] {
            assert_eq!(joined(&base, location), Some(uri(expected)), "{location}");
        }
        for bad in [
            "ftp://cdn.org/f",
            "file:///etc/passwd",
            "https://",
            "ht tp://x",
        ] {
            assert_eq!(joined(&base, bad), None, "{bad}");
        }
    }

    #[test]
    fn a_server_is_scheme_host_and_port() {
        let hub = uri("https://hub.org/a");
        assert!(same_server(&hub, &uri("https://HUB.org:443/b")));
        for other in [
            "http://hub.org/a",
            "https://hub.org:8443/a",
            "https://hub.org.evil.net/a",
        ] {
            assert!(!same_server(&hub, &uri(other)), "{other}");
        }
    }
}
