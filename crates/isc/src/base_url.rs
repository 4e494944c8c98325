//! Base URL of a tenant's API.

use std::fmt;
use std::str::FromStr;
use url::{Host, Url};

/// The address that all paths are appended to, such as
/// `https://acme.api.identitynow.com`.
///
/// It is `https`, or `http` to this machine only, because credentials travel
/// over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(Url);

/// A text that is not the address of a tenant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// It is not an absolute URL.
    #[error(
        "`{text}` must be the URL of the tenant's API, such as https://TENANT.api.identitynow.com"
    )]
    NotAUrl {
        /// What was given.
        text: String,
        /// The error of the parser.
        #[source]
        source: url::ParseError,
    },
    /// It is neither `https`, nor `http` to this machine.
    #[error(
        "`{text}` must begin with https://, because credentials are sent to it; http:// is allowed for this machine only (127.0.0.1, [::1], localhost)"
    )]
    NotSecure {
        /// What was given.
        text: String,
    },
    /// It contains a user name or password, which would be sent and logged.
    #[error(
        "the tenant's address must not contain a user name or password; set SAIL_CLIENT_ID and SAIL_CLIENT_SECRET instead"
    )]
    HasCredentials,
    /// It is the address of the pages for people, below which there is no API.
    #[error("`{text}` is the address of the tenant's pages; the address of its API is {api}")]
    OfPages {
        /// What was given.
        text: String,
        /// The address of the API.
        api: String,
    },
    /// It has a query or fragment, to which no path can be appended.
    #[error("`{text}` must not have a query or a fragment")]
    HasQuery {
        /// What was given.
        text: String,
    },
}

impl BaseUrl {
    /// Whether it leads to this machine, where neither a proxy nor TLS is used.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// Whether it is reached over TLS.
    pub(crate) fn is_tls(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The address of something below it. The segments are percent-encoded, so
    /// that an id with a slash stays one segment.
    pub(crate) fn below(&self, segments: &[&str], query: &[(&str, String)]) -> Url {
        let mut url = self.0.clone();
        // Only addresses that cannot have a path refuse, and http(s) can.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
            // A space as `+` is for forms; in a filter `%20` is understood by all.
            let spaced = url.query().map(|query| query.replace('+', "%20"));
            url.set_query(spaced.as_deref());
        }
        url
    }

    /// The host and port, for messages.
    pub fn authority(&self) -> &str {
        self.0.authority()
    }

    /// The host, in lower case.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The port, that of the scheme where none is written.
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or_default()
    }

    /// The address without its path.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, BaseUrlError> {
        let url = Url::parse(text.trim()).map_err(|source| BaseUrlError::NotAUrl {
            text: text.to_owned(),
            source,
        })?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::HasCredentials);
        }
        let text = text.to_owned();
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            _ => return Err(BaseUrlError::NotSecure { text }),
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BaseUrlError::HasQuery { text });
        }
        if let Some(api) = api_of_pages(&url) {
            return Err(BaseUrlError::OfPages { text, api });
        }
        Ok(Self(url))
    }
}

/// The address of the API of a tenant, where an address is that of its pages.
fn api_of_pages(url: &Url) -> Option<String> {
    let (tenant, domain) = url.host_str()?.split_once('.')?;
    let is_of_pages = ["identitynow.com", "identitynow-demo.com"].contains(&domain);
    (is_of_pages && tenant != "api").then(|| format!("https://{tenant}.api.{domain}"))
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_tenants_are_taken() {
        for (text, shown) in [
            (
                "https://acme.api.identitynow.com",
                "https://acme.api.identitynow.com",
            ),
            (
                " https://acme.api.identitynow.com/ ",
                "https://acme.api.identitynow.com",
            ),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080/", "http://[::1]:8080"),
            ("http://localhost:1", "http://localhost:1"),
            ("https://gateway.example/isc", "https://gateway.example/isc"),
        ] {
            assert_eq!(text.parse::<BaseUrl>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        for (text, complaint) in [
            ("", "must be the URL"),
            ("acme.api.identitynow.com", "must be the URL"),
            (
                "https://acme.identitynow.com",
                "the address of its API is https://acme.api.identitynow.com",
            ),
            (
                "http://acme.api.identitynow.com",
                "must begin with https://",
            ),
            ("http://127.0.0.1.example.com", "must begin with https://"),
            ("ftp://127.0.0.1", "must begin with https://"),
            ("https://jane:secret@acme.example", "user name or password"),
            ("https://acme.example?x=1", "query or a fragment"),
            ("https://acme.example#x", "query or a fragment"),
        ] {
            let error = text.parse::<BaseUrl>().unwrap_err().to_string();
            assert!(error.contains(complaint), "{text}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn paths_and_queries_are_encoded() {
        let base: BaseUrl = "https://acme.example/isc/".parse().unwrap();
        let filters = "name eq \"a+b #%&\"".to_owned();
        assert_eq!(
            base.below(&["sources", "v1", "a/b"], &[("filters", filters)])
                .as_str(),
            "https://acme.example/isc/sources/v1/a%2Fb?filters=name%20eq%20%22a%2Bb%20%23%25%26%22"
        );
    }
}
