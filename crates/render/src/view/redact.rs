//! Redacts the texts of a view, before a layout wraps, cuts or escapes them.
//!
//! The output redacts once more. A secret that a table or an escape of Markdown
//! divides would not be found there.

use model::Redactor;
use std::borrow::Cow;

/// A part of a view that has texts.
pub(crate) trait Redact {
    /// Replaces each secret in it.
    fn redact(&mut self, redactor: &Redactor);
}

impl Redact for String {
    fn redact(&mut self, redactor: &Redactor) {
        if let Cow::Owned(clean) = redactor.redact(self) {
            *self = clean;
        }
    }
}

impl<T: Redact> Redact for Vec<T> {
    fn redact(&mut self, redactor: &Redactor) {
        for part in self {
            part.redact(redactor);
        }
    }
}

impl<T: Redact> Redact for Option<T> {
    fn redact(&mut self, redactor: &Redactor) {
        if let Some(part) = self {
            part.redact(redactor);
        }
    }
}

impl<T: Redact, U: Redact> Redact for (T, U) {
    fn redact(&mut self, redactor: &Redactor) {
        self.0.redact(redactor);
        self.1.redact(redactor);
    }
}
