//! Rollback of named tokens: which rotations can be undone, why others cannot, and the plan.

use super::choice::{Chosen, TokenRefusal, Verdict, choose_by};
use super::pattern::TokenPattern;
use super::stop_plan::plan_of;
use crate::classify::issuer::IssuerOutcome;
use crate::draft::{NewStep, StepExt};
use crate::guards::Allowances;
use crate::index::Index;
use crate::token_list::{ListedToken, Standing, TokenList};
use crate::view::View;
use jiff::SignedDuration;
use model::{
    Action, DeliveredForm, Fields, IdentityId, Live, LiveToken, Operation, Plan, Reason, RollBack,
    Scope, Spec, StoreKey, StoredToken, TokenId, TokenSpec, retiring,
};
use serde_json::json;

/// Chooses the tokens of which the last rotation is undone.
///
/// # Errors
/// Each pattern that matches nothing, and each token that is named and cannot be rolled back.
pub fn choose_roll_backs<'a>(
    spec: &Spec,
    live: &Live,
    list: &'a TokenList,
    patterns: &[TokenPattern],
) -> Result<Chosen<'a>, Vec<TokenRefusal>> {
    let index = Index::new(live);
    choose_by(list, patterns, |token, is_named| {
        match roll_back(spec, live, &index, token) {
            Ok(_) => Verdict::Chosen { is_issuer: false },
            Err(Not { why, help }) => Verdict::against(why, help, is_named),
        }
    })
}

/// Plans to roll back the chosen tokens, as far as it is not done. The guards count them as
/// they count those of any other plan. `whole` is the whole plan of the same spec and
/// observed state.
pub fn roll_back_plan(
    spec: &Spec,
    live: &Live,
    whole: &Plan,
    (list, chosen): (&TokenList, &[&ListedToken]),
    allow: &Allowances,
) -> Plan {
    let index = Index::new(live);
    plan_of(spec, live, whole, (list, chosen), allow, |draft, listed| {
        let Ok(found) = roll_back(spec, live, &index, listed) else {
            return;
        };
        let Found {
            newer,
            older,
            operation,
        } = found;
        let of = |token: &LiveToken| {
            let end = token.expires.map_or_else(
                || "never".to_owned(),
                |end| end.strftime("%Y-%m-%d").to_string(),
            );
            Fields::from_iter([
                ("clientId".to_owned(), json!(token.id)),
                ("scopes".to_owned(), json!(token.effective_scopes())),
                ("expires".to_owned(), json!(end)),
            ])
        };
        let mut after = of(older);
        after.insert("deliver".to_owned(), json!(operation.place.to_string()));
        draft
            .step(NewStep {
                address: listed.address(),
                action: Action::Update,
                reason: Reason::Requested,
                before: Some(of(newer)),
                after: Some(after),
                operation: Operation::RollBackToken(operation),
            })
            .observed(RollBack::fingerprint(newer, older));
    })
}

/// A rotation that can be undone.
struct Found<'a> {
    newer: &'a LiveToken,
    older: &'a LiveToken,
    operation: RollBack,
}

/// Why a token cannot be rolled back, and what to do instead.
struct Not {
    why: String,
    help: String,
}

fn not<T>(why: impl Into<String>, help: impl Into<String>) -> Result<T, Not> {
    Err(Not {
        why: why.into(),
        help: help.into(),
    })
}

/// The help where only a new token is of use.
fn rotate(listed: &ListedToken) -> String {
    let token = format!("{}/{}", listed.account_name, listed.name_or_issuer());
    format!(
        "run `steersman token rotate --token {}` for a new token",
        model::shell_quoted(&token)
    )
}

fn roll_back<'a>(
    spec: &Spec,
    live: &'a Live,
    index: &Index<'a>,
    listed: &ListedToken,
) -> Result<Found<'a>, Not> {
    let account = &listed.account_name;
    match &listed.standing {
        // A run that was killed may have left no token of the name.
        Standing::Declared | Standing::Missing(_) => {}
        Standing::Issuer | Standing::MayBeIssuer => {
            return not(
                "it is the issuer token of the account, or may be, and the one before it is revoked at once",
                format!(
                    "run `steersman enroll {}` to replace it",
                    model::shell_quoted(account.as_str())
                ),
            );
        }
        Standing::Retiring { of, .. } => {
            return not(
                "it was replaced, and is kept for its overlap",
                format!(
                    "roll back its successor: `--token {}`",
                    model::shell_quoted(&format!("{account}/{of}"))
                ),
            );
        }
        Standing::Undeclared => {
            return not(
                "no file declares it, so steersman does not rotate it",
                format!("declare it in the files of {account}"),
            );
        }
        Standing::OfSailPoint => {
            return not(
                "SailPoint's workflows manage it, and steersman never changes such tokens",
                "change the workflow in ISC",
            );
        }
        Standing::Unread { why } => {
            return not(
                format!("whether it exists was not read: {why}"),
                "run the command again where all can be read",
            );
        }
    }
    let declared = spec.accounts.get(&listed.account);
    let wanted =
        declared.and_then(|account| account.tokens.as_ref()?.get(&listed.name_or_issuer()));
    let (Some(declared), Some(wanted), Some(identity)) = (declared, wanted, &listed.identity)
    else {
        return not(
            "there is no such token of an identity",
            "run `steersman token list` to see which there are",
        );
    };
    let see = || {
        format!(
            "run `steersman plan --only {}` to see why",
            model::shell_quoted(account.as_str())
        )
    };
    if listed.is_doubted {
        return not(
            "it is not settled whether its identity is the account's own",
            see(),
        );
    }
    let rotate = rotate(listed);
    let view = View::new(declared, index, None);
    let tokens: Vec<&LiveToken> = live.tokens.found().iter().collect();
    let retired = Retired::of(&tokens, identity, wanted);
    let (current, previous) = kept(wanted, view.stored(wanted), retired, &rotate)?;
    let ids = (current, previous);
    let (newer, older) = both(&tokens, identity, wanted, ids, (live, &rotate))?;
    let declared_scopes = LiveToken::meaning_of(&wanted.scopes);
    let held = older.effective_scopes();
    let more: Vec<&str> = held
        .difference(&declared_scopes)
        .map(Scope::as_str)
        .collect();
    if !more.is_empty() {
        return not(
            format!(
                "the token before has more scopes than the files declare now: {}",
                more.join(", ")
            ),
            format!("declare them again, or {rotate}"),
        );
    }
    refuse_too_long(older, spec.policy.max_token_lifetime, &rotate)?;
    let owned: Vec<&LiveToken> = tokens
        .into_iter()
        .filter(|token| token.owner == *identity && !token.managed)
        .collect();
    let IssuerOutcome::Usable(issuer) = view.issuer_outcome(spec, &owned, live.observed_at) else {
        return not(
            "only the account itself can rename its tokens, and its issuer token cannot be used",
            see(),
        );
    };
    let retire_as = match retiring::parse(&newer.name, &newer.id) {
        Some(_) => newer.name.clone(),
        None => retiring::name(
            &wanted.name,
            &newer.id,
            live.observed_at,
            wanted.overlap.min,
        ),
    };
    Ok(Found {
        newer,
        older,
        operation: RollBack {
            account_name: declared.name.clone(),
            identity: identity.clone(),
            issuer: issuer.clone(),
            name: wanted.name.clone(),
            place: wanted.deliver.clone(),
            current: newer.id.clone(),
            previous: older.id.clone(),
            retire_as,
        },
    })
}

/// Refuses to bring a token back that is valid for longer than the policy allows.
fn refuse_too_long(
    older: &LiveToken,
    longest: Option<SignedDuration>,
    rotate: &str,
) -> Result<(), Not> {
    /// How far an end can be from what was declared, for the time that a request takes.
    const TOLERANCE: SignedDuration = SignedDuration::from_hours(1);
    let Some(longest) = longest else {
        return Ok(());
    };
    let end = match older.expires {
        Some(end) if end.duration_since(older.created) <= longest + TOLERANCE => return Ok(()),
        Some(end) => format!("is valid until {}", end.strftime("%Y-%m-%d")),
        None => "never expires".to_owned(),
    };
    not(
        format!(
            "the token before {end}, longer than `policy.maxTokenLifetime` allows ({} days)",
            longest.as_hours() / 24
        ),
        rotate,
    )
}

/// What became of the token before the present one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Retired<'a> {
    /// There is none.
    None,
    /// It is kept for its overlap.
    Before(&'a LiveToken),
    /// It is the present one again: this newer token retires.
    RolledBack(&'a LiveToken),
}

impl<'a> Retired<'a> {
    fn of(tokens: &[&'a LiveToken], identity: &IdentityId, wanted: &TokenSpec) -> Self {
        let own = tokens.iter().filter(|token| token.owner == *identity);
        let present = own.clone().find(|token| token.name == wanted.name);
        let last = own
            .filter(|token| {
                retiring::parse(&token.name, &token.id).is_some_and(|(name, _)| name == wanted.name)
            })
            .max_by_key(|token| token.created);
        match (last, present) {
            (None, _) => Self::None,
            (Some(last), Some(present)) if last.created > present.created => Self::RolledBack(last),
            (Some(last), _) => Self::Before(last),
        }
    }

    /// Why a document without the secret before cannot be rolled back.
    fn not_kept(self, place: &StoreKey, rotate: &str) -> Not {
        match self {
            Self::None => Not {
                why: "no token before it exists in the tenant".to_owned(),
                help: rotate.to_owned(),
            },
            Self::RolledBack(newer) => Not {
                why: format!(
                    "its last rotation was undone already: the newer token is kept as {}",
                    newer.name
                ),
                help: rotate.to_owned(),
            },
            Self::Before(older) => Not {
                why: format!(
                    "{place} does not keep the secret of the token before it ({})",
                    older.name
                ),
                help: format!(
                    "take that secret from where it was delivered, while {} is kept; or {rotate}",
                    older.name
                ),
            },
        }
    }
}

/// The client ids of the present secret and of the one before, as the document says.
fn kept<'a>(
    wanted: &TokenSpec,
    stored: Option<&'a StoredToken>,
    retired: Retired<'_>,
    rotate: &str,
) -> Result<(&'a TokenId, &'a TokenId), Not> {
    let place = &wanted.deliver;
    let history = "restore the secret from the version history of the store, if it has one, before the overlap ends";
    let form = match wanted.form {
        DeliveredForm::Json => None,
        DeliveredForm::Dotenv => Some("`format: dotenv`"),
        DeliveredForm::Sail => Some("`format: sail`"),
        DeliveredForm::Field(_) => Some("a single `field`"),
    };
    match (stored, form) {
        (
            Some(StoredToken::Present {
                client_id,
                previous: Some(previous),
                ..
            }),
            _,
        ) => Ok((client_id, previous)),
        (Some(StoredToken::WriteOnly | StoredToken::Elsewhere { is_read: false, .. }), _) => not(
            format!("{place} is written to only, so it cannot keep the secret before"),
            rotate,
        ),
        (_, Some(form)) => not(
            format!("it is delivered as {form}, which has room for one secret only"),
            format!("{history}; `format: json` keeps it after the next rotation"),
        ),
        (Some(StoredToken::Present { .. }), None) => Err(retired.not_kept(place, rotate)),
        (Some(StoredToken::Absent | StoredToken::Elsewhere { .. }), None) => {
            not(format!("{place} has no secret"), "run `steersman apply`")
        }
        (Some(StoredToken::Foreign { why, of: _ }), None) => not(
            format!("{place} holds a secret that is not of this token: {why}"),
            "declare another `deliver.key`, or delete that secret if nothing uses it",
        ),
        (Some(StoredToken::Unreadable { why }), None) => not(
            format!("its secrets could not be read: {why}"),
            "make the store readable here",
        ),
        (Some(StoredToken::NotAsked) | None, None) => not(
            format!("the store `{}` was not asked", place.store),
            "check the program in the files, then add `--allow-commands`",
        ),
    }
}

/// Both tokens as they are in the tenant, with no other of the name.
fn both<'a>(
    tokens: &[&'a LiveToken],
    identity: &IdentityId,
    wanted: &TokenSpec,
    (current, previous): (&TokenId, &TokenId),
    (live, rotate): (&Live, &str),
) -> Result<(&'a LiveToken, &'a LiveToken), Not> {
    let find = |id: &TokenId| {
        let mut own = tokens.iter().filter(|token| token.owner == *identity);
        own.find(|token| token.id == *id).copied()
    };
    let is_of_name = |token: &LiveToken| {
        let retired = retiring::parse(&token.name, &token.id);
        token.name == wanted.name || retired.is_some_and(|(name, _)| name == wanted.name)
    };
    let place = &wanted.deliver;
    let Some(newer) = find(current).filter(|token| is_of_name(token)) else {
        return not(
            format!("{place} does not hold the secret of the present token"),
            "run `steersman apply` to deliver one",
        );
    };
    let Some(older) = find(previous).filter(|token| is_of_name(token)) else {
        return not(
            "the token before it was revoked, or renamed by hand",
            rotate,
        );
    };
    if let Some(end) = older.expires.filter(|end| *end <= live.observed_at) {
        return not(
            format!("the token before it ended on {}", end.strftime("%Y-%m-%d")),
            rotate,
        );
    }
    let mut others = tokens
        .iter()
        .filter(|token| token.owner == *identity && token.name == wanted.name);
    if others.any(|token| token.id != newer.id && token.id != older.id) {
        return not(
            format!("{place} does not hold the secret of the present token"),
            "run `steersman apply` to deliver one",
        );
    }
    if newer.id == live.caller.client_id {
        return not(
            "steersman itself runs as this token",
            "run steersman with the token of another ISC admin",
        );
    }
    Ok((newer, older))
}
