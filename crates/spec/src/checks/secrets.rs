//! Rejects secrets in plain text.
//!
//! This check examines the files before variables are expanded, because the value
//! of a variable may be a secret.

use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::span::Span;
use crate::suggestion::Fix;
use crate::yaml::{Node, Value};

/// Reports secrets in plain text and returns their places, so that rendering can
/// redact them. The values are removed from the tree, so that no other message
/// quotes them.
pub(crate) fn find_secrets(root: &mut Node, findings: &mut Findings) -> Vec<Span> {
    let mut found = Vec::new();
    client_secret(root, findings, &mut found);
    receivers(root, findings, &mut found);
    walk(root, findings, &mut found);
    found
}

/// The same for an item of a list.
pub(crate) fn find_secrets_of_item(item: &mut Node, findings: &mut Findings) -> Vec<Span> {
    let mut found = Vec::new();
    walk(item, findings, &mut found);
    found
}

/// `tenant.clientSecret` must be a variable without a default.
fn client_secret(root: &mut Node, findings: &mut Findings, found: &mut Vec<Span>) {
    let Some(node) = child(root, "tenant").and_then(|tenant| child(tenant, "clientSecret")) else {
        return;
    };
    let Value::Scalar(scalar) = &node.value else {
        return;
    };
    let text = scalar.text.trim();
    if is_variable(text) || scalar.is_null() || text.is_empty() {
        return;
    }
    found.push(node.span);
    node.value = Value::Broken;
    findings.push(
        Finding::new(
            Code::LiteralClientSecret,
            "client secret is written in a file",
        )
        .at(node.span, "everyone with access to the repository can use this secret")
        .help(
            "write `${SAIL_CLIENT_SECRET}`; if the secret is real, revoke it, because it stays in the Git history",
        )
        .fix(Fix::as_it_is(node.span, "\"${SAIL_CLIENT_SECRET}\"").if_decided()),
    );
}

/// Addresses and keys under `notify` must be variables without a default: who knows the
/// address of a webhook can post there.
fn receivers(root: &mut Node, findings: &mut Findings, found: &mut Vec<Span>) {
    const KEYS: [(&str, &str); 4] = [
        ("slack", "SLACK_WEBHOOK"),
        ("teams", "TEAMS_WEBHOOK"),
        ("webhook", "NOTICE_WEBHOOK"),
        ("secret", "NOTICE_KEY"),
    ];
    let Some(notify) = child(root, "notify") else {
        return;
    };
    let Value::Sequence(items) = &mut notify.value else {
        return;
    };
    for item in items {
        for (key, variable) in KEYS {
            let Some(node) = child(item, key) else {
                continue;
            };
            let Value::Scalar(scalar) = &node.value else {
                continue;
            };
            let text = scalar.text.trim();
            if is_variable(text) || scalar.is_null() || text.is_empty() {
                continue;
            }
            found.push(node.span);
            node.value = Value::Broken;
            findings.push(literal_notice_address(key, node.span, variable));
        }
    }
}

/// An address or key of a receiver that is written in a file.
pub(crate) fn literal_notice_address(key: &str, span: Span, variable: &str) -> Finding {
    let what = match key {
        "secret" => "key of a webhook",
        _ => "address of a receiver of notices",
    };
    Finding::new(
        Code::LiteralNoticeAddress,
        format!("{what} is written in a file"),
    )
    .at(span, "everyone with access to the repository can use it")
    .help(format!(
        "write `${{{variable}}}`, and set the environment variable STEERSMAN_VAR_{variable}; if it is real, replace it, because it stays in the Git history"
    ))
    .fix(Fix::as_it_is(span, format!("\"${{{variable}}}\"")).if_decided())
}

/// Whether a text is one variable without a default.
fn is_variable(text: &str) -> bool {
    text.strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        .is_some_and(|name| !name.contains(['{', '}']) && !has_default(name))
}

fn has_default(variable: &str) -> bool {
    variable
        .split_once(":-")
        .is_some_and(|(_, default)| !default.is_empty())
}

fn child<'a>(node: &'a mut Node, key: &str) -> Option<&'a mut Node> {
    match &mut node.value {
        Value::Mapping(entries) => entries
            .iter_mut()
            .find(|entry| entry.key.text == key)
            .map(|entry| &mut entry.value),
        Value::Scalar(_) | Value::Sequence(_) | Value::Broken => None,
    }
}

fn walk(node: &mut Node, findings: &mut Findings, found: &mut Vec<Span>) {
    match &mut node.value {
        Value::Mapping(entries) => {
            for entry in entries {
                walk(&mut entry.value, findings, found);
            }
        }
        Value::Sequence(items) => {
            for item in items {
                walk(item, findings, found);
            }
        }
        Value::Scalar(scalar) => {
            if let Some(what) = secret_in(&scalar.text)
                && !findings.allows(Code::LooksLikeSecret)
            {
                found.push(node.span);
                node.value = Value::Broken;
                findings.push(
                    Finding::new(Code::LooksLikeSecret, format!("text looks like {what}"))
                        .at(node.span, "possible secret in plain text")
                        .help("write a variable `${NAME}`; if the secret is real, revoke it"),
                );
            }
        }
        Value::Broken => {}
    }
}

/// The kind of secret that a text seems to have in it.
fn secret_in(text: &str) -> Option<&'static str> {
    // Most texts are shorter than any secret.
    if text.len() < 40 {
        return None;
    }
    if text.contains("AGE-SECRET-KEY-1") {
        return Some("an age secret key");
    }
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    // ISC's secrets of personal access tokens are 64 hexadecimal digits.
    let mut words = text.split(|character: char| !character.is_ascii_alphanumeric());
    if words.any(|word| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        return Some("the secret of a personal access token");
    }
    let mut words = text.split(|character: char| {
        !(character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.'))
    });
    if words.any(is_web_token) {
        return Some("an access token");
    }
    None
}

/// A JSON Web Token: three parts in base64, of which the first begins with `{"`.
fn is_web_token(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    word.starts_with("eyJ") && parts.len() == 3 && parts.iter().all(|part| part.len() >= 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::snippets;

    const HEX: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn texts() {
        for (text, expected) in [
            (
                "Automate the monthly audit report of all of the teams",
                None,
            ),
            (HEX, Some("the secret of a personal access token")),
            (&HEX[..63], None),
            (&format!("{HEX}0"), None),
            (
                &format!("curl -u id:{HEX} https://x"),
                Some("the secret of a personal access token"),
            ),
            (
                &format!("${{SECRET:-{HEX}}}"),
                Some("the secret of a personal access token"),
            ),
            (
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLi4u",
                Some("an access token"),
            ),
            (
                "AGE-SECRET-KEY-1QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
                Some("an age secret key"),
            ),
        ] {
            assert_eq!(secret_in(text), expected, "{text}");
        }
    }

    #[test]
    fn client_secrets() {
        snippets(
            Code::LiteralClientSecret,
            &[
                ("tenant: {clientSecret: abc}\n", 1),
                ("tenant: {clientSecret: 'x${A:-}y'}\n", 1),
                ("tenant: {clientSecret: '${A:-abc}'}\n", 1),
                ("tenant: {clientId: abc}\n", 0),
            ],
        );
    }
}
