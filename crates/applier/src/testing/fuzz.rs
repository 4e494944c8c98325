//! The fuzz targets as tests: each its corpus, and random inputs for a second.

#[test]
fn journal() {
    bolero::check!(name = "journal").for_each(super::journal);
}

#[test]
fn rows() {
    bolero::check!(name = "rows").for_each(super::rows);
}
