//! Delivery of a new issuer token: compare, put, read back, and undo where that fails.

use super::prepare::Present;
use super::replace::Tools;
use super::withdraw;
use crate::step_error::StepError;
use crate::stores::{Holder, StoreError};
use model::{
    Credential, IssuerReplacement, SecretDocument, StoreKey, TenantErrorKind, TenantWrite,
};
use secrecy::ExposeSecret;

/// What the place of the issuer token holds.
enum Holds {
    /// The old one.
    Old,
    /// The new one.
    New,
    /// The new one's client id with another secret, or no document that can be read.
    Damaged(Option<StoreError>),
    /// Nothing.
    Nothing,
    /// Another one, which another run or a person has put there, or a store that returns
    /// something else than it was given.
    Another(Box<SecretDocument>),
}

impl<T: TenantWrite> Tools<'_, T> {
    /// Puts the new issuer token into the store, if the old one is still there, and reads
    /// it back. If that fails, the old one is put back and the new one revoked.
    pub(super) async fn deliver(
        &self,
        replacement: &IssuerReplacement,
        present: &Present,
        document: &SecretDocument,
    ) -> Result<(), StepError> {
        let place = &replacement.new.deliver;
        let failed = match self.holds(place, present, document).await {
            Holds::New => return Ok(()),
            Holds::Old => match self.put(place, present, document).await {
                Ok(()) => return Ok(()),
                Err(failed) => {
                    return self.undo(replacement, present, document, failed).await;
                }
            },
            Holds::Damaged(Some(source)) => StepError::Store {
                doing: "cannot read the issuer token from",
                key: place.clone(),
                source,
            },
            Holds::Damaged(None) | Holds::Nothing | Holds::Another(_) => StepError::Missing {
                what: format!("the issuer token at {place} was changed meanwhile"),
                help: Some("run `steersman apply` again once the other run has ended".to_owned()),
            },
        };
        // Nothing was written.
        Err(withdraw::revoke(self, replacement, present, document, failed).await)
    }

    /// Writes the new document and reads it back.
    async fn put(
        &self,
        place: &StoreKey,
        present: &Present,
        document: &SecretDocument,
    ) -> Result<(), StepError> {
        let failed = |doing, source| StepError::Store {
            doing,
            key: place.clone(),
            source,
        };
        let put = self.stores.put(place, document).await;
        // What a program did that failed is not known before it is read.
        let holds = self.holds(place, present, document).await;
        match (put, holds) {
            (_, Holds::New) => Ok(()),
            (Err(source), _) => Err(failed("cannot deliver the issuer token to", source)),
            (Ok(()), Holds::Damaged(Some(source))) => {
                Err(failed("cannot read back the issuer token from", source))
            }
            (Ok(()), Holds::Old | Holds::Damaged(None) | Holds::Nothing | Holds::Another(_)) => {
                Err(StepError::NotAsWritten {
                    what: place.to_string(),
                    detail: "the store returns a different secret than was delivered".to_owned(),
                })
            }
        }
    }

    /// Restores what the store held, and revokes the new token where the store does not
    /// hold it.
    async fn undo(
        &self,
        replacement: &IssuerReplacement,
        present: &Present,
        document: &SecretDocument,
        failed: StepError,
    ) -> Result<(), StepError> {
        let place = &replacement.new.deliver;
        let mut holds = self.holds(place, present, document).await;
        let is_lost = match &holds {
            Holds::Damaged(_) | Holds::Nothing => true,
            Holds::Another(found) => self.is_useless(replacement, found).await,
            Holds::Old | Holds::New => false,
        };
        if is_lost {
            // An error shows in what is read.
            let _ = self.stores.put(place, &present.document).await;
            holds = self.holds(place, present, document).await;
        }
        match holds {
            // It was proven, and the store returns it.
            Holds::New => Ok(()),
            Holds::Another(_) if is_lost => {
                self.not_restored(replacement);
                Err(withdraw::revoke(self, replacement, present, document, failed).await)
            }
            Holds::Old | Holds::Another(_) => {
                Err(withdraw::revoke(self, replacement, present, document, failed).await)
            }
            Holds::Damaged(None) | Holds::Nothing => {
                self.not_restored(replacement);
                Err(withdraw::revoke(self, replacement, present, document, failed).await)
            }
            Holds::Damaged(Some(_)) => {
                (self.notice)(format!(
                    "which issuer token {place} holds could not be read, so both stay valid: {} and its successor {} ({}); the next apply that can read the store revokes the one that it does not hold",
                    replacement.old, replacement.new.name, document.credential.client_id
                ));
                Err(StepError::Orphan(Box::new(failed)))
            }
        }
    }

    fn not_restored(&self, replacement: &IssuerReplacement) {
        let IssuerReplacement { old, new } = replacement;
        (self.notice)(format!(
            "{} no longer holds the issuer token of {}, and it could not be restored: enroll the account again; its token {old} is still valid",
            new.deliver, new.account_name
        ));
    }

    /// Whether a document is no other run's: it is for this account and tenant, and nobody
    /// can sign in with it.
    async fn is_useless(&self, replacement: &IssuerReplacement, found: &SecretDocument) -> bool {
        let new = &replacement.new;
        let holder = Holder {
            account: &[&new.account_name],
            identity: Some(&new.identity),
            token: None,
        };
        if self.stores.foreign(found, holder).is_some() {
            return false;
        }
        let signed_in = self.tenant.identity_behind(&found.credential).await;
        signed_in.is_err_and(|error| matches!(error.kind, TenantErrorKind::Unauthenticated { .. }))
    }

    async fn holds(&self, place: &StoreKey, present: &Present, document: &SecretDocument) -> Holds {
        let (old, new) = (&present.document.credential, &document.credential);
        match self.stores.get(place).await {
            Ok(Some(found)) if same(&found.credential, old) => Holds::Old,
            Ok(Some(found)) if same(&found.credential, new) => Holds::New,
            Ok(Some(found)) if found.credential.client_id == new.client_id => Holds::Damaged(None),
            Ok(Some(found)) if found.credential.client_id == old.client_id => Holds::Damaged(None),
            Ok(Some(found)) => Holds::Another(Box::new(found)),
            Ok(None) => Holds::Nothing,
            Err(error) => Holds::Damaged(Some(error)),
        }
    }
}

fn same(left: &Credential, right: &Credential) -> bool {
    left.client_id == right.client_id
        && left.client_secret.expose_secret() == right.client_secret.expose_secret()
}
