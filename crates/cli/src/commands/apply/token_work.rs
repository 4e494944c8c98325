//! Work on named tokens, for `token rotate`, `rollback`, `revoke` and `disable`: chosen, planned, verified.

use super::basis::Basis;
use super::replaceable;
use crate::assessment::{Assessment, assess, look_up};
use crate::failure::{Failure, format_help};
use crate::output::Output;
use jiff::Timestamp;
use model::{
    Address, DeliveredForm, Operation, Plan, Step, StoreKey, TenantRead, TokenId, retiring,
    shell_quoted as quoted, visible,
};
use planner::{
    Allowances, Chosen, ListedToken, Selection, Standing, Stop, TokenList, TokenPattern,
    TokenRefusal, choose, choose_roll_backs, choose_rotations, roll_back_plan, stop_plan,
    token_list,
};
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// What is done to tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenChange {
    /// They are rotated: replaced by new ones, and kept for their overlap.
    Rotate,
    /// Their last rotation is undone, while its overlap lasts.
    RollBack,
    /// They are stopped.
    Stop(Stop),
}

/// Which tokens are changed, and how.
#[derive(Clone, Debug)]
pub(super) struct TokenWork {
    patterns: Vec<TokenPattern>,
    change: TokenChange,
    /// What the patterns chose in the first plan.
    picked: Arc<OnceLock<Picked>>,
}

/// The tokens that this run is about, whatever the patterns would match later.
#[derive(Debug, Default)]
struct Picked {
    ids: BTreeSet<TokenId>,
    /// Those that a file declares.
    declared: BTreeSet<Address>,
    /// The places that keep the secret of a token that is no more.
    places: Vec<StoreKey>,
    /// How many of the declared ones the plan blocks.
    blocked: usize,
    /// The rotations that can be undone: the token as `--token` takes it, and until when.
    undo: Vec<(String, Timestamp)>,
}

impl TokenWork {
    pub(super) fn new(patterns: Vec<TokenPattern>, change: TokenChange) -> Self {
        Self {
            patterns,
            change,
            picked: Arc::default(),
        }
    }

    pub(super) fn command(&self) -> String {
        let name = match self.change {
            TokenChange::Rotate => "token rotate",
            TokenChange::RollBack => "token rollback",
            TokenChange::Stop(Stop::Revoke { declared: _ }) => "token revoke",
            TokenChange::Stop(Stop::Disable) => "token disable",
        };
        let tokens = self.patterns.iter();
        let tokens = tokens.map(|token| format!(" --token {}", quoted(&token.to_string())));
        [name.to_owned()].into_iter().chain(tokens).collect()
    }

    /// Chooses the tokens and plans to change them.
    pub(super) async fn first(
        &self,
        basis: Basis<'_>,
        output: &mut Output,
    ) -> Result<Assessment, Failure> {
        let (mut assessment, list) = listed(basis).await?;
        let own = &assessment.live.caller.client_id;
        let chosen = match self.change {
            TokenChange::Rotate => choose_rotations(&list, &self.patterns),
            TokenChange::RollBack => {
                choose_roll_backs(basis.spec, &assessment.live, &list, &self.patterns)
            }
            TokenChange::Stop(stop) => choose(&list, &self.patterns, stop, own),
        };
        let chosen = chosen.map_err(|refusals| refused(&refusals, output))?;
        for note in notes(&chosen, self.change) {
            output.talk(&visible(&note));
        }
        let mut picked = picked(&chosen, self.change);
        assessment.plan = match self.change {
            TokenChange::Rotate => {
                // Nothing else may have made the plan read whose an issuer token is.
                let owners = chosen.issuers.iter();
                let owners = owners.filter_map(|listed| listed.identity.clone());
                look_up(basis.reader, &mut assessment.live, owners).await?;
                let tokens = chosen.tokens.iter();
                let named = tokens.map(|token| (token.account.clone(), token.name_or_issuer()));
                assessment.live.stores.requested = named.collect();
                selected(basis, &assessment, &picked.declared)
            }
            TokenChange::RollBack => {
                let chosen = (&list, chosen.tokens.as_slice());
                roll_back_of(basis, &assessment, chosen)
            }
            TokenChange::Stop(stop) => {
                if let Stop::Revoke { declared: true } = stop {
                    replaceable::check(basis, &assessment, &list, &picked.declared, selected)
                        .await?;
                }
                let chosen = (&list, chosen.tokens.as_slice());
                let (spec, live) = (basis.spec, &assessment.live);
                stop_plan(spec, live, &assessment.plan, chosen, stop, basis.allow)
            }
        };
        let blocked = assessment.plan.blocked.iter();
        picked.blocked = blocked
            .filter(|blocked| picked.declared.contains(&blocked.address))
            .count();
        if self.change == TokenChange::Rotate {
            picked.undo = undo(&assessment.plan);
        }
        // It is set once: a run chooses once.
        let _ = self.picked.set(picked);
        Ok(assessment)
    }

    /// What is left to do: tokens that are not stopped, else the replacements of declared
    /// ones. What was rotated is asked for no more.
    pub(super) async fn again(&self, basis: Basis<'_>) -> Result<Assessment, Failure> {
        let (mut assessment, list) = listed(basis).await?;
        let nothing = Picked::default();
        let picked = self.picked.get().unwrap_or(&nothing);
        let plan_of_declared = |assessment| selected(basis, assessment, &picked.declared);
        assessment.plan = match self.change {
            TokenChange::Rotate => plan_of_declared(&assessment),
            TokenChange::RollBack => {
                let is_picked = |listed: &&ListedToken| picked.declared.contains(&listed.address());
                let left: Vec<&ListedToken> = list.tokens.iter().filter(is_picked).collect();
                roll_back_of(basis, &assessment, (&list, &left))
            }
            TokenChange::Stop(stop) => {
                let left = left(&list, picked, stop);
                if left.is_empty() && self.replaces() {
                    // A person asks for what is gone, however often its creation has failed.
                    assessment.live.stores.requested = replaceable::gone(&list, &picked.declared);
                    plan_of_declared(&assessment)
                } else {
                    let (spec, live) = (basis.spec, &assessment.live);
                    let whole = &assessment.plan;
                    stop_plan(spec, live, whole, (&list, &left), stop, basis.allow)
                }
            }
        };
        Ok(assessment)
    }

    /// Whether a token that was asked for could not be planned.
    pub(super) fn is_blocked(&self) -> bool {
        self.picked.get().is_some_and(|picked| picked.blocked > 0)
    }

    pub(super) fn why_follows(&self, next: &Plan) -> Option<&'static str> {
        let picked = self.picked.get()?;
        let mut steps = next.steps.iter();
        let replaces = self.replaces()
            && !next.steps.is_empty()
            && steps.all(|step| picked.declared.contains(&step.address));
        replaces
            .then_some("The tokens are revoked, and these steps create the declared ones again:")
    }

    pub(super) fn tell_what_follows(&self, output: &mut Output) {
        let Some(picked) = self.picked.get() else {
            return;
        };
        if self.change == TokenChange::Stop(Stop::Disable) && !picked.declared.is_empty() {
            output.talk(
                "next: `steersman apply` replaces each disabled token that is declared with a new one, and does not extend it",
            );
        }
        for (token, until) in &picked.undo {
            output.talk(&format!(
                "to undo: `steersman token rollback --token {}`, until {}",
                model::shell_quoted(&visible(token)),
                until.strftime("%Y-%m-%d %H:%M UTC")
            ));
        }
        for place in &picked.places {
            output.talk(&format!(
                "note: {} still holds the secret of a token that is stopped",
                visible(&place.to_string())
            ));
        }
    }

    /// Whether declared tokens are created again in the same run.
    fn replaces(&self) -> bool {
        match self.change {
            TokenChange::Stop(Stop::Revoke { declared }) => {
                declared
                    && self
                        .picked
                        .get()
                        .is_some_and(|picked| !picked.declared.is_empty())
            }
            TokenChange::Stop(Stop::Disable) | TokenChange::Rotate | TokenChange::RollBack => false,
        }
    }
}

/// Reads the tenant, and lists the tokens.
async fn listed(basis: Basis<'_>) -> Result<(Assessment, TokenList), Failure> {
    let Basis {
        spec,
        reader,
        facts,
        allow: _,
        selection: _,
    } = basis;
    // The guards look at what is stopped, not at the whole plan.
    let mut assessment = assess(spec, reader, facts, &Allowances::default()).await?;
    if !planner::wanted(spec, &assessment.live.stores.issuers).tokens {
        assessment.live.tokens = reader.tokens().await?;
    }
    let list = token_list(spec, &assessment.live, &assessment.plan);
    Ok((assessment, list))
}

/// The rollbacks of these tokens that are not done.
fn roll_back_of(
    basis: Basis<'_>,
    assessment: &Assessment,
    listed: (&TokenList, &[&ListedToken]),
) -> Plan {
    let (spec, live) = (basis.spec, &assessment.live);
    roll_back_plan(spec, live, &assessment.plan, listed, basis.allow)
}

/// The part of the whole plan that is about these tokens.
fn selected(basis: Basis<'_>, assessment: &Assessment, tokens: &BTreeSet<Address>) -> Plan {
    let (spec, live) = (basis.spec, &assessment.live);
    if tokens.is_empty() {
        // An empty selection would be everything.
        let nothing = (&TokenList::default(), [].as_slice());
        let stop = Stop::Disable;
        return stop_plan(spec, live, &assessment.plan, nothing, stop, basis.allow);
    }
    let selection = Selection::of_addresses(tokens);
    planner::plan_selected(spec, live, live.observed_at, basis.allow, &selection)
}

/// Those of the chosen tokens that are not stopped.
fn left<'a>(list: &'a TokenList, picked: &Picked, stop: Stop) -> Vec<&'a ListedToken> {
    let soon = list.at + model::Operation::DISABLED_AFTER;
    let is_left = |listed: &&ListedToken| {
        let Some(token) = listed
            .token
            .as_ref()
            .filter(|token| picked.ids.contains(&token.id))
        else {
            return false;
        };
        match stop {
            Stop::Revoke { declared: _ } => true,
            Stop::Disable => token.expires.is_none_or(|end| end > soon),
        }
    };
    list.tokens.iter().filter(is_left).collect()
}

/// The rotations of a plan that `token rollback` can undo: the old token is kept, and its
/// secret stays in the document beside the new one.
fn undo(plan: &Plan) -> Vec<(String, Timestamp)> {
    let rotation = |step: &Step| {
        let Operation::ReplaceToken {
            old,
            retire_as: Some(retired),
            new,
        } = &step.operation
        else {
            return None;
        };
        let (_, until) = retiring::parse(retired, old)?;
        let is_kept = new.form == DeliveredForm::Json && new.overwrites.as_ref() == Some(old);
        is_kept.then(|| (format!("{}/{}", new.account_name, new.name), until))
    };
    plan.steps.iter().filter_map(rotation).collect()
}

fn picked(chosen: &Chosen<'_>, change: TokenChange) -> Picked {
    let tokens = || chosen.tokens.iter();
    // A rollback that was interrupted may have left no token of the name.
    let is_declared = |listed: &&&ListedToken| {
        matches!(listed.standing, Standing::Declared | Standing::Missing(_))
    };
    let id = |listed: &&ListedToken| Some(listed.token.as_ref()?.id.clone());
    let rotated = chosen
        .issuers
        .iter()
        .filter(|_| change == TokenChange::Rotate);
    let issuers = rotated.map(|listed| Address::Issuer(listed.account.clone()));
    let place = |listed: &&ListedToken| Some(listed.delivery.as_ref()?.place.clone());
    Picked {
        ids: tokens().filter_map(id).collect(),
        declared: tokens()
            .filter(is_declared)
            .map(|listed| listed.address())
            .chain(issuers)
            .collect(),
        // That of a declared token is overwritten by the secret of its successor.
        places: match change {
            TokenChange::Stop(_) => chosen.issuers.iter().filter_map(place).collect(),
            TokenChange::Rotate | TokenChange::RollBack => Vec::new(),
        },
        blocked: 0,
        undo: Vec::new(),
    }
}

/// What a person has to know before the tokens are changed.
fn notes(chosen: &Chosen<'_>, change: TokenChange) -> Vec<String> {
    let mut notes: Vec<String> = chosen
        .left_out
        .iter()
        .map(|left| format!("note: {} is left as it is: {}", left.address, left.why))
        .collect();
    let is_stop = matches!(change, TokenChange::Stop(_));
    for issuer in chosen.issuers.iter().filter(|_| is_stop) {
        let name = &issuer.account_name;
        notes.push(format!(
            "warning: {} is the issuer token of {name}, or may be: without it no token of {name} can be created, changed or rotated; tokens that exist go on to their ends; to get a new one, run `steersman enroll {}`",
            issuer.address(),
            model::shell_quoted(name.as_str())
        ));
    }
    if let TokenChange::Stop(Stop::Revoke { declared: _ }) = change {
        let is_declared = |listed: &&&ListedToken| listed.standing == Standing::Declared;
        for listed in chosen.tokens.iter().filter(is_declared) {
            notes.push(format!(
                "note: {} is revoked at once, without an overlap, and then created again",
                listed.address()
            ));
        }
    }
    notes
}

/// Tells every refusal; nothing is done.
fn refused(refusals: &[TokenRefusal], output: &mut Output) -> Failure {
    let mut is_usage = true;
    for refusal in refusals {
        let help = match refusal {
            TokenRefusal::Unmatched(_) => {
                "run `steersman token list` to see which there are".to_owned()
            }
            TokenRefusal::Token { help, .. } => {
                is_usage = false;
                help.clone()
            }
        };
        output.talk(&format!(
            "{}{}",
            visible(&refusal.to_string()),
            format_help(&help)
        ));
    }
    if is_usage {
        Failure::Usage {
            message: "a pattern matches no token; nothing was changed".to_owned(),
            help: "write ACCOUNT/TOKEN, for example audit01/monthly-report".to_owned(),
        }
    } else {
        Failure::Refused(
            "not all of the named tokens can be changed; nothing was changed".to_owned(),
        )
    }
}
