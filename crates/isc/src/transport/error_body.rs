//! Parser for ISC's error bodies.

use model::Redactor;
use secrecy::SecretString;
use serde_json::Value;
use std::borrow::Cow;

/// The fields of an error body that are used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ErrorBody {
    /// ISC's message; the beginning of a body that is not in ISC's format.
    pub(super) text: String,
    /// Such as `400.1.3 Illegal value`.
    pub(super) detail_code: Option<String>,
    /// ISC's tracking id, which SailPoint's support asks for.
    pub(super) tracking_id: Option<String>,
    /// Whether it is a web page, not the response of an API.
    pub(super) is_page: bool,
}

/// Parses a body in any of ISC's formats: `{detailCode, trackingId, messages}`,
/// with the same text once for each locale, `{error}` (401) and `{message}` (429).
/// Of any other body the beginning is shown.
pub(super) fn parse(body: &[u8]) -> ErrorBody {
    let Ok(Value::Object(fields)) = serde_json::from_slice(body) else {
        let text = excerpt(body);
        return ErrorBody {
            is_page: text.starts_with('<'),
            text,
            ..ErrorBody::default()
        };
    };
    let field = |name: &str| {
        let text = fields.get(name)?.as_str()?;
        (!text.is_empty()).then(|| text.to_owned())
    };
    let text = fields
        .get("messages")
        .and_then(Value::as_array)
        .and_then(|messages| best_message(messages))
        .or_else(|| field("error_description"))
        .or_else(|| field("message"))
        .or_else(|| field("error"))
        .or_else(|| field("detailCode"))
        .unwrap_or_else(|| excerpt(body));
    ErrorBody {
        text: cut(&text),
        detail_code: field("detailCode").map(|code| cut(&code)),
        tracking_id: field("trackingId").map(|id| cut(&id)),
        is_page: false,
    }
}

/// The secret of a token, where a body that is to be an error has one.
pub(super) fn secret(body: &[u8]) -> Option<SecretString> {
    let fields: Value = serde_json::from_slice(body).ok()?;
    fields.get("secret")?.as_str().map(SecretString::from)
}

/// How many bytes of an error are looked at: ISC's have some hundred.
const LONGEST_BODY: usize = 64 << 10;

/// The body of an error without secrets. A longer one is none of ISC's, and is cut.
pub(super) fn redacted<'b>(body: &'b [u8], redactor: &Redactor) -> Cow<'b, [u8]> {
    match body.get(..LONGEST_BODY) {
        Some(begin) if body.len() > LONGEST_BODY => Cow::Owned(redactor.redact_beginning(begin)),
        Some(_) | None => redactor.redact_bytes(body),
    }
}

/// How many different messages of an error are shown.
const MOST_MESSAGES: usize = 20;

/// The texts of one locale, English where there is a choice, without repeats.
fn best_message(messages: &[Value]) -> Option<String> {
    let texts = |wanted: &dyn Fn(&str) -> bool| {
        let mut texts: Vec<&str> = Vec::new();
        for message in messages {
            if texts.len() == MOST_MESSAGES {
                break;
            }
            let locale = message.get("locale").and_then(Value::as_str);
            let text = message.get("text").and_then(Value::as_str);
            if let Some(text) = text.filter(|text| !text.is_empty())
                && wanted(locale.unwrap_or_default())
                && !texts.contains(&text)
            {
                texts.push(text);
            }
        }
        (!texts.is_empty()).then(|| texts.join("; "))
    };
    let first_locale = messages.iter().find_map(|message| {
        message.get("text").and_then(Value::as_str)?;
        Some(
            message
                .get("locale")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        )
    });
    texts(&|locale| locale.eq_ignore_ascii_case("en-US"))
        .or_else(|| texts(&|locale| Some(locale) == first_locale))
}

/// The beginning of a body, on one line.
pub(super) fn excerpt(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body.get(..2_000).unwrap_or(body));
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return "empty response".to_owned();
    }
    cut(&line)
}

/// The beginning of a text, without control characters.
pub(super) fn cut(text: &str) -> String {
    const LONGEST: usize = 300;
    let mut characters = text.chars().filter(|character| !character.is_control());
    let mut short: String = characters.by_ref().take(LONGEST).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_m6_a_secret_in_an_error_is_found() {
        use secrecy::ExposeSecret as _;
        let found = |body: &str| secret(body.as_bytes()).map(|it| it.expose_secret().to_owned());
        let created = r#"{"id":"1","secret":"0123456789abcdef"}"#;
        assert_eq!(found(created).as_deref(), Some("0123456789abcdef"));
        for other in ["", "[]", r#"{"secret":1}"#, "<html>", r#"{"messages":[]}"#] {
            assert_eq!(found(other), None, "{other}");
        }
    }

    #[test]
    fn all_forms_are_read() {
        let table: [(&str, &str, Option<&str>, Option<&str>); 9] = [
            (
                r#"{"detailCode":"400.1.3 Illegal value","trackingId":"b1","messages":[
                    {"locale":"de-DE","text":"falsch"},
                    {"locale":"en-US","localeOrigin":"DEFAULT","text":"wrong column"},
                    {"locale":"en-US","localeOrigin":"REQUEST","text":"wrong column"}],"causes":[]}"#,
                "wrong column",
                Some("400.1.3 Illegal value"),
                Some("b1"),
            ),
            (
                r#"{"messages":[{"locale":"und","text":"one"},{"locale":"fr","text":"un"}]}"#,
                "one",
                None,
                None,
            ),
            (r#"{"messages":[{"text":"bare"}]}"#, "bare", None, None),
            (
                r#"{"error":"JWT validation failed"}"#,
                "JWT validation failed",
                None,
                None,
            ),
            (
                r#"{"error":"invalid_client","error_description":"Bad credentials"}"#,
                "Bad credentials",
                None,
                None,
            ),
            (
                r#"{"message":"Rate limit exceeded"}"#,
                "Rate limit exceeded",
                None,
                None,
            ),
            (
                r#"{"detailCode":"404 Not found","trackingId":"","messages":[]}"#,
                "404 Not found",
                Some("404 Not found"),
                None,
            ),
            ("upstream\n  died", "upstream died", None, None),
            ("", "empty response", None, None),
        ];
        for (body, text, detail_code, tracking_id) in table {
            let parsed = parse(body.as_bytes());
            assert_eq!(parsed.text, text, "{body}");
            assert_eq!(parsed.detail_code.as_deref(), detail_code, "{body}");
            assert_eq!(parsed.tracking_id.as_deref(), tracking_id, "{body}");
            assert!(!parsed.is_page, "{body}");
        }
    }

    #[test]
    fn pages_are_known_and_cut() {
        let page = format!("\n <!DOCTYPE html>{}", "x ".repeat(4_000));
        let parsed = parse(page.as_bytes());
        assert!(parsed.is_page);
        assert!(parsed.text.chars().count() <= 301 && parsed.text.ends_with('…'));
        assert!(!parse(b"\xff\xfe broken").text.is_empty());
    }

    #[test]
    fn security_m6_a_large_error_is_cut_before_it_costs_much() {
        let redactor = Redactor::default();
        let secret = "0123456789abcdef".repeat(4);
        redactor.learn(&secret.as_str().into());
        for before in [
            0,
            1_000,
            LONGEST_BODY - 600,
            LONGEST_BODY - 30,
            LONGEST_BODY,
        ] {
            let body = format!("{} {secret} {}", "x".repeat(before), "y".repeat(4 << 20));
            let clean = redacted(body.as_bytes(), &redactor);
            assert!(clean.len() <= LONGEST_BODY + 16);
            let clean = String::from_utf8_lossy(&clean);
            for at in 0..secret.len() - 8 {
                assert!(!clean.contains(&secret[at..at + 8]), "{before}");
            }
        }
        let many: Vec<String> = (0..200_000)
            .map(|n| format!("{{\"text\":\"{n}\"}}"))
            .collect();
        let body = format!("{{\"messages\":[{}]}}", many.join(","));
        assert!(
            parse(body.as_bytes()).text.starts_with("0; 1"),
            "{}",
            parse(body.as_bytes()).text
        );
    }
}
