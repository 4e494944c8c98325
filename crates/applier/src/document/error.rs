//! Errors of reading a secret document.

/// Why a text is not a valid secret document.
///
/// The text holds a secret, so no message repeats any of it: messages give the
/// place, or name a field of the format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The text is empty.
    #[error("it is empty")]
    Empty,
    /// The text is not JSON.
    #[error("it is not valid JSON (line {line}, column {column})")]
    Syntax {
        /// The line at which reading stopped, from 1.
        line: usize,
        /// The column there, in bytes.
        column: usize,
    },
    /// The JSON is not an object.
    #[error("it must be a JSON object with `clientId` and `clientSecret`")]
    NotAnObject,
    /// A field occurs twice.
    #[error("it has `{field}` twice")]
    Duplicate {
        /// The field.
        field: &'static str,
    },
    /// A field is missing, or null.
    #[error("it has no `{field}`")]
    Missing {
        /// The field.
        field: &'static str,
    },
    /// A field has a value of the wrong type.
    #[error("`{field}` must be {expected}")]
    Unfit {
        /// The field.
        field: &'static str,
        /// What it should hold.
        expected: &'static str,
    },
}
