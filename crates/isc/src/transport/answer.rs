//! Response of the tenant, decoded without leaking secrets.

use super::error_body::{self, ErrorBody};
use super::page::{self, Page};
use super::room::Taken;
use jiff::Timestamp;
use model::{Redactor, TenantError, TenantErrorKind};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::de::{DeserializeOwned, IgnoredAny};

/// A whole response. It has no `Debug`, because some bodies are secrets.
pub(crate) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// How many attempts the request took.
    pub(super) attempts: u32,
    /// The operation, for errors.
    pub(super) doing: String,
    /// The method and path, from which the scope follows that opens it.
    pub(super) call: String,
    /// Whether the request may be retried; if not, a response that cannot be decoded
    /// leaves open whether it took effect.
    pub(super) idempotent: bool,
    /// How many JSON values the body may have.
    pub(super) most_values: usize,
    /// Knows what must not be shown of it.
    pub(super) redactor: Redactor,
    /// The room that a large body takes, until it is dropped.
    #[expect(dead_code, reason = "it is held, and never looked at")]
    pub(super) room: Option<Taken>,
}

impl Answer {
    /// Decodes the body as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, TenantError> {
        let doing = self.doing.clone();
        let beyond = if has_long_text(&self.body) {
            Some("a text of more than 256 KiB".to_owned())
        } else if has_more_values(&self.body, self.most_values) {
            Some(format!("more than {} values", self.most_values))
        } else {
            None
        };
        if let Some(beyond) = beyond {
            let text = format!("the response has {beyond}");
            let kind = if self.idempotent {
                TenantErrorKind::Undecodable { text }
            } else {
                TenantErrorKind::Unknown { text }
            };
            return Err(TenantError::new(doing, kind));
        }
        serde_json::from_slice(&self.body).map_err(|error| {
            // Where a field has another type, the decoder's message repeats its value,
            // which may be a secret: for a request that creates an object, only the
            // place is reported.
            let kind = if self.idempotent {
                TenantErrorKind::Undecodable {
                    text: self.decoding_error(&error),
                }
            } else {
                TenantErrorKind::Unknown {
                    text: format!(
                        "cannot decode the response at line {}, column {}",
                        error.line(),
                        error.column()
                    ),
                }
            };
            TenantError::new(doing, kind)
        })
    }

    /// Whether a response of success was damaged on its way: it says that it is JSON and
    /// is not, or it has to have a document and is empty. A page is none of the tenant's.
    pub(super) fn is_garbled(&self, has_document: bool) -> bool {
        if self.body.is_empty() {
            return has_document;
        }
        let says_json = self
            .headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.contains("json"));
        says_json
            && serde_json::from_slice::<IgnoredAny>(&self.body).is_err()
            && self.page().is_none()
    }

    /// What a decoder says. It can repeat a value of any length, and a value can be a
    /// secret, of which a part is left where the text is cut off.
    pub(crate) fn decoding_error(&self, error: &impl std::fmt::Display) -> String {
        error_body::cut(&self.redactor.redact_said(&error.to_string()))
    }

    /// The raw body.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The total number of rows, where the tenant states it.
    pub(crate) fn total(&self) -> Option<u64> {
        self.headers
            .get("X-Total-Count")?
            .to_str()
            .ok()?
            .trim()
            .parse()
            .ok()
    }

    /// The web page of something between here and the tenant, where it is one.
    pub(super) fn page(&self) -> Option<Page> {
        page::of(&self.headers, &self.body, &self.redactor)
    }

    /// The body as that of an error, without the secrets that it repeats.
    pub(super) fn error_body(&self) -> ErrorBody {
        error_body::parse(&error_body::redacted(&self.body, &self.redactor))
    }

    /// ISC's tracking id of the request: of the header, else of the body of an error.
    pub(super) fn tracking_id(&self) -> Option<String> {
        /// ISC's are 32 hexadecimal digits; anything can answer in its place.
        const LONGEST: usize = 64;
        let header = self.headers.get("SLPT-Request-ID");
        let id = match header.and_then(|id| id.to_str().ok()) {
            Some(id) => self.redactor.redact_said(id).into_owned(),
            None if self.status >= 400 => self.error_body().tracking_id?,
            None => return None,
        };
        let is_id = id.len() <= LONGEST && id.bytes().all(|byte| byte.is_ascii_graphic());
        (is_id && !id.is_empty()).then_some(id)
    }

    pub(super) fn date(&self) -> Option<Timestamp> {
        let date = self.headers.get(reqwest::header::DATE)?;
        crate::timestamp::from_http_date(date.to_str().ok()?)
    }
}

/// How many bytes one text of a response may have: a page of them would be kept.
const LONGEST_TEXT: usize = 256 << 10;

/// Whether a JSON text has a longer string.
fn has_long_text(text: &[u8]) -> bool {
    let mut begin = None;
    let mut escaped = false;
    for (at, byte) in text.iter().enumerate() {
        match (begin, byte) {
            (None, b'"') => begin = Some(at),
            (Some(_), _) if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(_), b'"') => begin = None,
            (Some(begin), _) if at - begin > LONGEST_TEXT => return true,
            (None | Some(_), _) => {}
        }
    }
    false
}

/// Whether a JSON text has more values than this, by the commas and brackets outside
/// of its strings. Each is at most one value more.
fn has_more_values(text: &[u8], most: usize) -> bool {
    let mut values = 1;
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b',' | b'[' | b'{' => {
                values += 1;
                if values > most {
                    return true;
                }
            }
            b'"' => {
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'"' => break,
                        b'\\' => {
                            bytes.next();
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_low_a_long_text_is_seen_with_its_escapes() {
        let text = |length: usize| format!("[\"a\", \"{}\"]", "b\\\"".repeat(length / 3));
        assert!(!has_long_text(text(LONGEST_TEXT).as_bytes()));
        assert!(has_long_text(text(LONGEST_TEXT + 10).as_bytes()));
        assert!(!has_long_text("[1,".repeat(LONGEST_TEXT).as_bytes()));
    }

    #[test]
    fn values_are_counted_outside_of_strings() {
        for (text, values) in [
            ("7", 1),
            (r#""a,[{\",[""#, 1),
            (r#"{"a,b": [1, 2, {}], "c": ""}"#, 7),
            ("[[[[", 5),
            ("", 1),
        ] {
            assert!(!has_more_values(text.as_bytes(), values), "{text}");
            assert!(
                values == 1 || has_more_values(text.as_bytes(), values - 1),
                "{text}"
            );
        }
    }

    #[test]
    fn security_f4_no_page_of_any_status_shows_a_part_of_a_secret_where_it_is_cut() {
        const TOKEN: &str = "eyJhbGciOi.Ab3xQ9fKd7ZsT0uVw1Yc2Ne4Rg5Hi6.sIgNaTuRe08LmPq";
        let redactor = Redactor::default();
        redactor.learn(&TOKEN.into());
        let most = TOKEN.len();
        let bodies = (0..=most).step_by(5).flat_map(|left| {
            // Where a title, an excerpt and a page are cut.
            let title = format!("<title>{}{TOKEN}</title>", "x".repeat(300 - left));
            let excerpt = format!("<title>{}{TOKEN}</title>", " ".repeat(2_000 - left));
            let page = format!("<{}>{TOKEN}", "a".repeat(16_382 - left));
            let id = format!("<p>Request ID: x1.{TOKEN}~x");
            [title, excerpt, page, id]
        });
        for body in bodies {
            for (status, idempotent) in [(200, true), (201, false), (403, true), (503, true)] {
                let mut headers = HeaderMap::new();
                headers.insert("x-request-id", format!("a1 {TOKEN}").parse().unwrap());
                headers.insert("cf-ray", TOKEN.parse().unwrap());
                let answer = Answer {
                    status,
                    headers,
                    body: body.clone().into_bytes(),
                    attempts: 1,
                    call: "GET /x".to_owned(),
                    doing: "reading".to_owned(),
                    idempotent,
                    most_values: 10,
                    redactor: redactor.clone(),
                    room: None,
                };
                let whole = format!("{:?} {:?}", answer.page(), answer.error_body());
                let error = super::super::failure::check(answer).err().unwrap();
                let shown = format!("{whole} {error} {error:?}");
                assert!(!shown.contains(&TOKEN[..6]), "{status} {shown}");
                assert!(!shown.contains(&TOKEN[most - 6..]), "{status} {shown}");
            }
        }
    }

    #[test]
    fn security_m6_a_decoder_repeats_no_long_value_and_no_part_of_a_secret() {
        const SECRET: &str = "0123456789abcdef0123456789abcdef";
        let redactor = Redactor::default();
        redactor.learn(&SECRET.into());
        for before in [0, 260, 290, 1_000_000] {
            let answer = Answer {
                status: 200,
                headers: HeaderMap::new(),
                body: format!("\"{}{SECRET}\"", "x".repeat(before)).into_bytes(),
                attempts: 1,
                call: "GET /x".to_owned(),
                doing: "reading".to_owned(),
                idempotent: true,
                most_values: 10,
                redactor: redactor.clone(),
                room: None,
            };
            let error = answer.json::<u32>().unwrap_err().to_string();
            assert!(
                error.len() < 1_000 && !error.contains(&SECRET[..8]),
                "{error}"
            );
        }
    }
}
