//! Checks of the credential: sign-in, kind, owner, expiry.

use super::list::List;
use super::surroundings::fail;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::session::Session;
use isc::Signed;
use jiff::SignedDuration;
use model::{LiveToken, TenantErrorKind, TenantRead as _};
use planner::{Held, Needs};
use render::doctor::CheckName;
use std::collections::BTreeSet;

/// How long before its end a token is warned of.
const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Signs in, and looks at whose credential it is. Returns what it holds.
pub(super) async fn check(
    list: &mut List,
    session: &Session,
    client_id: &str,
    needs: Option<&Needs>,
) -> Option<Held> {
    let tried = format!(
        "POST /oauth/token as client {}",
        model::shown_client_id(client_id)
    );
    let signed = match session.reader().examine().await {
        Ok(signed) => signed,
        Err(error) if matches!(error.kind, TenantErrorKind::Unauthenticated { .. }) => {
            list.fail(
                CheckName::SignIn,
                &tried,
                Failure::Tenant(error).text(),
                Some("ISC gives the same answer if the client ID is unknown, if the secret is wrong, and if the token has expired, was disabled or was revoked: compare SAIL_CLIENT_ID with the IDs under Preferences > Personal Access Tokens of its owner; if it is there and has not expired, the secret is wrong; else create a new token".to_owned()),
                Exit::NotAllowed,
            );
            return None;
        }
        Err(error) => {
            fail(list, CheckName::SignIn, &tried, &Failure::Tenant(error));
            return None;
        }
    };
    list.ok(CheckName::SignIn, &tried, "ISC accepts the credential");
    kind(list, &signed, client_id, needs);
    let own = owner_and_expiry(list, session, &signed, client_id).await;
    Some(Held {
        scopes: signed.scopes.clone().or_else(|| own.map(scopes)),
        levels: levels(session, &signed).await,
    })
}

/// The scopes of a token. ISC gives all of them to one that was created without any.
fn scopes(token: LiveToken) -> BTreeSet<String> {
    if token.scopes.is_empty() {
        return BTreeSet::from([catalog::SCOPE_ALL.to_owned()]);
    }
    let scopes = token.scopes.into_iter();
    scopes.map(|scope| scope.to_string()).collect()
}

/// The user levels, from the access token, else from the user.
async fn levels(session: &Session, signed: &Signed) -> Option<BTreeSet<String>> {
    if signed.is_api_client {
        return Some(BTreeSet::new());
    }
    if let Some(levels) = &signed.levels {
        return Some(levels.clone());
    }
    let read = session
        .reader()
        .user_levels(signed.identity.as_ref()?)
        .await;
    let levels = read.ok()?.into_iter();
    Some(levels.map(|level| level.to_string()).collect())
}

fn kind(list: &mut List, signed: &Signed, client_id: &str, needs: Option<&Needs>) {
    let tried = "reading the access token";
    if !signed.is_api_client {
        match &signed.identity {
            Some(_) => list.ok(
                CheckName::Client,
                tried,
                format!("{client_id} is a personal access token"),
            ),
            None => list.not_checked(
                CheckName::Client,
                "because the access token does not name a user, and does not say that there is none",
                None,
            ),
        }
        return;
    }
    let found = format!("{client_id} is an API client: it has no user");
    let help = "use a personal access token of an ISC admin (ORG_ADMIN)";
    let refused: Vec<String> = needs
        .iter()
        .flat_map(|needs| &needs.calls)
        .filter(|call| !call.operation.application_auth)
        .map(|call| call.operation.to_string())
        .collect();
    if let [first, others @ ..] = refused.as_slice() {
        let more = match others.len() {
            0 => String::new(),
            count => format!(" and {count} more calls"),
        };
        list.fail(
            CheckName::Client,
            tried,
            format!("{found}, so ISC refuses {first}{more}"),
            Some(help.to_owned()),
            Exit::NotAllowed,
        );
    } else {
        list.warn(CheckName::Client, tried, found, help);
    }
}

async fn owner_and_expiry(
    list: &mut List,
    session: &Session,
    signed: &Signed,
    client_id: &str,
) -> Option<LiveToken> {
    let tried = "reading the access token";
    let Some(identity) = &signed.identity else {
        let because = if signed.is_api_client {
            "because an API client has no user"
        } else {
            "because the access token does not name a user"
        };
        list.not_checked(CheckName::Owner, because, None);
        list.not_checked(CheckName::Expiry, because, None);
        return None;
    };
    let name = signed
        .user_name
        .as_deref()
        .unwrap_or("a user without a name");
    let levels = match &signed.levels {
        None => "user levels not known".to_owned(),
        Some(levels) if levels.is_empty() => "no user level".to_owned(),
        Some(levels) => levels
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", "),
    };
    list.ok(
        CheckName::Owner,
        tried,
        format!("{name} (identity {identity}; {levels})"),
    );
    let tried = "GET /personal-access-tokens/v1?owner-id=me";
    let own = match session.reader().own_tokens(identity).await {
        Ok(read) => read
            .found()
            .iter()
            .find(|token| token.id.as_str() == client_id)
            .cloned(),
        Err(error) => {
            let is_forbidden = matches!(error.kind, TenantErrorKind::Forbidden { .. });
            list.not_checked(
                CheckName::Expiry,
                if is_forbidden {
                    "because the token may not read itself".to_owned()
                } else {
                    format!("because of an error: {}", Failure::Tenant(error).text())
                },
                is_forbidden.then(|| {
                    "look at it under Preferences > Personal Access Tokens of its owner; with the scope sp:my-personal-access-tokens:read it is checked here".to_owned()
                }),
            );
            return None;
        }
    };
    let Some(own) = own else {
        list.not_checked(
            CheckName::Expiry,
            format!("because {client_id} is not in the list of its owner's tokens"),
            None,
        );
        return None;
    };
    match own.expires {
        None => list.warn(
            CheckName::Expiry,
            tried,
            format!("the token \"{}\" never expires", own.name),
            "give it an expiry, so that a lost secret does not work forever",
        ),
        Some(end) => {
            let left = end.duration_since(session.reader().now());
            let found = format!(
                "the token \"{}\" expires on {}, in {} days",
                own.name,
                end.strftime("%Y-%m-%d"),
                left.as_hours() / 24
            );
            if left < SOON {
                list.warn(
                    CheckName::Expiry,
                    tried,
                    found,
                    "create the next token now, and replace SAIL_CLIENT_ID and SAIL_CLIENT_SECRET",
                );
            } else {
                list.ok(CheckName::Expiry, tried, found);
            }
        }
    }
    Some(own)
}
