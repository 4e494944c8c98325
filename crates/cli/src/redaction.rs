//! Redactor of the run: every secret that this process has seen, for all output.

use model::Redactor;
use std::sync::LazyLock;

static SECRETS: LazyLock<Redactor> = LazyLock::new(Redactor::default);

/// The redactor of this run. Whoever gets a secret teaches it; whoever prints asks it.
pub(crate) fn redactor() -> &'static Redactor {
    &SECRETS
}
