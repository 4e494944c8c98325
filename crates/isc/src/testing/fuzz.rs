//! The fuzz target as a test: its corpus, and random inputs for a second.

#[test]
fn hostile_tenant() {
    bolero::check!(name = "hostile_tenant").for_each(super::hostile_tenant);
}
