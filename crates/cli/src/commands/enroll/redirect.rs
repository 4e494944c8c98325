//! Request with which a browser comes back from the sign-in page.
//!
//! Any page that the browser shows can send requests to this machine. So only a request
//! for the redirect URI itself, with its host and the state of this sign-in, counts.

use httparse::{EMPTY_HEADER, Request, Status};
use secrecy::SecretString;
use url::Url;

/// Where the browser comes back to: this machine, over IPv4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RedirectUri {
    text: String,
    /// As the browser names it: `127.0.0.1:PORT` or `localhost:PORT`.
    host: String,
    path: String,
    port: u16,
}

impl RedirectUri {
    /// # Errors
    /// Why it cannot be used.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "it is not a URL")?;
        let host = match url.host_str() {
            Some(host @ ("127.0.0.1" | "localhost")) => host.to_owned(),
            Some(_) | None => return Err("its host must be 127.0.0.1 or localhost"),
        };
        if url.scheme() != "http" {
            return Err("it must begin with http://");
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return Err("it must not have a user name, a query or a fragment");
        }
        let port = match url.port() {
            Some(port) if port >= 1024 => port,
            Some(_) | None => return Err("it needs a port of 1024 or more"),
        };
        Ok(Self {
            text: text.to_owned(),
            host: format!("{host}:{port}"),
            path: url.path().to_owned(),
            port,
        })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

/// What a request is.
#[derive(Debug)]
pub(super) enum Arrived {
    /// The sign-in succeeded, with this code.
    Code(SecretString),
    /// The sign-in ended with an error.
    Failed(String),
    /// It is not the end of this sign-in; the answer's status.
    Other(u16),
    /// Its head is not complete yet.
    Incomplete,
}

/// Classifies the beginning of a request.
pub(super) fn classify(bytes: &[u8], expected: &RedirectUri, state: &str) -> Arrived {
    let mut headers = [EMPTY_HEADER; 100];
    let mut request = Request::new(&mut headers);
    match request.parse(bytes) {
        Ok(Status::Complete(_)) => {}
        Ok(Status::Partial) => return Arrived::Incomplete,
        Err(_) => return Arrived::Other(400),
    }
    let mut hosts = request
        .headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case("host"));
    let is_here = hosts
        .next()
        .is_some_and(|host| host.value.eq_ignore_ascii_case(expected.host.as_bytes()));
    if !is_here || hosts.next().is_some() {
        return Arrived::Other(421);
    }
    if request.method != Some("GET") {
        return Arrived::Other(405);
    }
    let target = request.path.unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path != expected.path {
        return Arrived::Other(404);
    }
    let field = |name: &str| {
        let mut values = url::form_urlencoded::parse(query.as_bytes())
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned());
        let first = values.next()?;
        // Twice the same is no answer of a sign-in page.
        values.next().is_none().then_some(first)
    };
    if field("state").as_deref() != Some(state) {
        return Arrived::Other(400);
    }
    match (field("error"), field("code")) {
        (Some(error), _) => Arrived::Failed(match field("error_description") {
            Some(description) => format!("{} ({})", short(&error), short(&description)),
            None => short(&error),
        }),
        (None, Some(code)) if !code.is_empty() && code.len() <= 4096 => {
            Arrived::Code(SecretString::from(code))
        }
        (None, _) => Arrived::Other(400),
    }
}

/// What others wrote, without characters that do not show, and not longer than a line.
fn short(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_control())
        .take(200)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn only_this_machine_is_come_back_to() {
        for (text, expected) in [
            ("http://127.0.0.1:8976/steersman", Ok(8976)),
            ("http://localhost:8976", Ok(8976)),
            ("http://127.0.0.1/steersman", Err("port")),
            ("http://127.0.0.1:80/steersman", Err("port")),
            ("https://127.0.0.1:8976/", Err("http://")),
            ("http://0.0.0.0:8976/", Err("host")),
            ("http://evil.example:8976/", Err("host")),
            ("http://127.0.0.1.evil.example:8976/", Err("host")),
            ("http://127.0.0.1:8976/?a=b", Err("query")),
            ("http://jane@127.0.0.1:8976/", Err("user name")),
            ("steersman", Err("URL")),
        ] {
            match (RedirectUri::parse(text), expected) {
                (Ok(uri), Ok(port)) => assert_eq!(uri.port(), port, "{text}"),
                (Err(why), Err(part)) => assert!(why.contains(part), "{text}: {why}"),
                (found, _) => panic!("{text}: {found:?}"),
            }
        }
    }

    #[test]
    fn a_request_of_another_page_ends_no_sign_in() {
        let uri = RedirectUri::parse("http://127.0.0.1:8976/back").unwrap();
        let head = |line: &str, host: &str| format!("{line} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let here = "127.0.0.1:8976";
        let words = |text: &str| match classify(text.as_bytes(), &uri, "s-1") {
            Arrived::Code(code) => format!("code {}", code.expose_secret()),
            Arrived::Failed(error) => format!("failed {error}"),
            Arrived::Other(status) => status.to_string(),
            Arrived::Incomplete => "incomplete".to_owned(),
        };
        for (line, host, expected) in [
            ("GET /back?code=c%2B1&state=s-1", here, "code c+1"),
            ("GET /back?state=s-1&code=c", "127.0.0.1:8976", "code c"),
            (
                "GET /back?error=access_denied&error_description=No%0A%1B[31mone&state=s-1",
                here,
                "failed access_denied (No[31mone)",
            ),
            ("GET /back?code=c&state=s-2", here, "400"),
            ("GET /back?code=c", here, "400"),
            ("GET /back?code=c&state=s-1&state=s-1", here, "400"),
            ("GET /back?code=c&code=d&state=s-1", here, "400"),
            ("GET /back?error=x", here, "400"),
            ("GET /back?code=&state=s-1", here, "400"),
            ("POST /back?code=c&state=s-1", here, "405"),
            ("GET /other?code=c&state=s-1", here, "404"),
            ("GET /favicon.ico", here, "404"),
            ("GET /back?code=c&state=s-1", "evil.example", "421"),
            ("GET /back?code=c&state=s-1", "localhost:8976", "421"),
            ("GET /back?code=c&state=s-1", "127.0.0.1:1", "421"),
        ] {
            assert_eq!(words(&head(line, host)), expected, "{line} {host}");
        }
        assert_eq!(words("GET /back?code=c&state=s-1 HTTP/1.1\r\n\r\n"), "421");
        assert_eq!(words("GET /back?code=c&st"), "incomplete");
        assert_eq!(words("\u{16}\u{3}\u{1}"), "400");
    }
}
