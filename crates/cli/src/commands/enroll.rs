//! `steersman enroll`.

use crate::arguments::{SpecArguments, TenantArguments};
use crate::assessment::{Assessment, assess, load_spec};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::tenant::Session;
use applier::Stores;
use clap::Args;
use model::{
    AccountSpec, Credential, IdentityId, LiveToken, SecretDocument, Spec, StoreKey, TenantRead,
    TokenId,
};
use owo_colors::OwoColorize;
use planner::Allowances;
use secrecy::SecretString;
use std::io::IsTerminal;

/// The scope that lets a token mint its owner's other tokens.
const MANAGE: &str = "sp:my-personal-access-tokens:manage";

/// Put the first token of an account into the store, so that steersman can mint its others
///
/// The one human step of an account's life: sign in to the tenant as the
/// account, create a personal access token with the scope
/// sp:my-personal-access-tokens:manage, and paste it here. It is tried before it
/// is stored, and has to belong to the account.
#[derive(Debug, Args)]
pub(crate) struct Enroll {
    /// The account, by its id or its name
    account: String,
    #[command(flatten)]
    spec: SpecArguments,
    #[command(flatten)]
    tenant: TenantArguments,
    /// The token's id; asked for where it is left out
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
}

impl Enroll {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let (spec, _) = load_spec(&self.spec, output)?;
        let account = find(&spec, &self.account)?;
        let Some(place) = &account.issuer else {
            return Err(Failure::Usage {
                message: format!("{} declares no place for its issuer", account.name),
                help: "declare `defaults.issuer`, or `issuer` for the account".to_owned(),
            });
        };
        let credential = self.ask(account, output)?;
        let session = Session::open(&spec, &self.tenant, output).await?;
        let result = enroll(&spec, account, place, credential, &session, output).await;
        session.close().await?;
        result
    }

    /// The token's id and secret, from the terminal or from standard input.
    fn ask(&self, account: &AccountSpec, output: &mut Output) -> Result<Credential, Failure> {
        let unreadable = |error: std::io::Error| Failure::File {
            message: "cannot read standard input".to_owned(),
            help: None,
            source: Some(Box::new(error)),
        };
        if std::io::stdin().is_terminal() {
            output.talk(&format!(
                "Sign in to the tenant as {}, and create a personal access token with the scope {MANAGE}.",
                account.name
            ));
        }
        let client_id = if let Some(id) = &self.client_id {
            id.clone()
        } else {
            output.ask("Its id: ");
            let mut line = String::new();
            std::io::stdin().read_line(&mut line).map_err(unreadable)?;
            line.trim().to_owned()
        };
        let secret = if std::io::stdin().is_terminal() {
            // Nothing that is typed is shown.
            SecretString::from(rpassword::prompt_password("Its secret: ").map_err(unreadable)?)
        } else {
            let mut line = String::new();
            std::io::stdin().read_line(&mut line).map_err(unreadable)?;
            SecretString::from(line.trim().to_owned())
        };
        if client_id.is_empty() || secrecy::ExposeSecret::expose_secret(&secret).is_empty() {
            return Err(Failure::Usage {
                message: "the token's id or secret is missing".to_owned(),
                help: "pass --client-id, and give the secret at the prompt or on standard input"
                    .to_owned(),
            });
        }
        Ok(Credential {
            client_id: client_id.into(),
            client_secret: secret,
        })
    }
}

async fn enroll(
    spec: &Spec,
    account: &AccountSpec,
    place: &StoreKey,
    credential: Credential,
    session: &Session,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let stores = Stores::new(&spec.stores, &crate::environment::search_path());
    let none = Allowances::default();
    let assessment = assess(spec, session.reader(), &stores, &[], &none).await?;
    let identity = identity(&assessment, account).ok_or_else(|| Failure::Usage {
        message: format!("{} has no identity at this tenant yet", account.name),
        help: "run `steersman apply` first; `steersman status` says how far the account is"
            .to_owned(),
    })?;
    let owner = session.reader().identity_behind(&credential).await?;
    if owner.as_ref() != Some(identity) {
        return Err(Failure::Usage {
            message: format!(
                "this token belongs to identity {}, and {} is identity {identity}",
                owner.map_or_else(|| "none".to_owned(), |owner| owner.to_string()),
                account.name
            ),
            help: format!("sign in as {} and create the token there", account.name),
        });
    }
    let token = token(&assessment, &credential.client_id);
    if token.is_some_and(|token| !may_mint(token)) {
        return Err(Failure::Usage {
            message: format!("this token lacks the scope {MANAGE}, so it cannot mint others"),
            help: format!("create one with the scope {MANAGE}"),
        });
    }
    let document = SecretDocument {
        base_url: Some(assessment.plan.tenant.clone()),
        account: Some(account.name.clone()),
        identity: Some(identity.clone()),
        token: token.map(|token| token.name.clone()),
        scopes: token.map(|token| token.scopes.clone()).unwrap_or_default(),
        created: token.map(|token| token.created),
        expires: token.and_then(|token| token.expires),
        credential,
    };
    stores
        .put(place, &document)
        .await
        .map_err(|error| Failure::Internal {
            message: format!("the issuer could not be put into the store at {place}"),
            source: Box::new(error),
        })?;
    output.data(&format!(
        "{} {} is enrolled: its issuer is at {place}, and the next apply mints its tokens",
        "done".green(),
        account.name
    ));
    Ok(Exit::Done)
}

fn find<'a>(spec: &'a Spec, wanted: &str) -> Result<&'a AccountSpec, Failure> {
    spec.accounts
        .values()
        .find(|account| account.key.as_str() == wanted || account.name.as_str() == wanted)
        .ok_or_else(|| Failure::Usage {
            message: format!("the files declare no account `{wanted}`"),
            help: "give its id or its name; `steersman status` lists all".to_owned(),
        })
}

fn identity<'a>(assessment: &'a Assessment, account: &AccountSpec) -> Option<&'a IdentityId> {
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
        })?
        .identity
        .as_ref()
}

fn token<'a>(assessment: &'a Assessment, id: &TokenId) -> Option<&'a LiveToken> {
    assessment
        .live
        .tokens
        .found()
        .iter()
        .find(|token| &token.id == id)
}

/// A token without scopes has all of them.
fn may_mint(token: &LiveToken) -> bool {
    token.scopes.is_empty()
        || token
            .scopes
            .iter()
            .any(|scope| [MANAGE, catalog::SCOPE_ALL].contains(&scope.as_str()))
}
