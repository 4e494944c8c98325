//! The replacement itself: create, prove, deliver, read back, revoke the old one.

use super::prepare::Present;
use super::{record, withdraw};
use crate::journal::Journal;
use crate::step_error::{StepError, may_have_happened};
use crate::stores::Stores;
use jiff::Timestamp;
use model::{
    Credential, IssuerReplacement, LiveToken, Origin, SecretDocument, TenantWrite, TokenId,
};

/// What a replacement works with.
pub(super) struct Tools<'a, T> {
    pub(super) tenant: &'a T,
    pub(super) stores: &'a Stores,
    pub(super) journal: &'a Journal,
    /// When the tenant was read, by its clock.
    pub(super) since: Timestamp,
    /// Where notices go.
    pub(super) notice: &'a (dyn Fn(String) + Sync),
}

/// What the replacement led to: the store holds the new issuer token.
pub(super) struct Replaced {
    pub(super) credential: Credential,
    /// The tokens of the owner, the old issuer token left out where it is revoked.
    pub(super) tokens: Vec<LiveToken>,
    /// Why the old issuer token is still valid, where it could not be revoked.
    pub(super) old_lives: Option<String>,
}

impl<T: TenantWrite> Tools<'_, T> {
    /// Replaces the issuer token that the store holds. `tokens` are those of its owner.
    ///
    /// If it fails, the store holds the old one, which works, and the new one is revoked;
    /// a notice reports what of that failed, too.
    pub(super) async fn replace(
        &self,
        replacement: &IssuerReplacement,
        present: &Present,
        tokens: &[LiveToken],
    ) -> Result<Replaced, StepError> {
        present.check_tokens(replacement, tokens)?;
        record::around(self, replacement, self.act(replacement, present)).await
    }

    async fn act(
        &self,
        replacement: &IssuerReplacement,
        present: &Present,
    ) -> Result<Replaced, StepError> {
        let document = self.mint(replacement, present).await?;
        let tokens = match self.prove(replacement, &document).await {
            Ok(tokens) => tokens,
            Err(failed) => {
                return Err(withdraw::revoke(self, replacement, present, &document, failed).await);
            }
        };
        self.deliver(replacement, present, &document).await?;
        let old_lives = self.revoke_old(replacement, &document.credential).await;
        let is_gone = old_lives.is_none();
        Ok(Replaced {
            tokens: tokens
                .into_iter()
                .filter(|token| !is_gone || token.id != replacement.old)
                .collect(),
            credential: document.credential,
            old_lives,
        })
    }

    /// Creates the successor, and completes its document.
    async fn mint(
        &self,
        replacement: &IssuerReplacement,
        present: &Present,
    ) -> Result<SecretDocument, StepError> {
        let IssuerReplacement { old, new } = replacement;
        let issuer = &present.document.credential;
        match self.tenant.mint_token(issuer, new).await {
            Ok(document) => {
                let secret = &document.credential.client_secret;
                let origin = Origin::Store(new.deliver.clone());
                self.stores.redactor().learn_from(secret, origin);
                Ok(SecretDocument {
                    replaces: Some(old.clone()),
                    rotation: new.rotation,
                    ..document
                })
            }
            Err(error) if may_have_happened(&error) => {
                Err(withdraw::unseen(self, replacement, present, error).await)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Signs in with the new issuer token and lists its owner's tokens with it: so it is
    /// the account's, can do its work, and is as it was asked for.
    async fn prove(
        &self,
        replacement: &IssuerReplacement,
        document: &SecretDocument,
    ) -> Result<Vec<LiveToken>, StepError> {
        let new = &replacement.new;
        let credential = &document.credential;
        let not_as_written = |detail: String| StepError::NotAsWritten {
            what: format!("the new issuer token {} of {}", new.name, new.account_name),
            detail,
        };
        let owner = self.tenant.identity_behind(credential).await?;
        if owner.as_ref() != Some(&new.identity) {
            let owner = owner.map_or_else(|| "no identity".to_owned(), |id| id.to_string());
            let detail = format!("it belongs to {owner}, not to {}", new.identity);
            return Err(not_as_written(detail));
        }
        let tokens = self
            .tenant
            .tokens_of(&new.identity, Some(credential))
            .await?;
        let live = tokens.iter().find(|token| token.id == credential.client_id);
        let Some(live) = live else {
            let detail = "the list of tokens does not have it".to_owned();
            return Err(not_as_written(detail));
        };
        if live.effective_scopes() != new.scopes {
            return Err(not_as_written(
                "it has other scopes than requested".to_owned(),
            ));
        }
        // Older versions of ISC let each new token expire.
        if live.expires.is_none() && new.expires.is_some() {
            return Err(not_as_written(
                "it never expires, unlike requested".to_owned(),
            ));
        }
        Ok(tokens)
    }

    /// Revokes the old issuer token with the new one. Returns why it is still valid, where
    /// it is, or may be.
    async fn revoke_old(
        &self,
        replacement: &IssuerReplacement,
        issuer: &Credential,
    ) -> Option<String> {
        let IssuerReplacement { old, new } = replacement;
        let Err(error) = self.tenant.revoke_token(Some(issuer), old).await else {
            return None;
        };
        let tokens = self.tenant.tokens_of(&new.identity, Some(issuer)).await;
        let is_gone = |old: &TokenId| {
            tokens
                .as_ref()
                .is_ok_and(|tokens| tokens.iter().all(|token| token.id != *old))
        };
        (!is_gone(old)).then(|| error.chain())
    }
}
