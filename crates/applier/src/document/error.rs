//! Why a text is no secret document.

/// Why a text is no secret document.
///
/// The text holds a secret, so no message repeats any of it: they give the
/// place, or name a field that is known beforehand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// There is no text.
    #[error("it is empty")]
    Empty,
    /// The text is no JSON.
    #[error("it is no JSON (line {line}, column {column})")]
    Syntax {
        /// The line at which reading stopped, from 1.
        line: usize,
        /// The column there, in bytes.
        column: usize,
    },
    /// The JSON is no object.
    #[error("it is no JSON object with `clientId` and `clientSecret`")]
    NotAnObject,
    /// A field stands there twice.
    #[error("`{field}` stands in it twice")]
    Duplicate {
        /// The field.
        field: &'static str,
    },
    /// A field is missing, or null.
    #[error("`{field}` is missing")]
    Missing {
        /// The field.
        field: &'static str,
    },
    /// A field holds something else than it should.
    #[error("`{field}` has to be {expected}")]
    Unfit {
        /// The field.
        field: &'static str,
        /// What it should hold.
        expected: &'static str,
    },
}
