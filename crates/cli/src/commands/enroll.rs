//! `steersman enroll`: verifies and stores the issuer token of an account.

mod eligibility;
mod occupant;
mod prompt;

use crate::arguments::{CommandArguments, JournalArgument, SpecArguments, TenantArguments};
use crate::assessment::{Assessment, Facts, assess};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::journals;
use crate::loading::load_spec;
use crate::output::Output;
use crate::session::Session;
use crate::stores;
use applier::{Earlier, Holder, Stores};
use clap::Args;
use eligibility::{Eligibility, MANAGE, NotKnownOwn, eligibility};
use model::{
    AccountSpec, Collection, Credential, IdentityId, LiveAccount, LiveToken, SecretDocument, Spec,
    StoreKey, TenantRead, TokenId, Unasked,
};
use occupant::Occupant;
use owo_colors::OwoColorize;
use planner::Allowances;

/// Verify and store an account's issuer token
///
/// Example: `steersman enroll audit01`
///
/// The account holder signs in to ISC as the account and creates a personal access
/// token with the scope sp:my-personal-access-tokens:manage. steersman signs in
/// with it, checks that it belongs to the account, and stores it. The next apply
/// uses it to create the account's other tokens.
#[derive(Debug, Args)]
pub(crate) struct Enroll {
    /// Account to enroll, by id or name
    account: String,
    #[command(flatten)]
    spec: SpecArguments,
    #[command(flatten)]
    tenant: TenantArguments,
    #[command(flatten)]
    commands: CommandArguments,
    /// Client ID of the token; default: prompt for it
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    #[command(flatten)]
    journal: JournalArgument,
}

impl Enroll {
    pub(crate) async fn run(
        &self,
        interrupts: &Interrupts,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        let (spec, _) = load_spec(&self.spec, &self.tenant, output)?;
        let account = find(&spec, &self.account)?;
        let Some(location) = &account.issuer else {
            return Err(Failure::Usage {
                message: format!(
                    "{} declares no store location for its issuer token",
                    account.name
                ),
                help: "declare `defaults.issuer`, or `issuer` for the account".to_owned(),
            });
        };
        let session = Session::open(&spec, &self.tenant, output).await?;
        let result = self
            .enroll(&spec, account, location, &session, interrupts, output)
            .await;
        session.close().await?;
        result
    }

    async fn enroll(
        &self,
        spec: &Spec,
        account: &AccountSpec,
        location: &StoreKey,
        session: &Session,
        interrupts: &Interrupts,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        // Kept until the end.
        let _lock = journals::lock(session, self.journal.path())?;
        // Before anybody is asked for a secret.
        let stores = stores::open_to_write(spec, session, self.commands, true, output).await?;
        if stores.not_asked().contains(&location.store) {
            return Err(Failure::Usage {
                message: format!(
                    "store `{}` runs a program that the files name, and nobody allowed it; nothing was stored",
                    location.store
                ),
                help: "check the program in the files, then add `--allow-commands`".to_owned(),
            });
        }
        let credential = prompt::credential(&account.name, self.client_id.as_deref(), output)?;
        let result = store(
            spec, account, location, credential, session, &stores, interrupts,
        )
        .await;
        stores::show_notices(&stores, output);
        result?;
        output.data(&format!(
            "{} {} is enrolled: its issuer token is stored at {location}; the next apply creates its other tokens",
            "done".green(),
            account.name
        ));
        Ok(Exit::Done)
    }
}

/// Checks that the token can be the issuer token, stores it, and reads it back.
async fn store(
    spec: &Spec,
    account: &AccountSpec,
    location: &StoreKey,
    credential: Credential,
    session: &Session,
    stores: &Stores,
    interrupts: &Interrupts,
) -> Result<(), Failure> {
    let none = Allowances::default();
    let facts = Facts {
        stores,
        earlier: &Earlier::default(),
        unasked: Unasked::Blocked,
        settled: Facts::NOTHING_SETTLED,
    };
    let assessment = assess(spec, session.reader(), facts, &none).await?;
    let observed = observed(&assessment, account);
    let expected = observed.and_then(|observed| observed.identity.as_ref());
    let ownership =
        observed.and_then(|observed| planner::ownership(&assessment.live, account, observed));
    let owner = match expected {
        Some(_) => session.reader().identity_behind(&credential).await?,
        None => None,
    };
    let token = token(&assessment, &credential.client_id);
    let identity = refuse_ineligible(
        account,
        eligibility(expected, ownership, owner.as_ref(), token),
    )?;
    let place = Place {
        account,
        location,
        identity,
        enrolled: &credential.client_id,
        tokens: &assessment.live.tokens,
    };
    refuse_occupied(&place, stores).await?;
    let document = SecretDocument {
        base_url: Some(assessment.plan.tenant.clone()),
        account: Some(account.name.clone()),
        identity: Some(identity.clone()),
        token: token.map(|token| token.name.clone()),
        scopes: token.map(|token| token.scopes.clone()).unwrap_or_default(),
        created: token.map(|token| token.created),
        expires: token.and_then(|token| token.expires),
        rotation: 0,
        credential,
    };
    let failed = |doing: &str| {
        let message = format!("cannot {doing} the issuer token at {location}");
        move |error| Failure::Internal {
            message,
            source: Box::new(error),
        }
    };
    // What is being stored is finished.
    let _ = interrupts.writing();
    stores
        .put(location, &document)
        .await
        .map_err(failed("store"))?;
    let back = stores.get(location).await.map_err(failed("read back"))?;
    if back.is_none_or(|back| back.credential.client_id != document.credential.client_id) {
        return Err(Failure::File {
            message: format!("the store returns something else for {location} than was stored"),
            help: Some("check the programs or the files of the store".to_owned()),
            source: None,
        });
    }
    Ok(())
}

/// Where an issuer token is about to be stored.
struct Place<'a> {
    account: &'a AccountSpec,
    location: &'a StoreKey,
    identity: &'a IdentityId,
    /// The token that is enrolled.
    enrolled: &'a TokenId,
    /// The tokens of the tenant.
    tokens: &'a Collection<Vec<LiveToken>>,
}

/// Refuses to overwrite a secret that is not an issuer token of this account in this
/// tenant, that is not known to be one, or that cannot be read.
async fn refuse_occupied(place: &Place<'_>, stores: &Stores) -> Result<(), Failure> {
    let Place {
        account,
        location,
        identity,
        enrolled,
        tokens,
    } = place;
    let found = stores
        .get(location)
        .await
        .map_err(|error| Failure::Internal {
            message: format!("nothing was stored: cannot read what is at {location}"),
            source: Box::new(error),
        })?;
    let Some(document) = found else {
        return Ok(());
    };
    let names: Vec<_> = std::iter::once(&account.name)
        .chain(&account.previously.name)
        .collect();
    let holder = Holder {
        account: &names,
        identity: Some(identity),
        token: None,
    };
    let context = occupant::Context {
        foreign: stores.foreign(&document, holder),
        identity,
        enrolled,
        tokens,
        declares: &|name| {
            let declared = account.tokens.as_ref();
            declared.is_some_and(|declared| declared.contains_key(name))
        },
    };
    let name = &account.name;
    let elsewhere = "declare another key for the issuer token";
    let (what, help) = match occupant::classify(&document, context) {
        Occupant::Replaceable => return Ok(()),
        Occupant::Foreign(why) => (
            format!("holds a secret that is not of {name} in this tenant: {why}"),
            format!("{elsewhere}, or delete the secret at {location}"),
        ),
        Occupant::OfToken(token) => (
            format!(
                "holds the secret of the token {} ({}), which is valid and is not the issuer token of {name}",
                token.name, token.id
            ),
            format!(
                "{elsewhere}; or deliver the token {} to another place, then delete the secret at {location}",
                token.name
            ),
        ),
        Occupant::Nameless(id) => (
            format!(
                "holds a secret that does not say whose it is, and its client ID {id} is no token of {name} in this tenant"
            ),
            format!("check what uses it, then delete the secret at {location}; or {elsewhere}"),
        ),
        Occupant::NotKnown { id, why } => (
            format!(
                "holds a secret with the client ID {id}, and whether its token is still valid is not known: the personal access tokens could not be read completely ({why})"
            ),
            format!(
                "give steersman's token the scope sp:all-personal-access-tokens:read, or {elsewhere}"
            ),
        ),
    };
    Err(Failure::File {
        message: format!("nothing was stored: {location} {what}"),
        help: Some(help),
        source: None,
    })
}

/// The identity of the account, where the token can be its issuer token.
///
/// # Errors
/// Wrong usage: a token that cannot be the issuer token.
fn refuse_ineligible<'a>(
    account: &AccountSpec,
    eligibility: Eligibility<'a>,
) -> Result<&'a IdentityId, Failure> {
    let name = &account.name;
    let (message, help) = match eligibility {
        Eligibility::Eligible(identity) => return Ok(identity),
        Eligibility::NoIdentity => (
            format!("{name} has no identity in this tenant yet; nothing was stored"),
            "run `steersman apply` first; `steersman status` shows the stage of the account"
                .to_owned(),
        ),
        Eligibility::NotOwn {
            identity,
            doubt: NotKnownOwn::Against(against),
        } => (
            format!(
                "identity {identity} of {name} is not the account's own: {against}; nothing was stored"
            ),
            format!(
                "check in ISC whose identity {identity} is; if it is meant, declare `identity: {identity}` on {}",
                account.key
            ),
        ),
        Eligibility::NotOwn {
            identity,
            doubt: NotKnownOwn::Unread(unread),
        } => (
            format!(
                "whether identity {identity} of {name} is the account's own could not be read completely ({}); nothing was stored",
                unread.why
            ),
            "fix the cause, then run `steersman enroll` again".to_owned(),
        ),
        Eligibility::OtherOwner { expected, owner } => (
            format!(
                "this token belongs to identity {}, and {name} is identity {expected}; nothing was stored",
                owner.map_or_else(|| "none".to_owned(), ToString::to_string),
            ),
            format!("sign in to ISC as {name} and create the token there"),
        ),
        Eligibility::NoManageScope => (
            format!(
                "this token has no scope {MANAGE}, so it cannot create tokens; nothing was stored"
            ),
            format!("create a token with the scope {MANAGE}"),
        ),
    };
    Err(Failure::Usage { message, help })
}

fn find<'a>(spec: &'a Spec, wanted: &str) -> Result<&'a AccountSpec, Failure> {
    spec.accounts
        .values()
        .find(|account| account.key.as_str() == wanted || account.name.as_str() == wanted)
        .ok_or_else(|| Failure::Usage {
            message: format!("no file declares an account `{wanted}`"),
            help: "enter an id or a name; `steersman status` lists all accounts".to_owned(),
        })
}

fn observed<'a>(assessment: &'a Assessment, account: &AccountSpec) -> Option<&'a LiveAccount> {
    let source = assessment
        .live
        .sources
        .get(&account.source)?
        .found()
        .as_ref()?;
    source
        .accounts
        .found()
        .iter()
        .find(|live| match &account.row {
            Some(row) => live.native_identity == row.id,
            None => live.name == account.name,
        })
}

fn token<'a>(assessment: &'a Assessment, id: &TokenId) -> Option<&'a LiveToken> {
    assessment
        .live
        .tokens
        .found()
        .iter()
        .find(|token| &token.id == id)
}
