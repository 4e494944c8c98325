//! Enrolls an account with a token that its holder has created: proves it, and stores it.

use super::answer::{Enrolled, How};
use super::eligibility::{Eligibility, InUse, eligibility};
use super::replacing::{replace, revoke_former};
use super::site::{Site, Subject, failure};
use crate::enroll_refusal::Refusal;
use crate::failure::Failure;
use crate::output::Output;
use applier::{probe_issuer_place, store_issuer};
use jiff::{SignedDuration, Timestamp};
use model::{
    AccountName, Credential, IdentityId, LiveToken, SecretDocument, TenantError, TenantErrorKind,
    TenantRead,
};

/// Sees that a token can be asked for: the account has an identity, and its place takes one.
///
/// # Errors
/// What stands against it.
pub(super) async fn prepare<'a>(
    site: &Site<'a>,
    subject: Subject<'a>,
) -> Result<&'a IdentityId, Failure> {
    let identity = site.identity(subject.account)?;
    probe_issuer_place(site.stores, subject.location)
        .await
        .map_err(|error| failure(subject, error))?;
    Ok(identity)
}

/// Signs in with the token, checks that it can be the issuer token, stores it, reads it
/// back, and replaces it by one that no person has seen.
///
/// # Errors
/// What stands against it. Nothing was stored then.
pub(super) async fn enroll<'a>(
    site: &Site<'a>,
    subject: Subject<'a>,
    identity: &'a IdentityId,
    credential: Credential,
    output: &mut Output,
) -> Result<Enrolled, Failure> {
    let name = &subject.account.name;
    let reader = site.session.reader();
    let owner = match reader.identity_behind(&credential).await {
        Ok(Some(owner)) => owner,
        Ok(None) => return Err(Refusal::ApiClient { name: name.clone() }.into()),
        Err(error) => return Err(not_accepted(site, name, &credential, error)),
    };
    if owner != *identity {
        return Err(Refusal::OtherOwner {
            name: name.clone(),
            expected: identity.clone(),
            owner: site.who(&owner),
        }
        .into());
    }
    let no_scope = || Refusal::NoManageScope { name: name.clone() };
    let tokens = match reader.tokens_of(&owner, Some(&credential)).await {
        Ok(tokens) => tokens,
        Err(error) => {
            return Err(match error.kind {
                TenantErrorKind::Forbidden { .. } => no_scope().into(),
                _ => Failure::Tenant(error),
            });
        }
    };
    let token = tokens.iter().find(|token| token.id == credential.client_id);
    let id = &credential.client_id;
    let caller = &site.assessment.live.caller.client_id;
    match eligibility(
        id,
        token,
        caller,
        site.is_declared(subject.account, id, token),
    ) {
        Eligibility::Eligible => {}
        Eligibility::NoManageScope => return Err(no_scope().into()),
        Eligibility::InUse(used) => {
            return Err(Refusal::InUse {
                name: name.clone(),
                by: match used {
                    InUse::OwnToken => "steersman itself runs as it",
                    InUse::Declared => "it is a declared token, whose secret something uses",
                },
            }
            .into());
        }
    }
    let former = site
        .refuse_occupied(subject, identity, Some(&credential.client_id))
        .await?;
    let document = document(site, name, identity, token, credential);
    store_issuer(site.stores, subject.location, &document)
        .await
        .map_err(|error| failure(subject, error))?;
    let mut enrolled = Enrolled::new(subject, How::Token, &document, identity);
    if let Some(token) = token {
        replace(site, subject, identity, token, &mut enrolled, output).await;
    }
    revoke_former(site, subject, former, output).await;
    Ok(enrolled)
}

fn document(
    site: &Site<'_>,
    name: &AccountName,
    identity: &IdentityId,
    token: Option<&LiveToken>,
    credential: Credential,
) -> SecretDocument {
    SecretDocument {
        base_url: Some(site.assessment.plan.tenant.clone()),
        account: Some(name.clone()),
        identity: Some(identity.clone()),
        token: token.map(|token| token.name.clone()),
        scopes: token.map(|token| token.scopes.clone()).unwrap_or_default(),
        created: token.map(|token| token.created),
        expires: token.and_then(|token| token.expires),
        // A person has seen its secret.
        replaces: None,
        rotation: 0,
        previous: None,
        credential,
    }
}

/// What is known of a token that does not sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rejected {
    /// It has expired.
    Expired(Timestamp),
    /// It is valid, so the secret is another one's.
    WrongSecret,
    /// The tenant has no such token.
    Unknown,
    /// The tenant's tokens could not all be read.
    NotKnown,
}

fn not_accepted(
    site: &Site<'_>,
    name: &AccountName,
    credential: &Credential,
    error: TenantError,
) -> Failure {
    let TenantErrorKind::Unauthenticated { text } = &error.kind else {
        return Failure::Tenant(error);
    };
    let live = &site.assessment.live;
    let listed = site.listed(&credential.client_id);
    let rejected = match (listed.map(|token| token.expires), live.tokens.complete()) {
        (Some(Some(end)), _) if end <= live.observed_at => Rejected::Expired(end),
        (Some(_), _) => Rejected::WrongSecret,
        (None, Ok(_)) => Rejected::Unknown,
        (None, Err(_)) => Rejected::NotKnown,
    };
    let another = format!("create another token as {name}");
    let (why, help) = match rejected {
        Rejected::Expired(end) => (
            format!("it expired on {}", end.strftime("%Y-%m-%d")),
            another,
        ),
        Rejected::WrongSecret => (
            "its client secret is another one".to_owned(),
            format!("check the client secret; ISC shows it once, so if it is lost, {another}"),
        ),
        Rejected::Unknown => (
            format!(
                "{} has no personal access token with this client ID",
                site.session.tenant_name()
            ),
            "check the client ID, and that the token was created in this tenant and is not revoked"
                .to_owned(),
        ),
        Rejected::NotKnown => (
            format!("ISC says: {text}"),
            format!("check the client ID and the client secret, or {another}"),
        ),
    };
    Refusal::NotAccepted {
        name: name.clone(),
        why,
        help,
    }
    .into()
}

/// Warns of an issuer token that expires soon.
pub(super) fn warn_of_end(enrolled: &Enrolled, now: Timestamp, output: &mut Output) {
    const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);
    let Some(end) = enrolled
        .expires
        .filter(|end| end.duration_since(now) < SOON)
    else {
        return;
    };
    output.talk(&format!(
        "warning: the token of {} expires on {}; run `steersman apply` before that",
        enrolled.name,
        end.strftime("%Y-%m-%d")
    ));
}
