//! Which requests are taken: those for the simulator's own host, from nobody else's page.
//!
//! The simulator protects nothing by a secret, so a page that its user visits must not be able to
//! talk to it. A browser tells where a request comes from (`Origin`, `Sec-Fetch-Site`) and for
//! which host it is (`Host`); a name that an attacker makes point to loopback is none of ours.

use std::net::{IpAddr, SocketAddr};

use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, Uri, header};

use crate::errors::Refusal;

/// The hosts that are the simulator's own.
#[derive(Debug, Clone)]
pub(crate) struct Admission {
    listen: IpAddr,
    names: Vec<String>,
}

/// Why a request is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAdmitted {
    /// There is no `Host`, or there are several.
    #[error("The request must name one host.")]
    NoHost,
    /// The host is somebody else's.
    #[error(
        "The host {0:?} is not the simulator's. It answers to loopback addresses, to the address that it listens on, and to names that it is told."
    )]
    Host(String),
    /// Another page sent the request.
    #[error("The request comes from a page of another origin, {0:?}.")]
    Origin(String),
    /// A browser says that another site sent the request.
    #[error("The request comes from a page of another site.")]
    Site,
}

impl From<NotAdmitted> for Refusal {
    fn from(reason: NotAdmitted) -> Self {
        Self::forbidden_because(reason.to_string())
    }
}

impl Admission {
    /// The hosts of a simulator that listens here and is also reached by these names.
    pub(crate) fn new(listen: SocketAddr, names: &[String]) -> Self {
        Self {
            listen: listen.ip(),
            names: names.iter().map(|name| normal(name)).collect(),
        }
    }

    /// Checks a request by its head.
    pub(crate) fn check(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<(), NotAdmitted> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return Err(NotAdmitted::NoHost);
        };
        let host = String::from_utf8_lossy(host.as_bytes()).into_owned();
        // A request with an absolute target has the host twice.
        for authority in [Some(host.as_str()), uri.authority().map(Authority::as_str)]
            .into_iter()
            .flatten()
        {
            if !self.is_own(authority) {
                return Err(NotAdmitted::Host(authority.to_owned()));
            }
        }
        for origin in headers.get_all(header::ORIGIN) {
            let origin = String::from_utf8_lossy(origin.as_bytes()).into_owned();
            let authority = origin
                .strip_prefix("http://")
                .or_else(|| origin.strip_prefix("https://"));
            if !authority.is_some_and(|authority| authority.eq_ignore_ascii_case(&host)) {
                return Err(NotAdmitted::Origin(origin));
            }
        }
        // Requests that come without an origin: images, scripts, forms that only get. A link may
        // lead here, for that is how signing in begins.
        let says = |name, value: &str| {
            headers
                .get(name)
                .is_some_and(|found| found.as_bytes().eq_ignore_ascii_case(value.as_bytes()))
        };
        let foreign = says("sec-fetch-site", "cross-site") || says("sec-fetch-site", "same-site");
        let follows_a_link = method == Method::GET
            && says("sec-fetch-mode", "navigate")
            && says("sec-fetch-dest", "document");
        if foreign && !follows_a_link {
            return Err(NotAdmitted::Site);
        }
        Ok(())
    }

    fn is_own(&self, authority: &str) -> bool {
        let Some(host) = host_of(authority) else {
            return false;
        };
        if let Ok(address) = host.parse::<IpAddr>() {
            // Behind an address there is no name that could be pointed elsewhere, so where the
            // simulator listens on all addresses, each of them is its own.
            return address.is_loopback() || address == self.listen || self.listen.is_unspecified();
        }
        let host = normal(host);
        host == "localhost" || self.names.contains(&host)
    }
}

/// The host of `host`, `host:port` or `[address]:port`.
fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            match port.strip_prefix(':') {
                Some(port) => (host, Some(port)),
                None if port.is_empty() => (host, None),
                None => return None,
            }
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    port.is_none_or(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
        .then_some(host)
}

fn normal(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(listen: &str, headers: &[(&'static str, &str)]) -> bool {
        let admission = Admission::new(listen.parse().unwrap(), &["Tenant.test".to_owned()]);
        let headers = headers
            .iter()
            .map(|(name, value)| {
                (
                    header::HeaderName::from_static(name),
                    value.parse().unwrap(),
                )
            })
            .collect();
        admission
            .check(&Method::GET, &Uri::from_static("/sources/v1"), &headers)
            .is_ok()
    }

    #[test]
    fn only_the_own_host_is_answered() {
        let lo = "127.0.0.1:8080";
        for (listen, host, expected) in [
            (lo, "127.0.0.1:8080", true),
            (lo, "localhost:8080", true),
            (lo, "LOCALHOST.", true),
            (lo, "[::1]:8080", true),
            (lo, "127.1.2.3", true),
            (lo, "tenant.test:8080", true),
            (lo, "evil.example", false),
            (lo, "localhost.evil.example", false),
            (lo, "127.0.0.1.evil.example", false),
            (lo, "evil.example:80@127.0.0.1", false),
            (lo, "192.0.2.7:8080", false),
            (lo, "", false),
            ("192.0.2.7:8080", "192.0.2.7:8080", true),
            ("0.0.0.0:8080", "192.0.2.9:8080", true),
            ("0.0.0.0:8080", "evil.example:8080", false),
        ] {
            assert_eq!(
                check(listen, &[("host", host)]),
                expected,
                "{listen} {host}"
            );
        }
        assert!(!check(lo, &[]));
        assert!(!check(
            lo,
            &[("host", "localhost"), ("host", "evil.example")]
        ));
    }

    #[test]
    fn only_the_own_page_is_answered() {
        let lo = "127.0.0.1:8080";
        let host = ("host", "127.0.0.1:8080");
        for (headers, expected) in [
            (vec![("origin", "http://127.0.0.1:8080")], true),
            (vec![("origin", "http://127.0.0.1:3000")], false),
            (vec![("origin", "https://evil.example")], false),
            (vec![("origin", "null")], false),
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "none")], true),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "same-site")], false),
            (
                vec![
                    ("sec-fetch-site", "cross-site"),
                    ("sec-fetch-mode", "navigate"),
                    ("sec-fetch-dest", "document"),
                ],
                true,
            ),
            (
                vec![
                    ("sec-fetch-site", "cross-site"),
                    ("sec-fetch-mode", "navigate"),
                    ("sec-fetch-dest", "iframe"),
                ],
                false,
            ),
        ] {
            let headers: Vec<_> = std::iter::once(host).chain(headers).collect();
            assert_eq!(check(lo, &headers), expected, "{headers:?}");
        }
    }
}
