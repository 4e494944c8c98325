//! Rewrites the texts of a view, before a layout wraps, cuts or escapes them: redacts
//! secrets, and completes commands.
//!
//! The output redacts once more. A secret that a table or an escape of Markdown
//! divides would not be found there.

use std::borrow::Cow;

/// What a text becomes.
pub(crate) type Change<'a> = &'a dyn for<'t> Fn(&'t str) -> Cow<'t, str>;

/// A part of a view that has texts.
pub(crate) trait Rewrite {
    /// Rewrites each text in it.
    fn rewrite(&mut self, change: Change<'_>);
}

impl Rewrite for String {
    fn rewrite(&mut self, change: Change<'_>) {
        if let Cow::Owned(new) = change(self) {
            *self = new;
        }
    }
}

impl<T: Rewrite> Rewrite for Vec<T> {
    fn rewrite(&mut self, change: Change<'_>) {
        for part in self {
            part.rewrite(change);
        }
    }
}

impl<T: Rewrite> Rewrite for Option<T> {
    fn rewrite(&mut self, change: Change<'_>) {
        if let Some(part) = self {
            part.rewrite(change);
        }
    }
}

impl<T: Rewrite, U: Rewrite> Rewrite for (T, U) {
    fn rewrite(&mut self, change: Change<'_>) {
        self.0.rewrite(change);
        self.1.rewrite(change);
    }
}
