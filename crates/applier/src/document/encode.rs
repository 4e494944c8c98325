//! Writer for the delivered forms of a secret document.

use super::lines::{FACTS, dotenv_names, sail_names};
use super::write::{facts, write};
use model::{DeliveredForm, SecretDocument, SecretField};
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;

/// Why a document cannot be written in a form.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// It could not be written as JSON.
    #[error("cannot encode the secret as JSON")]
    Json(#[from] serde_json::Error),
    /// A value has a character that the form cannot have.
    #[error("`{0}` has a line break or a quotation mark, which this form cannot have")]
    Value(&'static str),
    /// The document has no such value.
    #[error("the document has no `{0}`")]
    NoField(&'static str),
}

/// The first line of a file that people may look at.
const NOTE: &str = "# Secret of a service account, written by steersman. Do not edit.\n";

/// The text of a document in this form.
pub(crate) fn encode(
    document: &SecretDocument,
    form: DeliveredForm,
) -> Result<Zeroizing<Vec<u8>>, EncodeError> {
    match form {
        DeliveredForm::Json => Ok(write(document)?),
        DeliveredForm::Dotenv => dotenv(document),
        DeliveredForm::Sail => sail(document),
        DeliveredForm::Field(field) => single(document, field),
    }
}

fn single(
    document: &SecretDocument,
    field: SecretField,
) -> Result<Zeroizing<Vec<u8>>, EncodeError> {
    let credential = &document.credential;
    let text = match field {
        SecretField::BaseUrl => document
            .base_url
            .as_deref()
            .ok_or(EncodeError::NoField("baseUrl"))?,
        SecretField::ClientId => credential.client_id.as_str(),
        SecretField::ClientSecret => credential.client_secret.expose_secret(),
    };
    Ok(Zeroizing::new(text.as_bytes().to_vec()))
}

fn dotenv(document: &SecretDocument) -> Result<Zeroizing<Vec<u8>>, EncodeError> {
    let names = dotenv_names();
    let mut text = Text::of(document)?;
    text.push(NOTE);
    for (name, field, value) in values(document, names) {
        if let Some(value) = value {
            let quoted = shell_word(value).ok_or(EncodeError::Value(field))?;
            text.line(&[name, "=", &quoted]);
        }
    }
    text.line(&[FACTS, &facts(document)?]);
    Ok(text.0)
}

fn sail(document: &SecretDocument) -> Result<Zeroizing<Vec<u8>>, EncodeError> {
    let mut text = Text::of(document)?;
    text.push(NOTE);
    text.line(&[FACTS, &facts(document)?]);
    text.push(
        "activeenvironment: steersman\nauthtype: pat\ndebug: false\nenvironments:\n  steersman:\n",
    );
    let [base, id, secret] = values(document, sail_names());
    let quoted = |value: &str| serde_json::to_string(value).map(Zeroizing::new);
    if let Some(base_url) = base.2 {
        let tenant = base_url.replacen(".api.", ".", 1);
        text.line(&["    tenanturl: ", &quoted(&tenant)?]);
        text.line(&["    ", base.0, ": ", &quoted(base_url)?]);
    }
    text.push("    pat:\n");
    for (name, _, value) in [id, secret] {
        text.line(&["      ", name, ": ", &quoted(value.unwrap_or_default())?]);
    }
    Ok(text.0)
}

/// The three values that every consumer needs, each with its name in a form and its
/// field.
fn values<'a>(
    document: &'a SecretDocument,
    [base, id, secret]: [&'static str; 3],
) -> [(&'static str, &'static str, Option<&'a str>); 3] {
    let credential = &document.credential;
    [
        (base, "baseUrl", document.base_url.as_deref()),
        (id, "clientId", Some(credential.client_id.as_str())),
        (
            secret,
            "clientSecret",
            Some(credential.client_secret.expose_secret()),
        ),
    ]
}

/// A value that shells and readers of dotenv files take as it is; in single quotes where
/// a shell would change it.
fn shell_word(value: &str) -> Option<Zeroizing<String>> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.~/:@%+=".contains(c);
    if value.contains(|c: char| c.is_control() || c == '\'') {
        return None;
    }
    Some(Zeroizing::new(
        if value.chars().all(is_plain) && !value.is_empty() {
            value.to_owned()
        } else {
            format!("'{value}'")
        },
    ))
}

/// A text in memory that never moves, because that would leave copies of the secret.
struct Text(Zeroizing<Vec<u8>>);

impl Text {
    fn of(document: &SecretDocument) -> Result<Self, EncodeError> {
        let json = write(document)?.len();
        // Values are written at most twice, and names are short.
        Ok(Self(Zeroizing::new(Vec::with_capacity(3 * json + 1024))))
    }

    fn push(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    fn line(&mut self, parts: &[&str]) {
        for part in parts {
            self.push(part);
        }
        self.push("\n");
    }
}

#[cfg(test)]
#[path = "../testing/delivered_forms.rs"]
mod tests;
