//! `steersman store move`: moves issuer tokens from an earlier place to the declared one.

use super::moved::{Moved, Outcome, json, text};
use crate::answers::Format;
use crate::arguments::{CommandArguments, JournalArgument, SpecArguments, TenantArguments};
use crate::assessment::{Assessment, Facts, assess};
use crate::confirmation::confirm;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::journals;
use crate::loading::load_spec;
use crate::output::Output;
use crate::redaction::redactor;
use crate::session::Session;
use crate::stores;
use applier::{Holder, MintIntent, Stores, probe_issuer_place, store_issuer};
use clap::Args;
use model::{
    AccountSpec, Address, IdentityId, SecretDocument, Spec, StoreKey, StoreName, TenantRead,
    TokenId, TokenName, Unasked, error_chain, visible,
};
use planner::Allowances;
use secrecy::ExposeSecret;

/// Move issuer tokens to the place that the files declare now
///
/// Example: `steersman store move accounts --from local --from-key "{tenant}/{account}/issuer"`
///
/// Declare the new place first, and keep the old store declared. Each issuer token is read
/// from the old place, proven by signing in, stored in the new place and read back. Only then
/// its old entry is removed. The tenant is only read. A run that was interrupted can be
/// repeated; an old entry that it has left is named, and not removed, because both places
/// could be one entry.
///
/// Exits with 1 if neither place of any account holds an issuer token.
#[derive(Debug, Args)]
pub(crate) struct Move {
    #[command(flatten)]
    spec: SpecArguments,
    /// Store that holds the issuer tokens now
    #[arg(long, value_name = "STORE")]
    from: StoreName,
    /// Key in that store, with placeholders; default: as declared
    #[arg(long, value_name = "KEY")]
    from_key: Option<String>,
    /// Move only this account, by id or name; repeatable
    #[arg(long = "account", value_name = "ACCOUNT")]
    accounts: Vec<String>,
    /// Move without asking for approval
    #[arg(long)]
    auto_approve: bool,
    #[command(flatten)]
    tenant: TenantArguments,
    #[command(flatten)]
    commands: CommandArguments,
    #[command(flatten)]
    journal: JournalArgument,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// An issuer token that can be moved.
struct Movable {
    at: usize,
    from: StoreKey,
    to: StoreKey,
    document: SecretDocument,
    /// What the new place held, if anything.
    replaced: Option<TokenId>,
    /// The issuer token, as the journal names it.
    address: Address,
    owner: IdentityId,
    token: TokenName,
}

/// What a run moves with.
struct Site<'a> {
    session: &'a Session,
    stores: &'a Stores,
    assessment: &'a Assessment,
}

impl Move {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let (spec, _) = load_spec(&self.spec, &self.tenant, output)?;
        let accounts = self.chosen(&spec)?;
        let session = Session::open(&spec, &self.tenant, output).await?;
        let result = self.moving(&spec, &accounts, &session, output).await;
        session.close().await?;
        result
    }

    async fn moving(
        &self,
        spec: &Spec,
        accounts: &[&AccountSpec],
        session: &Session,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        // Kept until the end.
        let _lock = journals::lock(session, self.journal.path())?;
        let stores = stores::open_to_write(spec, session, self.commands, true, output).await?;
        let earlier = journals::earlier(session, self.journal.path(), output)?;
        let facts = Facts {
            stores: &stores,
            earlier: &earlier,
            unasked: Unasked::Blocked,
            settled: Facts::NOTHING_SETTLED,
        };
        let assessment = assess(spec, session.reader(), facts, &Allowances::default()).await?;
        let site = Site {
            session,
            stores: &stores,
            assessment: &assessment,
        };
        let mut answer = Vec::new();
        let mut movable = Vec::new();
        for account in accounts {
            let at = answer.len();
            let (from, to) = self.places(spec, session, account)?;
            let outcome = match site.found(account, &from, &to).await {
                Ok(Found::Nothing) => Outcome::Nothing,
                Ok(Found::There) => Outcome::There,
                Ok(Found::Both) => Outcome::Both,
                Ok(Found::Movable {
                    document,
                    replaced,
                    owner,
                    token,
                }) => {
                    movable.push(Movable {
                        at,
                        from: from.clone(),
                        to: to.clone(),
                        document: *document,
                        replaced,
                        address: Address::Issuer(account.key.clone()),
                        owner,
                        token,
                    });
                    Outcome::NotTried
                }
                Err(why) => Outcome::Failed { why },
            };
            answer.push(Moved::new(account, &from, &to, outcome));
        }
        if !movable.is_empty() {
            for one in &movable {
                let moved = &answer[one.at];
                output.talk(&format!("to move: {}", moved.way()));
            }
            let count = render::counted(movable.len(), "issuer token");
            if !self.auto_approve && !confirm(output, &format!("Move {count}?"))? {
                output.talk("not approved; nothing was changed");
                return Ok(Exit::Error);
            }
        }
        if !movable.is_empty() {
            let journal = journals::open(session, self.journal.path(), output)?;
            for one in movable {
                let at = one.at;
                let (address, intent) = site.moved(&one);
                let outcome = site.carry(one).await;
                if matches!(outcome, Outcome::Moved { .. })
                    && let Err(error) = journal.delivered(&address, intent)
                {
                    output.talk(&format!(
                        "warning: the journal does not know the new place of {address}: {}",
                        shown(&error)
                    ));
                }
                answer[at].outcome = outcome;
            }
        }
        stores::show_notices(&stores, output);
        match self.format {
            Format::Text => output.data(&text(&answer)),
            Format::Json => output.document(&json(&answer)?),
        }
        if found_nothing(&answer) {
            output.talk(&self.hint(accounts));
        }
        Ok(exit(&answer))
    }

    /// What to do where no issuer token was found.
    fn hint(&self, accounts: &[&AccountSpec]) -> String {
        let place = match &self.from_key {
            Some(key) => format!("{}:{key}", self.from),
            None => format!("{}, at the keys that the files declare now", self.from),
        };
        let of = render::counted(accounts.len(), "account");
        visible(&format!(
            "nothing was found at {place}, and nothing at the declared places, for {of}: check --from-key, which is the key as the files declared it before, such as '{{tenant}}/{{account}}/issuer'; `steersman plan` names it, where the journal knows it"
        ))
    }

    /// The accounts whose issuer tokens are moved.
    fn chosen<'a>(&self, spec: &'a Spec) -> Result<Vec<&'a AccountSpec>, Failure> {
        if !spec.stores.contains_key(&self.from) {
            return Err(Failure::Usage {
                message: format!("no file declares the store `{}`", self.from),
                help: "keep the old store under `stores` until its issuer tokens are moved"
                    .to_owned(),
            });
        }
        let is_called = |account: &AccountSpec, word: &str| {
            account.key.as_str() == word || account.name.as_str() == word
        };
        let unknown = self.accounts.iter().find(|word| {
            !spec
                .accounts
                .values()
                .any(|account| is_called(account, word))
        });
        if let Some(word) = unknown {
            return Err(Failure::Usage {
                message: format!("no file declares an account `{word}`"),
                help: "enter an id or a name; `steersman status` lists all accounts".to_owned(),
            });
        }
        let is_chosen = |account: &&AccountSpec| {
            account.issuer.is_some()
                && account.tokens.is_some()
                && (self.accounts.is_empty()
                    || self.accounts.iter().any(|word| is_called(account, word)))
        };
        Ok(spec.accounts.values().filter(is_chosen).collect())
    }

    /// Where the issuer token of an account was, and where it goes.
    fn places(
        &self,
        spec: &Spec,
        session: &Session,
        account: &AccountSpec,
    ) -> Result<(StoreKey, StoreKey), Failure> {
        let to = account.issuer.clone().ok_or_else(|| Failure::Usage {
            message: format!("{} declares no place for its issuer token", account.name),
            help: "declare `defaults.issuer`, or `issuer` for the account".to_owned(),
        })?;
        let key = match &self.from_key {
            None => to.key.clone(),
            Some(written) => spec::issuer_key(written, account, &session.tenant_in_keys())
                .map_err(|placeholder| Failure::Usage {
                    message: format!("unknown placeholder `{placeholder}` in --from-key"),
                    help: "use {tenant}, {account}, {id} and {source}".to_owned(),
                })?,
        };
        if let Some(Err(error)) = spec
            .stores
            .get(&self.from)
            .map(|store| store.check_key(&key))
        {
            return Err(Failure::Usage {
                message: format!(
                    "cannot use the key `{key}` in the store `{}`: {error}",
                    self.from
                ),
                help: "enter the key that the files declared before".to_owned(),
            });
        }
        let from = StoreKey {
            store: self.from.clone(),
            key,
        };
        if from == to {
            return Err(Failure::Usage {
                message: format!(
                    "{from} is where the files declare the issuer token of {}",
                    account.name
                ),
                help:
                    "declare the new place in the files first; or name the old key with --from-key"
                        .to_owned(),
            });
        }
        Ok((from, to))
    }
}

/// What the two places of an account hold.
enum Found {
    /// The old place holds nothing, and the new one neither.
    Nothing,
    /// The new place holds a working issuer token, and the old one another or none.
    There,
    /// Both show the same one: an earlier run was interrupted, or both are one entry, which
    /// must not be removed.
    Both,
    /// The new place holds nothing, or a token that does not work any more.
    Movable {
        document: Box<SecretDocument>,
        replaced: Option<TokenId>,
        owner: IdentityId,
        token: TokenName,
    },
}

impl Site<'_> {
    /// What both places hold, proven by signing in.
    async fn found(
        &self,
        account: &AccountSpec,
        from: &StoreKey,
        to: &StoreKey,
    ) -> Result<Found, String> {
        let identity = self
            .identity(account)
            .ok_or_else(|| format!("{} has no identity in the tenant", account.name))?;
        let new = self.own(account, identity, to).await?;
        let old = self.own(account, identity, from).await?;
        let issuer = |document: &SecretDocument| {
            let tokens = self.assessment.live.tokens.found();
            let mut own = tokens.iter().filter(|token| token.owner == *identity);
            own.find(|token| token.id == document.credential.client_id && token.may_issue())
        };
        let works = |document: &SecretDocument| issuer(document).is_some();
        match (old, new) {
            (None, None) => Ok(Found::Nothing),
            (Some(old), Some(new))
                if old.credential.client_id == new.credential.client_id && works(&new) =>
            {
                Ok(Found::Both)
            }
            (_, Some(new)) if works(&new) => Ok(Found::There),
            (None, Some(_)) => Err(format!(
                "{to} holds a token that is no issuer token of {}, and {from} holds nothing: run `steersman enroll {}`",
                account.name,
                model::shell_quoted(account.name.as_str())
            )),
            (Some(old), new) => {
                let replaced = new.map(|new| new.credential.client_id);
                let Some(token) = issuer(&old).map(|token| token.name.clone()) else {
                    return Err(format!(
                        "the token at {from} is no valid issuer token of {}: run `steersman enroll {}`",
                        account.name,
                        model::shell_quoted(account.name.as_str())
                    ));
                };
                let signed_in = self.session.reader().identity_behind(&old.credential);
                match signed_in.await {
                    Ok(Some(owner)) if owner == *identity => Ok(Found::Movable {
                        document: Box::new(old),
                        replaced,
                        owner,
                        token,
                    }),
                    Ok(_) => Err(format!("the token at {from} signs in as another identity")),
                    Err(error) => Err(format!(
                        "the token at {from} does not sign in: {}",
                        shown(&error)
                    )),
                }
            }
        }
    }

    /// The document of a place; none where it holds nothing.
    async fn own(
        &self,
        account: &AccountSpec,
        identity: &IdentityId,
        place: &StoreKey,
    ) -> Result<Option<SecretDocument>, String> {
        let found = self.stores.get(place).await;
        let found = found.map_err(|error| format!("cannot read {place}: {}", shown(&error)))?;
        let Some(document) = found else {
            return Ok(None);
        };
        let names: Vec<_> = std::iter::once(&account.name)
            .chain(&account.previously.name)
            .collect();
        let holder = Holder {
            account: &names,
            identity: Some(identity),
            token: None,
        };
        match self.stores.foreign(&document, holder) {
            None => Ok(Some(document)),
            Some(why) => Err(format!("{place} holds another secret, which stays: {why}")),
        }
    }

    fn identity(&self, account: &AccountSpec) -> Option<&IdentityId> {
        let source = self.assessment.live.sources.get(&account.source)?;
        let accounts = source.found().as_ref()?.accounts.found();
        let live = accounts.iter().find(|live| match &account.row {
            Some(row) => live.native_identity == row.id,
            None => live.name == account.name,
        })?;
        live.identity.as_ref()
    }

    /// What the journal gets to know of a token that was moved.
    fn moved(&self, movable: &Movable) -> (Address, MintIntent) {
        let intent = MintIntent {
            owner: movable.owner.clone(),
            token: movable.token.clone(),
            deliver: movable.to.clone(),
            target: self.stores.target(&movable.to),
            // It was not created by this run.
            since: None,
            declared: None,
        };
        (movable.address.clone(), intent)
    }

    /// Stores the token in the new place, reads it back, and removes the old entry.
    async fn carry(&self, movable: Movable) -> Outcome {
        let Movable {
            at: _,
            from,
            to,
            document,
            replaced,
            address: _,
            owner: _,
            token: _,
        } = movable;
        // A person was asked since, and another machine may have enrolled the account.
        if let Err(why) = self.still_as_seen(&to, replaced.as_ref(), &document).await {
            return Outcome::Failed { why };
        }
        let stored = match probe_issuer_place(self.stores, &to).await {
            Ok(()) => store_issuer(self.stores, &to, &document).await,
            Err(error) => Err(error),
        };
        if let Err(error) = stored {
            return Outcome::Failed {
                why: format!("{}; the old entry stays", shown(&error)),
            };
        }
        match self.remove(&from, &to).await {
            Ok(()) => Outcome::Moved { left: None },
            Err(why) => Outcome::Moved { left: Some(why) },
        }
    }

    /// Sees that the new place holds what it held, and that the token still signs in.
    async fn still_as_seen(
        &self,
        to: &StoreKey,
        replaced: Option<&TokenId>,
        document: &SecretDocument,
    ) -> Result<(), String> {
        let found = self.stores.get(to).await;
        let found = found.map_err(|error| format!("cannot read {to}: {}", shown(&error)))?;
        if found.map(|found| found.credential.client_id).as_ref() != replaced {
            return Err(format!(
                "{to} has changed since it was read; nothing was moved: run the command again"
            ));
        }
        let signed_in = self
            .session
            .reader()
            .identity_behind(&document.credential)
            .await;
        match signed_in {
            Ok(_) => Ok(()),
            Err(error) => Err(format!(
                "the issuer token does not sign in any more: {}",
                shown(&error)
            )),
        }
    }

    /// Removes the old entry, if it still is what the new place holds. The new place must have
    /// shown something else before it was written: then the two are not one entry.
    async fn remove(&self, from: &StoreKey, to: &StoreKey) -> Result<(), String> {
        let read = |place| async move {
            let found = self.stores.get(place).await;
            found.map_err(|error| shown(&error))
        };
        let (Some(old), Some(new)) = (read(from).await?, read(to).await?) else {
            return Ok(());
        };
        let secrets =
            [&old, &new].map(|document| document.credential.client_secret.expose_secret());
        if old.credential.client_id != new.credential.client_id || secrets[0] != secrets[1] {
            return Err("it holds another secret now".to_owned());
        }
        let removed = self.stores.delete(from).await;
        removed.map_err(|error| shown(&error))
    }
}

/// An error with its causes, without secrets.
fn shown(error: &dyn std::error::Error) -> String {
    redactor().redact(&error_chain(error)).into_owned()
}

/// Whether there are accounts, and neither place of any holds an issuer token.
fn found_nothing(answer: &[Moved]) -> bool {
    let is_nothing = |moved: &Moved| matches!(moved.outcome, Outcome::Nothing);
    !answer.is_empty() && answer.iter().all(is_nothing)
}

fn exit(answer: &[Moved]) -> Exit {
    if found_nothing(answer) {
        return Exit::Error;
    }
    let failed = answer
        .iter()
        .any(|moved| matches!(moved.outcome, Outcome::Failed { .. } | Outcome::NotTried));
    let has_moved = answer
        .iter()
        .any(|moved| matches!(moved.outcome, Outcome::Moved { .. }));
    match (failed, has_moved) {
        (false, _) => Exit::Done,
        (true, true) => Exit::Partial,
        (true, false) => Exit::Error,
    }
}
