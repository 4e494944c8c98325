//! Token that an earlier run delivered, so that it is known without its secret.

use model::{Digest, TokenId};

/// The token that was delivered last, and where its secret went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// Its id.
    pub token: TokenId,
    /// The digest of where its place leads, whatever the files call it.
    pub target: Option<Digest>,
}
