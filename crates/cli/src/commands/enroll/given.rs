//! Tokens that are given: one for an account, or JSON documents for many, a line each or not.

use super::pasted::{Field, label, refuse_swapped, value, without_junk};
use crate::enroll_refusal::Refusal;
use crate::failure::Failure;
use model::Credential;
use secrecy::SecretString;
use serde::Deserialize;
use std::collections::BTreeMap;

/// How many bytes standard input may have.
pub(super) const MOST: u64 = 4 << 20;

/// A text on standard input that is no token; the message has no value of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoToken(pub(super) String);

impl From<NoToken> for Failure {
    fn from(NoToken(what): NoToken) -> Self {
        let refusal = Refusal::Pasted {
            what,
            help: "copy the client ID and the client secret again, each as one word without spaces"
                .to_owned(),
        };
        refusal.into()
    }
}

/// The token of an account, as people write it, or as a store and `simulator person mint`
/// have it, with more keys.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    account: Option<String>,
    #[serde(alias = "id")]
    client_id: Option<String>,
    #[serde(alias = "secret")]
    client_secret: Option<String>,
}

/// The token of a text: a JSON object with `clientId` and `clientSecret`, or the client ID
/// and the secret on a line each; only the secret where the ID is known.
///
/// # Errors
/// Anything else.
pub(super) fn one(text: &str, client_id: Option<&str>) -> Result<Credential, NoToken> {
    let text = without_junk(text);
    if is_document(&text) {
        let line: Line = serde_json::from_str(text.trim()).map_err(|error| no_json(&error))?;
        return of_line(line, client_id).map(|(_, credential)| credential);
    }
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let (mut id, mut secret) = (client_id.map(str::to_owned), None);
    for line in lines.by_ref() {
        let is_id = match label(line) {
            Some((field, _)) => field == Field::ClientId,
            None => id.is_none(),
        };
        if is_id {
            id = Some(line.to_owned());
        } else if secret.is_none() {
            secret = Some(line.to_owned());
        } else {
            return Err(NoToken(
                "standard input has more lines than a client ID and a secret".to_owned(),
            ));
        }
    }
    let id = id.unwrap_or_default();
    credential(&id, &secret.unwrap_or_default())
}

/// Whether the text begins a JSON document.
pub(super) fn is_document(text: &str) -> bool {
    without_junk(text).trim_start().starts_with('{')
}

/// Whether the text is a whole JSON object, or can be none, whatever follows.
pub(super) fn is_whole(text: &str) -> bool {
    match serde_json::from_str::<serde::de::IgnoredAny>(without_junk(text).trim()) {
        Ok(_) => true,
        Err(error) => !error.is_eof(),
    }
}

/// The tokens of JSON documents, mostly one a line:
/// `{"account": …, "clientId": …, "clientSecret": …}`.
///
/// # Errors
/// A document that is none of these, or two of one account. Nothing is used then.
pub(super) fn many(text: &str) -> Result<BTreeMap<String, Credential>, NoToken> {
    let text = without_junk(text);
    let mut found = BTreeMap::new();
    let mut documents = serde_json::Deserializer::from_str(&text).into_iter::<Line>();
    loop {
        let begins = documents.byte_offset();
        let Some(document) = documents.next() else {
            return Ok(found);
        };
        // The line on which the document begins, for people.
        let (before, behind) = text.split_at(begins);
        let spaces = behind.len() - behind.trim_start().len();
        let lines = |text: &str| text.matches('\n').count();
        let number = 1 + lines(before) + lines(&behind[..spaces]);
        let at = |NoToken(what)| NoToken(format!("line {number} of standard input: {what}"));
        let (account, credential) = match document {
            Ok(line) => of_line(line, None).map_err(at)?,
            // The parser is at the end of all, which is not where to look.
            Err(error) if error.is_eof() => {
                return Err(NoToken(format!(
                    "line {number} of standard input is not JSON: what begins there has no end"
                )));
            }
            Err(error) => return Err(no_json(&error)),
        };
        let Some(account) = account else {
            return Err(at(NoToken("it has no `account`".to_owned())));
        };
        if found.insert(account.clone(), credential).is_some() {
            return Err(at(NoToken(format!("it is the second for {account}"))));
        }
    }
}

/// What is wrong with a document. The message of the parser may quote it.
fn no_json(error: &serde_json::Error) -> NoToken {
    let what = match error.classify() {
        serde_json::error::Category::Data => {
            "must be an object with the texts `account`, `clientId` and `clientSecret`"
        }
        serde_json::error::Category::Syntax
        | serde_json::error::Category::Eof
        | serde_json::error::Category::Io => "is not JSON",
    };
    // A text that a line ends too early is told at the beginning of the next one.
    match error.column() {
        0 => NoToken(format!(
            "line {} of standard input {what} (it ends too early)",
            error.line().saturating_sub(1)
        )),
        column => NoToken(format!(
            "line {} of standard input {what} (column {column})",
            error.line()
        )),
    }
}

fn of_line(line: Line, known: Option<&str>) -> Result<(Option<String>, Credential), NoToken> {
    let Line {
        account,
        client_id,
        client_secret,
    } = line;
    let id = client_id.as_deref().or(known).unwrap_or_default();
    Ok((
        account,
        credential(id, client_secret.as_deref().unwrap_or_default())?,
    ))
}

/// The credential of two texts.
///
/// # Errors
/// A text that can be none.
pub(super) fn credential(client_id: &str, secret: &str) -> Result<Credential, NoToken> {
    let client_id = value(Field::ClientId, client_id).map_err(NoToken)?;
    let secret = value(Field::Secret, secret).map_err(NoToken)?;
    refuse_swapped(&client_id, &secret).map_err(NoToken)?;
    Ok(Credential {
        client_id: client_id.into(),
        client_secret: SecretString::from(secret),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    const ID: &str = "5e1a0d6f9a3b4c2d8e7f60718293a4b5";
    const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// As `steersman simulator person mint` prints it, and as stores have it.
    fn minted(account: &str) -> String {
        let document = serde_json::json!({
            "account": account,
            "clientId": ID,
            "clientSecret": SECRET,
            "created": "2026-01-01T00:00:00Z",
            "scopes": ["sp:my-personal-access-tokens:manage"],
            "token": "issuer",
        });
        format!("{document:#}\n")
    }

    #[test]
    fn documents_of_several_lines_are_read_to_their_ends() {
        let text = format!("{}{}", minted("a"), minted("b"));
        let found = many(&text).unwrap();
        assert_eq!(found.into_keys().collect::<Vec<_>>(), ["a", "b"]);
        let NoToken(what) = many(&format!("{}{}", minted("a"), minted("a"))).unwrap_err();
        assert!(
            what.starts_with("line 11 of standard input: it is the second"),
            "{what}"
        );
        let whole = minted("a");
        for (at, _) in whole.match_indices('\n') {
            let is_end = at + 1 == whole.len();
            assert_eq!(is_whole(&whole[..at]), is_end, "{at}");
        }
        assert!(is_document("\u{1b}[200~{"));
        assert!(is_whole("{nothing"));
    }

    #[test]
    fn a_token_comes_in_several_forms() {
        for (text, id) in [
            (format!("{ID}\n{SECRET}\n"), None),
            (format!("\n{ID}\r\n\r\n{SECRET}"), None),
            (format!("{SECRET}\n"), Some(ID)),
            (
                format!("SAIL_CLIENT_SECRET={SECRET}\nSAIL_CLIENT_ID={ID}\n"),
                None,
            ),
            (format!("\u{1b}[200~{ID}\n{SECRET}\u{1b}[201~"), None),
            (
                format!("{{\"clientId\": \"{ID}\", \"clientSecret\": \"{SECRET}\"}}"),
                None,
            ),
            (
                format!("{{\"id\": \"{ID}\",\n \"secret\": \"{SECRET}\"}}"),
                None,
            ),
            (minted("audit01"), None),
        ] {
            let found = one(&text, id).unwrap();
            assert_eq!(found.client_id.as_str(), ID, "{text:?}");
            assert_eq!(found.client_secret.expose_secret(), SECRET, "{text:?}");
        }
        for (text, expected) in [
            (String::new(), "client ID of the token is missing"),
            (format!("{ID}\n"), "client secret of the token is missing"),
            (format!("{ID}\n{SECRET}\nmore"), "more lines"),
            ("{\"clientId\": 1}".to_owned(), "must be an object"),
            ("{".to_owned(), "is not JSON"),
        ] {
            let NoToken(what) = one(&text, None).unwrap_err();
            assert!(what.contains(expected), "{text}: {what}");
        }
    }

    #[test]
    fn many_tokens_come_as_json_lines() {
        let line = |account: &str| {
            format!(
                "{{\"account\":\"{account}\",\"clientId\":\"{ID}\",\"clientSecret\":\"{SECRET}\"}}"
            )
        };
        let text = format!("{}\n\n{}\n", line("a"), line("b"));
        assert_eq!(
            many(&text).unwrap().into_keys().collect::<Vec<_>>(),
            ["a", "b"]
        );
        assert!(many("").unwrap().is_empty());
        for (text, expected) in [
            (
                format!("{}\n{}", line("a"), line("a")),
                "line 2 of standard input: it is the second for a",
            ),
            (
                format!("{}\nx", line("a")),
                "line 2 of standard input is not JSON (column 1)",
            ),
            (
                format!("{{\"clientId\":\"{ID}\",\"clientSecret\":\"{SECRET}\"}}"),
                "it has no `account`",
            ),
            (line("a").replace(SECRET, "short"), "has 5 characters"),
            (
                line("a").replace("account", "accounts"),
                "it has no `account`",
            ),
        ] {
            let NoToken(what) = many(&text).unwrap_err();
            assert!(what.contains(expected), "{text}: {what}");
            assert!(!what.contains(&SECRET[..16]), "{what}");
        }
    }
}
