//! What `docs/architecture.md` promises of the workspace, held against the
//! workspace itself.
//!
//! Each check is a pure function from plain data to complaints, with a table of
//! bad data that shows that it does complain, and one test that runs it over
//! the real thing. A complaint says what is wrong and what to do instead.

mod arrows;
mod circles;
mod clippy_files;
mod comparisons;
mod dependency_notes;
mod imports;
mod manifests;
mod plain_words;
mod release;
mod repository;
mod source_files;
mod speakers;
mod toolchain;
mod top_level;
mod weights;

/// Fails with all complaints, one a line.
#[track_caller]
fn assert_none(complaints: &[String]) {
    assert!(
        complaints.is_empty(),
        "{} complaint(s):\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}

/// Fails unless there is exactly one complaint and it says all these words.
#[track_caller]
fn assert_one(complaints: &[String], words: &[&str]) {
    assert_eq!(complaints.len(), 1, "{complaints:#?}");
    for word in words {
        assert!(
            complaints.iter().all(|complaint| complaint.contains(word)),
            "{word:?} is not in {complaints:#?}"
        );
    }
}
