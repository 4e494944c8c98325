//! Checks that look at each account, and at each token, by itself.

use super::subject::{Owned, Subject};
use crate::finding::Findings;
use model::AccountSpec;

/// A check of each account and token by itself.
///
/// All such checks look at one account before any looks at the next: a spec of ten
/// thousand accounts is read from memory once, and not once for each check.
pub(super) trait Each<'a> {
    /// Looks at an account: also at one that is declared again, or has no id.
    fn account(
        &mut self,
        _subject: &Subject<'a>,
        _account: &'a AccountSpec,
        _findings: &mut Findings,
    ) {
    }

    /// Looks at a token, after its account.
    fn token(&mut self, _subject: &Subject<'a>, _owned: &Owned<'a>, _findings: &mut Findings) {}

    /// Reports what only all of them together show.
    fn end(&mut self, _subject: &Subject<'a>, _findings: &mut Findings) {}
}
