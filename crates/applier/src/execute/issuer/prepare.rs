//! Checks before an issuer token is replaced: the store, the token in it, a free slot.

use super::replace::Tools;
use crate::execute::tokens::check_slot;
use crate::step_error::StepError;
use crate::stores::Holder;
use model::{IssuerReplacement, LiveToken, SecretDocument, TenantWrite};

/// The issuer token that the store holds, proven to be the account's.
pub(super) struct Present {
    pub(super) document: SecretDocument,
}

impl<T: TenantWrite> Tools<'_, T> {
    /// Checks that the store can be written, and that it holds the issuer token that is to
    /// be replaced, which works and is the account's.
    pub(super) async fn prepare(
        &self,
        replacement: &IssuerReplacement,
    ) -> Result<Present, StepError> {
        let IssuerReplacement { old, new } = replacement;
        let place = &new.deliver;
        let failed = |doing| {
            move |source| StepError::Store {
                doing,
                key: place.clone(),
                source,
            }
        };
        self.stores.probe(place).await.map_err(failed(
            "the issuer token was not replaced, because no secret can be delivered to",
        ))?;
        let found = self.stores.get(place).await;
        let document = found
            .map_err(failed("cannot read the issuer token from"))?
            .ok_or_else(|| StepError::Missing {
                what: format!("{place} no longer has an issuer token"),
                help: None,
            })?;
        let holder = Holder {
            account: &[&new.account_name],
            identity: Some(&new.identity),
            token: None,
        };
        if let Some(why) = self.stores.foreign(&document, holder) {
            return Err(StepError::Missing {
                what: format!(
                    "the issuer token at {place} is not of this account and tenant: {why}"
                ),
                help: Some(
                    "store the account's own issuer token there, or declare another key".to_owned(),
                ),
            });
        }
        if document.credential.client_id != *old {
            let what = format!("the issuer token at {place}");
            return Err(StepError::Stale { what });
        }
        let owner = self.tenant.identity_behind(&document.credential).await?;
        if owner.as_ref() != Some(&new.identity) {
            let owner = owner.map_or_else(
                || "no identity".to_owned(),
                |owner| format!("identity {owner}"),
            );
            return Err(StepError::Missing {
                what: format!(
                    "the issuer token at {place} belongs to {owner}, but {} is identity {}",
                    new.account_name, new.identity
                ),
                help: Some(format!("store a token of {} there", new.account_name)),
            });
        }
        Ok(Present { document })
    }
}

impl Present {
    /// Checks the tokens of the owner: the issuer token is one of them, no other run
    /// replaces it, and one more token fits.
    pub(super) fn check_tokens(
        &self,
        replacement: &IssuerReplacement,
        tokens: &[LiveToken],
    ) -> Result<(), StepError> {
        let new = &replacement.new;
        let id = &self.document.credential.client_id;
        if !tokens.iter().any(|token| token.id == *id) {
            return Err(StepError::Missing {
                what: format!(
                    "the issuer token was not replaced, because the list of {}'s tokens lacks it ({id})",
                    new.account_name
                ),
                help: Some("run `steersman apply` again".to_owned()),
            });
        }
        if let Some(token) = tokens.iter().find(|token| token.name == new.name) {
            return Err(StepError::Missing {
                what: format!(
                    "the issuer token was not replaced, because its successor {} ({}) exists, and its secret is not in the store: another run is replacing it, or was interrupted",
                    token.name, token.id
                ),
                help: Some(
                    "wait for the other run; `steersman apply` revokes the leftover of an interrupted one"
                        .to_owned(),
                ),
            });
        }
        check_slot(new, tokens)
    }
}
