//! The fields of a token that a plan shows, declared and observed.

use jiff::Timestamp;
use model::{Fields, LiveToken, NewToken, TokenSpec};
use serde_json::{Value, json};

/// The declared fields, with the end that the token will have.
pub(super) fn declared(wanted: &TokenSpec, end: Option<Timestamp>) -> Fields {
    let mut fields = Fields::from_iter([
        ("scopes".to_owned(), json!(wanted.scopes)),
        ("expires".to_owned(), end_text(end)),
    ]);
    if let Some(seconds) = wanted.access_token_validity {
        fields.insert("accessTokenValidity".to_owned(), json!(seconds));
    }
    fields
}

/// The declared fields of a token whose secret is delivered, with the destination.
pub(super) fn delivered(wanted: &TokenSpec, new: &NewToken) -> Fields {
    let mut fields = declared(wanted, new.expires);
    fields.insert("deliver".to_owned(), json!(new.deliver.to_string()));
    fields
}

/// The observed values of the declared fields.
pub(super) fn observed(token: &LiveToken, wanted: &TokenSpec) -> Fields {
    let mut fields = Fields::from_iter([
        ("scopes".to_owned(), json!(token.effective_scopes())),
        ("expires".to_owned(), end_text(token.expires)),
    ]);
    if wanted.access_token_validity.is_some() {
        fields.insert(
            "accessTokenValidity".to_owned(),
            json!(token.access_token_validity),
        );
    }
    fields
}

/// The end of a token to the day, or `never`.
pub(super) fn end_text(end: Option<Timestamp>) -> Value {
    match end {
        None => json!("never"),
        Some(end) => json!(end.strftime("%Y-%m-%d").to_string()),
    }
}
