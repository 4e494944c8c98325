//! The fuzz targets as tests: each its corpus, and random inputs for a second.

#[test]
fn output_gate() {
    bolero::check!(name = "output_gate").for_each(super::output_gate);
}

#[test]
fn record() {
    bolero::check!(name = "record").for_each(super::record);
}

#[test]
fn saved_plan() {
    bolero::check!(name = "saved_plan").for_each(super::saved_plan);
}
