//! Client IDs as they are shown.

/// The longest client ID of ISC, in characters: a UUID with its hyphens. Those of personal
/// access tokens have 32, and their secrets 64.
const LONGEST: usize = 36;

/// A client ID for messages. A longer text is never shown: it may be the secret, where the
/// two were swapped.
pub fn shown_client_id(client_id: &str) -> &str {
    if client_id.chars().count() > LONGEST {
        "(not shown: it is too long for a client ID, and may be the secret)"
    } else {
        client_id
    }
}

#[cfg(test)]
mod tests {
    use super::shown_client_id;

    #[test]
    fn a_secret_in_the_place_of_the_id_is_not_shown() {
        for shown in ["2c9180857f1d4f1d9e8a7b6c5d4e3f2a", "simulator-jane-doe", ""] {
            assert_eq!(shown_client_id(shown), shown);
        }
        let secret = "ab".repeat(32);
        assert!(!shown_client_id(&secret).contains("ab"));
    }
}
