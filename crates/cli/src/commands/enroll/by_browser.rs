//! Enrolls an account whose holder signs in in a browser: the issuer token is created with
//! that access, so that no person sees its secret.

use super::answer::{Enrolled, How};
use super::by_token;
use super::loopback::{Loopback, SignedIn};
use super::redirect::RedirectUri;
use super::replacing::revoke_former;
use super::site::{Site, Subject, failure};
use crate::enroll_refusal::Refusal;
use crate::failure::Failure;
use crate::output::Output;
use applier::{FirstIssuerError, mint_first_issuer};
use isc::OauthClient;
use jiff::SignedDuration;
use model::{Credential, IdentityId, LiveToken, TenantError, TenantErrorKind, issuer_name};
use std::collections::BTreeSet;
use std::time::Duration;

/// How long an issuer token is valid where no file says so, and no policy is shorter.
const LIFETIME: SignedDuration = SignedDuration::from_hours(180 * 24);

/// How people sign in.
pub(super) struct Browser {
    pub(super) client: OauthClient,
    pub(super) redirect_uri: RedirectUri,
    /// Whether a browser is opened, beside the link that is printed.
    pub(super) opens: bool,
    /// How long a sign-in may take.
    pub(super) timeout: Duration,
}

impl Browser {
    /// Waits for the account holder to sign in, and creates the issuer token; none where the
    /// run is to stop.
    ///
    /// # Errors
    /// What stands against it. Nothing was created then, or it was revoked.
    pub(super) async fn enroll<'a>(
        &self,
        site: &Site<'a>,
        subject: Subject<'a>,
        output: &mut Output,
    ) -> Result<Option<Enrolled>, Failure> {
        let account = subject.account;
        let identity = by_token::prepare(site, subject).await?;
        site.refuse_unregistered(account)?;
        let former = site.refuse_occupied(subject, identity, None).await?;
        refuse_full(site, subject, identity)?;
        let signing_in = self.sign_in(site, subject, identity, output);
        let Some(access) = site.unless_stopped(signing_in).await else {
            return Ok(None);
        };
        let enrolled = self.create(site, subject, identity, &access?).await?;
        revoke_former(site, subject, former, output).await;
        Ok(Some(enrolled))
    }

    /// The access of the account holder.
    async fn sign_in(
        &self,
        site: &Site<'_>,
        subject: Subject<'_>,
        identity: &IdentityId,
        output: &mut Output,
    ) -> Result<Credential, Failure> {
        let name = &subject.account.name;
        let reader = site.session.reader();
        // The browser must not come back to another program.
        let loopback = Loopback::open(&self.redirect_uri).await?;
        let sign_in = reader
            .begin_sign_in(self.client.clone(), self.redirect_uri.as_str())
            .await?;
        let page = sign_in.page().as_str();
        output.talk(&format!(
            "Sign in to ISC as {name}, in a browser on this machine:\n  {page}"
        ));
        if self.opens
            && let Err(error) = open::that_detached(page)
        {
            tracing::debug!(%error, "no browser was opened");
            output.talk("note: no browser could be opened; open the link yourself");
        }
        let waiting = loopback.wait(sign_in.state());
        let ended = tokio::time::timeout(self.timeout, waiting)
            .await
            .map_err(|_| Refusal::TooLate {
                name: name.clone(),
                seconds: self.timeout.as_secs(),
            })?;
        let code = match ended {
            SignedIn::Code(code) => code,
            SignedIn::Failed(error) => {
                let name = name.clone();
                return Err(Refusal::SignInEnded { name, error }.into());
            }
        };
        let person = reader
            .finish_sign_in(sign_in, &code)
            .await
            .map_err(|error| self.not_accepted(error))?;
        if person.identity.as_ref() == Some(identity) {
            return Ok(person.access);
        }
        let who = match (&person.user_name, &person.identity) {
            (Some(user), Some(identity)) => format!("{user} (identity {identity})"),
            (Some(user), None) => user.clone(),
            (None, Some(identity)) => format!("identity {}", site.who(identity)),
            (None, None) => "a client without a user".to_owned(),
        };
        Err(Refusal::OtherPerson {
            name: name.clone(),
            expected: identity.clone(),
            who,
        }
        .into())
    }

    fn not_accepted(&self, error: TenantError) -> Failure {
        let client = self.client.id.clone();
        match error.kind {
            TenantErrorKind::Unauthenticated { .. } => Refusal::CodeNotAccepted {
                client,
                source: Box::new(error),
            }
            .into(),
            _ => Failure::Tenant(error),
        }
    }

    async fn create(
        &self,
        site: &Site<'_>,
        subject: Subject<'_>,
        identity: &IdentityId,
        access: &Credential,
    ) -> Result<Enrolled, Failure> {
        let Subject { account, location } = subject;
        let now = site.assessment.live.observed_at;
        // It replaces none, so the sign-in stands for the one before it.
        let before = LiveToken {
            id: issuer_name::SIGN_IN.into(),
            name: issuer_name::SIGN_IN.into(),
            owner: identity.clone(),
            scopes: BTreeSet::new(),
            created: now,
            expires: now.checked_add(lifetime(site)).ok(),
            last_used: None,
            access_token_validity: None,
            managed: false,
        };
        let new = planner::issuer_replacement(account, identity, location, &before, now);
        let writer = site.session.writer();
        let creating = mint_first_issuer(&writer, site.stores, site.journal, access, new, now);
        let created = Box::pin(creating).await;
        let document = created.map_err(|error| match error {
            FirstIssuerError::Tenant(source)
                if matches!(source.kind, TenantErrorKind::Forbidden { .. }) =>
            {
                let client = self.client.id.clone();
                let source = Box::new(source);
                Refusal::ClientMayNot { client, source }.into()
            }
            other => failure(subject, other),
        })?;
        Ok(Enrolled::new(subject, How::Browser, &document, identity))
    }
}

/// How long the issuer token is valid, where no file says so: no longer than the policy
/// allows.
fn lifetime(site: &Site<'_>) -> SignedDuration {
    let longest = site.spec.policy.max_token_lifetime;
    longest.map_or(LIFETIME, |longest| LIFETIME.min(longest))
}

/// Before anyone signs in for nothing.
fn refuse_full(
    site: &Site<'_>,
    subject: Subject<'_>,
    identity: &IdentityId,
) -> Result<(), Refusal> {
    let tokens = site.assessment.live.tokens.found();
    let count = tokens
        .iter()
        .filter(|token| token.owner == *identity)
        .count();
    if count < LiveToken::MAX_PER_OWNER {
        return Ok(());
    }
    let name = subject.account.name.clone();
    Err(Refusal::Full { name, count })
}
