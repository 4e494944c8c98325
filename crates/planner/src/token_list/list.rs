//! Lists the tokens of the managed accounts, from the observed state and the plan.

use super::row::{ForPeople, ListedToken, Missing, Standing, TokenList};
use crate::index::Index;
use crate::phases::rename::Renames;
use crate::presence::Presence;
use crate::stage::enroll;
use crate::view::View;
use model::{
    Action, Address, Blocked, DeliveryReport, IdentityId, Incomplete, IssuerState, Live, LiveToken,
    Plan, Reason, SecretRole, Spec, Step, StoreKey, TokenId, TokenName, TokenSpec, retiring,
};
use std::collections::{BTreeMap, BTreeSet};

/// Lists all tokens of the identities of the declared accounts, and those that they should
/// have. `plan` is the whole plan of the same spec and observed state.
///
/// An identity can have several declared accounts. A token of it is listed with the account
/// that declares it, or else with the first.
pub fn token_list(spec: &Spec, live: &Live, plan: &Plan) -> TokenList {
    let index = Index::new(live);
    let renames = Renames::of_sources(spec, live);
    let views: Vec<View<'_>> = spec
        .accounts
        .values()
        .map(|account| {
            let earlier = renames
                .get(&account.source)
                .and_then(|renames| renames.of_account(&account.key).only());
            View::new(account, &index, earlier)
        })
        .collect();
    let planned = Planned::new(plan);
    let mut by_owner: BTreeMap<&IdentityId, Vec<&LiveToken>> = BTreeMap::new();
    for token in live.tokens.found() {
        by_owner.entry(&token.owner).or_default().push(token);
    }
    let mut lister = Lister {
        live,
        planned,
        by_owner,
        listed: BTreeSet::new(),
    };
    // What an account declares is its own before another of the identity is asked.
    let mut rows: Vec<Vec<ListedToken>> = views.iter().map(|view| lister.declared(view)).collect();
    for (view, rows) in views.iter().zip(&mut rows) {
        rows.extend(lister.others(view));
    }
    let mut incomplete = plan.incomplete.clone();
    if let Err(why) = live.tokens.complete() {
        let name = "the personal access tokens".to_owned();
        incomplete.entry(name).or_insert_with(|| why.clone());
    }
    for view in &views {
        if let Presence::Unread(why) = view.presence {
            let name = format!("the accounts of \"{}\"", view.spec.source);
            incomplete.entry(name).or_insert_with(|| why.clone());
        }
    }
    TokenList {
        at: live.observed_at,
        tokens: rows.into_iter().flatten().collect(),
        incomplete,
    }
}

/// What the plan says, by address.
struct Planned<'a> {
    steps: BTreeMap<&'a Address, &'a Step>,
    blocked: BTreeMap<&'a Address, &'a Blocked>,
    deliveries: BTreeMap<(&'a Address, SecretRole), &'a DeliveryReport>,
}

impl<'a> Planned<'a> {
    fn new(plan: &'a Plan) -> Self {
        let by_address = |blocked: &'a Blocked| (&blocked.address, blocked);
        let by_place = |report: &'a DeliveryReport| ((&report.address, report.role), report);
        Self {
            steps: plan
                .steps
                .iter()
                .map(|step| (&step.address, step))
                .collect(),
            blocked: plan.blocked.iter().map(by_address).collect(),
            deliveries: plan.deliveries.iter().map(by_place).collect(),
        }
    }

    fn next(&self, address: &Address) -> Option<(Action, Reason)> {
        let step = self.steps.get(address)?;
        Some((step.action, step.reason))
    }

    fn delivery(&self, address: &Address, role: SecretRole) -> Option<DeliveryReport> {
        self.deliveries.get(&(address, role)).copied().cloned()
    }

    /// Why a declared token does not exist.
    fn missing(&self, address: &Address) -> Missing {
        match (self.steps.get(address), self.blocked.get(address)) {
            (Some(_), _) => Missing::Planned,
            (None, Some(blocked)) => Missing::Blocked {
                why: blocked.message.clone(),
                remedy: blocked.remedy.clone(),
            },
            (None, None) => Missing::NotPlanned,
        }
    }
}

struct Lister<'a> {
    live: &'a Live,
    planned: Planned<'a>,
    by_owner: BTreeMap<&'a IdentityId, Vec<&'a LiveToken>>,
    listed: BTreeSet<&'a TokenId>,
}

impl<'a> Lister<'a> {
    /// The declared tokens of an account, and its issuer token.
    fn declared(&mut self, view: &View<'a>) -> Vec<ListedToken> {
        let owner = owner(view);
        let mut rows = Vec::new();
        for wanted in view.spec.tokens.iter().flat_map(model::TokenSpecs::values) {
            let token = self.token(owner, |token| token.name == wanted.name);
            if let Some(token) = token {
                self.listed.insert(&token.id);
            }
            rows.push(self.row(view, owner, wanted, token));
        }
        rows.extend(self.issuer(view, owner));
        rows
    }

    fn row(
        &self,
        view: &View<'_>,
        owner: Option<&IdentityId>,
        wanted: &TokenSpec,
        token: Option<&LiveToken>,
    ) -> ListedToken {
        let address = Address::Token(view.spec.key.clone(), wanted.name.clone());
        let standing = match (token, self.unread(view)) {
            (Some(_), _) => Standing::Declared,
            (None, Some(why)) => Standing::Unread {
                why: why.detail.clone(),
            },
            (None, None) => Standing::Missing(self.planned.missing(&address)),
        };
        ListedToken {
            account: view.spec.key.clone(),
            account_name: view.spec.name.clone(),
            identity: owner.cloned(),
            is_doubted: view.doubt().is_some(),
            name: Some(wanted.name.clone()),
            standing,
            token: token.cloned(),
            scopes: Some(token.map_or_else(
                || LiveToken::meaning_of(&wanted.scopes),
                LiveToken::effective_scopes,
            )),
            delivery: self.planned.delivery(&address, SecretRole::Token),
            next: self.planned.next(&address),
            people: ForPeople::of(wanted),
        }
    }

    /// The issuer token, where the files say where it is.
    fn issuer(&mut self, view: &View<'a>, owner: Option<&'a IdentityId>) -> Option<ListedToken> {
        let place = view.spec.issuer.as_ref()?;
        // Without declared tokens no store is asked for it.
        if !self.live.stores.issuers.contains_key(&view.spec.key) {
            return None;
        }
        // The secret of a declared token is no issuer token, wherever it is.
        let declares = |name| {
            let declared = view.spec.tokens.as_ref();
            declared.is_some_and(|declared| declared.contains_key(name))
        };
        let id = view.issuer_id();
        let token = id
            .and_then(|id| self.token(owner, |token| token.id == *id))
            .filter(|token| !declares(&token.name));
        if let Some(token) = token {
            self.listed.insert(&token.id);
        }
        let account = Address::Account(view.spec.key.clone());
        let delivery = self.planned.delivery(&account, SecretRole::Issuer);
        let name = token.map(|token| token.name.clone());
        let next = name.as_ref().and_then(|name: &TokenName| {
            let address = Address::Token(view.spec.key.clone(), name.clone());
            let replacement = Address::Issuer(view.spec.key.clone());
            let next = self.planned.next(&replacement);
            next.or_else(|| self.planned.next(&address))
        });
        Some(ListedToken {
            account: view.spec.key.clone(),
            account_name: view.spec.name.clone(),
            identity: owner.cloned(),
            is_doubted: view.doubt().is_some(),
            name,
            standing: match token {
                Some(_) => Standing::Issuer,
                None => self.lacking_issuer(view, place, delivery.as_ref()),
            },
            token: token.cloned(),
            scopes: token.map(LiveToken::effective_scopes),
            delivery,
            next,
            people: ForPeople::default(),
        })
    }

    /// Why no token is known to be the issuer token.
    fn lacking_issuer(
        &self,
        view: &View<'_>,
        place: &StoreKey,
        delivery: Option<&DeliveryReport>,
    ) -> Standing {
        let remedy = enroll(view, &place.to_string());
        let missing = |why: String| Standing::Missing(Missing::Blocked { why, remedy });
        match view.issuer {
            IssuerState::NotAsked => Standing::Unread {
                why: format!("the store of {place} was not asked: it runs a program"),
            },
            IssuerState::Unreadable { why } => Standing::Unread { why: why.clone() },
            IssuerState::Absent => missing(format!("there is no issuer token at {place}")),
            IssuerState::Foreign { why } => Standing::Missing(Missing::Blocked {
                why: format!("{place} holds another secret: {why}"),
                remedy: format!(
                    "declare another `issuer.key`, or delete the secret at {place} if nothing uses it"
                ),
            }),
            IssuerState::Present { .. } => match self.unread(view) {
                Some(why) => Standing::Unread {
                    why: why.detail.clone(),
                },
                None => missing(
                    delivery
                        .and_then(|delivery| delivery.detail.clone())
                        .unwrap_or_else(|| {
                            format!("the secret at {place} is of no token of the account")
                        }),
                ),
            },
        }
    }

    /// The tokens of the account's identity that no account declares.
    fn others(&mut self, view: &View<'a>) -> Vec<ListedToken> {
        let owner = owner(view);
        let Some(tokens) = owner.and_then(|owner| self.by_owner.get(owner)).cloned() else {
            return Vec::new();
        };
        let mut rows = Vec::new();
        let all = tokens.clone();
        for token in tokens {
            if !self.listed.insert(&token.id) {
                continue;
            }
            let address = Address::Token(view.spec.key.clone(), token.name.clone());
            rows.push(ListedToken {
                account: view.spec.key.clone(),
                account_name: view.spec.name.clone(),
                identity: owner.cloned(),
                is_doubted: view.doubt().is_some(),
                name: Some(token.name.clone()),
                standing: standing(token, &all, self.may_hide_issuer(view)),
                token: Some(token.clone()),
                scopes: Some(token.effective_scopes()),
                delivery: None,
                next: self.planned.next(&address),
                people: retired(view, token).map_or_else(ForPeople::default, ForPeople::of),
            });
        }
        rows
    }

    /// Whether the place of the account's issuer token was not read.
    fn may_hide_issuer(&self, view: &View<'_>) -> bool {
        let is_read = self.live.stores.issuers.contains_key(&view.spec.key);
        view.spec.issuer.is_some()
            && match view.issuer {
                IssuerState::NotAsked | IssuerState::Unreadable { .. } => true,
                IssuerState::Absent | IssuerState::Present { .. } | IssuerState::Foreign { .. } => {
                    !is_read
                }
            }
    }

    fn token(
        &self,
        owner: Option<&IdentityId>,
        is_it: impl Fn(&LiveToken) -> bool,
    ) -> Option<&'a LiveToken> {
        let mut tokens = self.by_owner.get(owner?)?.iter().copied();
        tokens.find(|token| !token.managed && is_it(token))
    }

    /// Why a token that was not found may exist all the same.
    fn unread(&self, view: &View<'a>) -> Option<&'a Incomplete> {
        match view.presence {
            Presence::Unread(why) => Some(why),
            Presence::Present(_) | Presence::Absent => self.live.tokens.complete().err(),
        }
    }
}

/// The identity whose tokens are the account's.
fn owner<'a>(view: &View<'a>) -> Option<&'a IdentityId> {
    view.own_identity().or_else(|| view.identity_now())
}

/// What is declared under the name that a retiring token had.
fn retired<'a>(view: &View<'a>, token: &LiveToken) -> Option<&'a TokenSpec> {
    let (name, _) = retiring::parse(&token.name, &token.id)?;
    view.spec.tokens.as_ref()?.get(&name)
}

/// What a token is that no account declares, among `all` of its owner.
fn standing(token: &LiveToken, all: &[&LiveToken], issuer_is_unknown: bool) -> Standing {
    if token.managed {
        return Standing::OfSailPoint;
    }
    if let Some((of, until)) = retiring::parse(&token.name, &token.id) {
        let rolled_back = all
            .iter()
            .any(|other| other.name == of && other.created < token.created);
        return Standing::Retiring {
            of,
            until,
            rolled_back,
        };
    }
    if issuer_is_unknown && token.may_issue() {
        Standing::MayBeIssuer
    } else {
        Standing::Undeclared
    }
}
