//! Names of issuer tokens that steersman creates: `steersman-issuer~HASH`.
//!
//! `HASH` is eight digits of a hash of the owner's id and of the id of the issuer token
//! that the new one replaces. So an issuer token has one successor: ISC rejects a second
//! token of the same name, and two runs at a time cannot both replace it. A token of this
//! name that is not in the store was left by a run that was interrupted. A name that a
//! person writes has not this mark by chance; no declared token may be called so.

use crate::{Digest, IdentityId, TokenId, TokenName};

/// How the names begin.
pub const MARK: &str = "steersman-issuer~";

/// What the first issuer token of an account replaces that steersman has created after its
/// holder signed in: no token has this id.
pub const SIGN_IN: &str = "sign-in";

/// The name of the issuer token that replaces another one of the same owner.
pub fn successor(owner: &IdentityId, old: &TokenId) -> TokenName {
    let digest = Digest::of_bytes(format!("{owner}/{old}").as_bytes());
    let hash: String = digest.as_str().chars().take(8).collect();
    format!("{MARK}{hash}").into()
}

/// Whether a name begins like those of issuer tokens that steersman creates.
pub fn is_reserved(name: &TokenName) -> bool {
    name.as_str().starts_with(MARK)
}

#[cfg(test)]
mod tests {
    use super::{is_reserved, successor};

    #[test]
    fn an_issuer_token_has_one_successor() {
        let name = |owner: &str, old: &str| successor(&owner.into(), &old.into());
        assert_eq!(name("i", "t1"), name("i", "t1"));
        assert_ne!(name("i", "t1"), name("i", "t2"));
        assert_ne!(name("i", "t1"), name("j", "t1"));
        assert!(is_reserved(&name("i", "t1")));
        assert_eq!(
            name("i", "t1").as_str().len(),
            "steersman-issuer~".len() + 8
        );
        for other in ["issuer", "steersman-issuer", "my steersman-issuer~x"] {
            assert!(!is_reserved(&other.into()), "{other}");
        }
    }
}
