//! The kinds that `--only kind:KIND` and `--except kind:KIND` select.

/// The kinds of addresses, in the order of the guide.
pub(crate) const KINDS: [&str; 9] = [
    "source",
    "schema",
    "account",
    "profile",
    "processing",
    "invitation",
    "levels",
    "issuer",
    "token",
];

#[cfg(test)]
mod tests {
    use super::KINDS;
    use model::Address;

    #[test]
    fn the_kinds_are_those_of_addresses() {
        for kind in KINDS {
            let address: Address = format!("{kind}/a/b").parse().unwrap();
            assert_eq!(address.kind(), kind);
        }
    }
}
