//! The plan document: what `--out json=FILE` and `--save FILE` write.
//!
//! Its JSON Schema is `schemas/plan.schema.json`. Within a format version keys
//! are only added.

use crate::count::steps_by_action;
use crate::error::RenderError;
use crate::gate::json_text;
use crate::holding_document::HoldingDocument;
use crate::json_strings::redact_json;
use crate::store_document::StoreDocument;
use model::{
    AccountReport, Blocked, DeliveryReport, Fields, GuardReport, Plan, Problem, ProblemEffect,
    Redactor, SelectionEffect, SelectionReport, Step, Unmanaged, Verdict, short_map,
};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use spec::NotRead;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The version of the format. It changes when a reader would have to.
pub const FORMAT_VERSION: u32 = 2;

/// A plan as data. Secrets are never part of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanDocument {
    /// The version of this format, 2.
    pub format_version: u32,
    /// The program that made the plan.
    pub tool: Tool,
    /// The tenant's API address, or the name of a simulated tenant.
    pub tenant: String,
    /// Who applies the plan: the user or API client of the access token.
    pub user: String,
    /// A digest of the desired state.
    pub spec_digest: String,
    /// When the plan was made, by the tenant's clock, in RFC 3339.
    pub created_at: String,
    /// Whether the plan may be applied: it has no problem, and no guard refuses it.
    pub applyable: bool,
    /// Whether applying it reconciles everything: nothing is blocked or unread.
    pub complete: bool,
    /// Whether there are problems at this tenant for which the plan is refused.
    pub errored: bool,
    /// How many steps there are of each action; actions without any are left out.
    pub summary: BTreeMap<String, usize>,
    /// The steps, each after those it depends on.
    pub steps: Vec<StepDocument>,
    /// What is blocked, and who can act.
    pub blocked: Vec<BlockedDocument>,
    /// What is unmanaged: in the tenant, in no file.
    pub unmanaged: Vec<UnmanagedDocument>,
    /// The guards that count more than their limits.
    pub guards: Vec<GuardDocument>,
    /// The problems of the spec at this tenant.
    pub problems: Vec<ProblemDocument>,
    /// The collections with a partial read, and why.
    pub incomplete: BTreeMap<String, String>,
    /// The stage of each declared account before the plan is applied.
    pub accounts: Vec<AccountDocument>,
    /// What the store of each declared secret holds.
    pub deliveries: Vec<DeliveryDocument>,
    /// The requests and the time that plan and apply take.
    pub estimate: EstimateDocument,
    /// The stores that secrets are delivered to.
    pub stores: Vec<StoreDocument>,
    /// The selection; null for the whole plan.
    pub selection: Option<SelectionDocument>,
    /// In how many texts of this document `[secret]` replaces a secret of the run; 0 for
    /// a document with all texts as they are.
    pub redactions: usize,
    /// YAML files that are not read, because they have no key `steersman` at the top,
    /// although they may be meant for the spec. Missing where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_read: Vec<NotRead>,
}

/// The selection of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SelectionDocument {
    /// The patterns of `--only`; all if empty.
    pub only: Vec<String>,
    /// The patterns of `--except`.
    pub except: Vec<String>,
    /// Steps that are not selected, but that a selected one depends on.
    pub pulled_in: Vec<BecauseDocument>,
    /// Selected steps that are left out because they depend on an excepted one.
    pub left_out: Vec<BecauseDocument>,
    /// How many steps of the whole plan are not selected.
    pub not_selected: usize,
}

/// A step that was added or left out, and the step that caused it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BecauseDocument {
    /// The step.
    pub address: String,
    /// The step that depends on it, or that it depends on.
    pub because: String,
}

/// The program that made a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tool {
    /// `steersman`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepDocument {
    /// The object, such as `levels/SA-001`.
    pub address: String,
    /// The first part of the address.
    pub kind: String,
    /// `create`, `update`, `replace`, `delete` or `run`.
    #[schemars(extend("enum" = ["create", "update", "replace", "delete", "run"]))]
    pub action: String,
    /// Why, as a code.
    pub reason: String,
    /// Why, as text.
    pub reason_text: String,
    /// The declared fields as observed; null for an object that is created.
    #[serde(serialize_with = "short_map::as_object")]
    #[schemars(with = "Option<BTreeMap<String, Value>>")]
    pub before: Option<Fields>,
    /// The declared fields after the step; null for an object that is deleted.
    #[serde(serialize_with = "short_map::as_object")]
    #[schemars(with = "Option<BTreeMap<String, Value>>")]
    pub after: Option<Fields>,
    /// A digest of the observed object, and of the identity that its account has, which apply checks again; null where there is neither.
    pub fingerprint: Option<String>,
    /// The steps that it depends on.
    pub depends_on: Vec<String>,
    /// Whether the step is irreversible: another apply cannot restore what it deletes.
    pub destructive: bool,
    /// The places in stores that were not asked, and that the step assumes to hold what
    /// they should. An apply that asks them leaves the step out where they do not.
    pub assuming: Vec<String>,
}

/// A declared object that cannot be reconciled now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BlockedDocument {
    /// The object.
    pub address: String,
    /// Why, as a code.
    pub reason: String,
    /// Why, as text.
    pub message: String,
    /// How to unblock it.
    pub remedy: String,
    /// Who can act.
    pub who: String,
}

/// An object in the tenant that no file declares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnmanagedDocument {
    /// The address that it would have if it were declared.
    pub address: String,
    /// Its name.
    pub name: String,
    /// The source it is on, for an account.
    pub source: Option<String>,
    /// The access that an account's identity still has; null for a token, and where a
    /// declared account has the same identity.
    #[serde(default)]
    pub holds: Option<HoldingDocument>,
    /// What to do about an account that may still have access; null otherwise.
    #[serde(default)]
    pub remedy: Option<String>,
}

/// The report of a guard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuardDocument {
    /// The guard's name.
    pub name: String,
    /// `refused` or `lifted`.
    #[schemars(extend("enum" = ["refused", "lifted"]))]
    pub verdict: String,
    /// The count.
    pub counted: u64,
    /// The limit.
    pub limit: u64,
    /// The same as text.
    pub message: String,
    /// How to allow it, or what to do instead.
    pub remedy: String,
}

/// A problem of the spec at this tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemDocument {
    /// The code, such as `SM0901`.
    pub code: String,
    /// The object that it is about.
    pub address: String,
    /// Which key of it, where it is about one.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// What it prevents: `refusesPlan`, `blocksField` (the rest of the plan goes on) or
    /// `warns`.
    pub effect: String,
}

/// The stage of a declared account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountDocument {
    /// Its name in addresses.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its source.
    pub source: String,
    /// `absent`, `imported`, `identified`, `invited`, `registered`, `enrolled`
    /// or `ready`; null where that could not be read.
    pub stage: Option<String>,
    /// The next action; null where the account is as declared.
    pub next: Option<String>,
    /// Who can act.
    pub who: Option<String>,
    /// Until when, in RFC 3339; null where something is blocked already.
    pub by: Option<String>,
}

/// A declared secret, its place, and what that place holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryDocument {
    /// The token, or the account of an issuer token.
    pub address: String,
    /// `issuer` or `token`.
    #[schemars(extend("enum" = ["issuer", "token"]))]
    pub role: String,
    /// The store and the key, as `STORE:KEY`.
    pub place: String,
    /// `delivered`, `missing`, `moved`, `stale` (of an earlier token), `foreign` (of
    /// another token, account or tenant), `unreadable`, `notAsked`, or `unknown` (whether
    /// it is of the token that exists is not known).
    #[schemars(extend("enum" = ["delivered", "missing", "moved", "stale", "foreign", "unreadable", "notAsked", "unknown"]))]
    pub state: String,
    /// What is wrong, or where the secret is instead.
    pub detail: Option<String>,
}

/// The requests and the time that plan and apply take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EstimateDocument {
    /// The requests that the plan took.
    pub read_requests: u64,
    /// The requests that the steps take, without polling.
    pub requests: u64,
    /// The seconds that those take at ISC's rate limit, without polling.
    pub seconds: u64,
}

impl PlanDocument {
    /// The document of a plan.
    pub fn of(plan: &Plan) -> Self {
        let summary = steps_by_action(plan)
            .into_iter()
            .map(|(action, count)| (action.to_string(), count))
            .collect();
        let model::Estimate {
            read_requests,
            requests,
            seconds,
            unregistered: _,
        } = plan.estimate;
        Self {
            format_version: FORMAT_VERSION,
            tool: Tool::this(),
            tenant: plan.tenant.clone(),
            user: plan.user.clone(),
            spec_digest: plan.spec_digest.to_string(),
            created_at: plan.created_at.to_string(),
            applyable: plan.is_applyable(),
            complete: plan.is_complete(),
            errored: plan.problems.iter().any(Problem::refuses_plan),
            summary,
            steps: plan.steps.iter().map(step).collect(),
            blocked: plan.blocked.iter().map(blocked).collect(),
            unmanaged: plan.unmanaged.iter().map(UnmanagedDocument::of).collect(),
            guards: plan.guards.iter().map(guard).collect(),
            problems: plan.problems.iter().map(problem).collect(),
            incomplete: plan
                .incomplete
                .iter()
                .map(|(collection, why)| (collection.clone(), why.to_string()))
                .collect(),
            accounts: plan.accounts.iter().map(account).collect(),
            deliveries: plan.deliveries.iter().map(delivery).collect(),
            estimate: EstimateDocument {
                read_requests,
                requests,
                seconds,
            },
            stores: plan
                .stores
                .iter()
                .map(|(name, spec)| StoreDocument::of(name, spec))
                .collect(),
            selection: plan.selection.as_ref().map(selection),
            redactions: 0,
            not_read: Vec::new(),
        }
    }

    /// The document with the YAML files that are not read.
    #[must_use]
    pub fn with_not_read(mut self, not_read: &[NotRead]) -> Self {
        self.not_read = not_read.to_vec();
        self
    }

    /// The document as text, with a line break at its end.
    ///
    /// # Errors
    /// None that is known: keys are texts, and numbers are finite.
    pub fn text(&self) -> Result<String, RenderError> {
        let text = json_text(self).map_err(|source| RenderError::Json {
            what: "the plan",
            source,
        })?;
        Ok(text + "\n")
    }

    /// The same without the secrets of a run, and with the number of texts that had one.
    ///
    /// # Errors
    /// The same.
    pub fn redacted_text(mut self, redactor: &Redactor) -> Result<String, RenderError> {
        let text = self.text()?;
        let counting = redactor.counting();
        if let Cow::Borrowed(_) = redact_json(&text, &counting)? {
            return Ok(text);
        }
        self.redactions = counting.replaced().texts;
        let text = self.text()?;
        Ok(redact_json(&text, redactor)?.into_owned())
    }

    /// The JSON Schema of the document.
    pub fn schema() -> schemars::Schema {
        let mut schema = SchemaSettings::draft07()
            .into_generator()
            .into_root_schema_for::<Self>();
        schema.insert("title".to_owned(), "steersman plan".into());
        schema
    }
}

impl Tool {
    /// This program.
    pub fn this() -> Self {
        Self {
            name: "steersman".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// The code of an enum without particulars, as its JSON has it.
fn code(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(code)) => code,
        Ok(_) | Err(_) => String::new(),
    }
}

fn step(step: &Step) -> StepDocument {
    let Step {
        address,
        action,
        reason,
        before,
        after,
        fingerprint: _,
        rests_on: _,
        depends_on,
        destructive,
        assuming,
        operation: _,
    } = step;
    StepDocument {
        address: address.to_string(),
        kind: address.kind().to_owned(),
        action: action.to_string(),
        reason: code(reason),
        reason_text: reason.text().to_owned(),
        before: before.clone(),
        after: after.clone(),
        fingerprint: step.planned_against().map(|digest| digest.to_string()),
        depends_on: depends_on.iter().map(ToString::to_string).collect(),
        destructive: *destructive,
        assuming: assuming.iter().map(ToString::to_string).collect(),
    }
}

impl BlockedDocument {
    /// The document of what is blocked.
    pub(crate) fn of(one: &Blocked) -> Self {
        blocked(one)
    }
}

fn blocked(blocked: &Blocked) -> BlockedDocument {
    let Blocked {
        address,
        reason,
        message,
        remedy,
        who,
    } = blocked;
    BlockedDocument {
        address: address.to_string(),
        reason: code(reason),
        message: message.clone(),
        remedy: remedy.clone(),
        who: who.to_string(),
    }
}

impl UnmanagedDocument {
    pub(crate) fn of(unmanaged: &Unmanaged) -> Self {
        let remedy = unmanaged.may_hold().then(|| Unmanaged::REMEDY.to_owned());
        let Unmanaged {
            address,
            name,
            source,
            holds,
        } = unmanaged;
        Self {
            address: address.to_string(),
            name: name.clone(),
            source: source.as_ref().map(ToString::to_string),
            holds: holds.as_ref().map(HoldingDocument::of),
            remedy,
        }
    }
}

fn guard(guard: &GuardReport) -> GuardDocument {
    let GuardReport {
        name,
        verdict,
        counted,
        limit,
        message,
        remedy,
    } = guard;
    GuardDocument {
        name: (*name).to_owned(),
        verdict: match verdict {
            Verdict::Refused => "refused".to_owned(),
            Verdict::Lifted => "lifted".to_owned(),
        },
        counted: *counted,
        limit: *limit,
        message: message.clone(),
        remedy: remedy.clone(),
    }
}

fn selection(report: &SelectionReport) -> SelectionDocument {
    // Words that match nothing are refused before there is a document.
    let SelectionReport {
        only,
        except,
        pulled_in,
        left_out,
        not_selected,
        unmatched: _,
    } = report;
    let because = |steps: &[SelectionEffect]| {
        steps
            .iter()
            .map(|SelectionEffect { address, because }| BecauseDocument {
                address: address.to_string(),
                because: because.to_string(),
            })
            .collect()
    };
    SelectionDocument {
        only: only.clone(),
        except: except.clone(),
        pulled_in: because(pulled_in),
        left_out: because(left_out),
        not_selected: *not_selected,
    }
}

fn problem(problem: &Problem) -> ProblemDocument {
    let Problem {
        code,
        address,
        field,
        message,
        help,
        effect,
    } = problem;
    ProblemDocument {
        code: (*code).to_owned(),
        address: address.to_string(),
        field: field.clone(),
        message: message.clone(),
        help: help.clone(),
        effect: match effect {
            ProblemEffect::RefusesPlan => "refusesPlan",
            ProblemEffect::BlocksField => "blocksField",
            ProblemEffect::Warns => "warns",
        }
        .to_owned(),
    }
}

fn account(account: &AccountReport) -> AccountDocument {
    let AccountReport {
        key,
        name,
        source,
        stage,
        next,
    } = account;
    AccountDocument {
        key: key.to_string(),
        name: name.to_string(),
        source: source.to_string(),
        stage: stage.map(|stage| stage.to_string()),
        next: next.as_ref().map(|next| next.what.clone()),
        who: next.as_ref().map(|next| next.who.to_string()),
        by: next
            .as_ref()
            .and_then(|next| next.by)
            .map(|by| by.to_string()),
    }
}

fn delivery(report: &DeliveryReport) -> DeliveryDocument {
    let DeliveryReport {
        address,
        role,
        place,
        state,
        detail,
    } = report;
    DeliveryDocument {
        address: address.to_string(),
        role: code(role),
        place: place.to_string(),
        state: code(state),
        detail: detail.clone(),
    }
}
