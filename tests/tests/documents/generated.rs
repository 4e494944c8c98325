//! Comparing a document with what it should be.

use tests::repository;

/// Sees that a file of the repository has this text, or writes it.
#[track_caller]
pub(crate) fn is_current(path: &str, text: &str) {
    let file = repository().join(path);
    if std::env::var_os("STEERSMAN_UPDATE_DOCUMENTS").is_some() {
        std::fs::write(&file, text).unwrap();
        return;
    }
    let there = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        there == text,
        "{path} is not current: run `STEERSMAN_UPDATE_DOCUMENTS=1 cargo test -p tests --test documents`"
    );
}
