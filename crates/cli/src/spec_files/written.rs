//! Refuses documents that steersman writes itself where a spec file was named.
//!
//! As a spec, each of their keys would be an unknown one, and `validate --fix` would offer to
//! remove some.

use crate::failure::Failure;
use camino::Utf8Path;
use serde::Deserialize;
use serde_json::Value;

/// What shows which document it is.
#[derive(Deserialize)]
struct Head {
    steersman: Option<Value>,
    #[serde(rename = "formatVersion")]
    format_version: Option<Value>,
    /// The state of a simulated tenant has this key.
    #[serde(rename = "format_version")]
    state_version: Option<Value>,
    org: Option<Value>,
}

/// Refuses a file that was named as one of the spec, and is a document of another kind.
///
/// # Errors
/// It is the state of a simulated tenant, or what a command wrote.
pub(super) fn refuse(path: &Utf8Path, bytes: &[u8]) -> Result<(), Failure> {
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Ok(());
    }
    let Ok(head) = serde_json::from_slice::<Head>(bytes) else {
        // The reader of specs names what is wrong with it.
        return Ok(());
    };
    let quoted = model::shell_quoted(path.as_str());
    if head.state_version.is_some() && head.org.is_some() && head.steersman.is_none() {
        return Err(Failure::Usage {
            message: format!("{path} is the state of a simulated tenant, and no spec file"),
            help: format!("write `--simulate={quoted}`, with `=` before the file"),
        });
    }
    if head.format_version.is_some() {
        // Documents that are read again say what they are.
        let kind = match head.steersman.as_ref().and_then(Value::as_str) {
            Some(kind @ ("record" | "saved plan" | "notice")) => kind,
            Some(_) | None => "document",
        };
        return Err(Failure::Usage {
            message: format!("{path} is a {kind} that steersman wrote, and no spec file"),
            help: "name the files or folders of the spec, such as those with `steersman: v1`"
                .to_owned(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::refuse;
    use crate::failure::Failure;

    #[test]
    fn documents_of_steersman_are_no_spec() {
        for (text, expected) in [
            (
                r#"{"format_version": 1, "org": "simulator"}"#,
                Some("write `--simulate=a.json`, with `=` before the file"),
            ),
            (
                r#" {"formatVersion": 2, "steersman": "record"}"#,
                Some("name the files"),
            ),
            (r#"{"steersman": "v1", "sources": []}"#, None),
            ("{steersman: v1}", None),
            (r#"{"org": "simulator"}"#, None),
            ("steersman: v1", None),
            ("", None),
        ] {
            let found = match refuse("a.json".into(), text.as_bytes()) {
                Ok(()) => None,
                Err(Failure::Usage { help, .. }) => Some(help),
                Err(other) => panic!("{other:?}"),
            };
            match expected {
                None => assert_eq!(found, None, "{text}"),
                Some(help) => assert!(found.unwrap().starts_with(help), "{text}"),
            }
        }
    }
}
