//! Trial of a part before it is declared: written, read back, planned.

use crate::error::Reason;
use crate::files;
use crate::planner::Planner;
use crate::secret_part;
use crate::yaml;
use model::{
    AccountSpec, BlockedReason, Collection, IdentityId, Live, LiveAccount, LiveSource, LiveToken,
    Plan, Redactor, SourceSpec, Spec,
};
use spec::{Code, Loaded, Severity, SourceFile};
use std::collections::BTreeMap;

/// One source and what was read of its accounts, kept apart: the trial of one
/// account costs the same in a source of 10,000.
pub(crate) struct Trial<'a> {
    planner: &'a dyn Planner,
    live: &'a Live,
    /// The source without its accounts.
    source: LiveSource,
    tokens: BTreeMap<&'a IdentityId, Vec<&'a LiveToken>>,
    /// Knows what no file may have.
    redactor: &'a Redactor,
}

impl<'a> Trial<'a> {
    pub(crate) fn new(
        planner: &'a dyn Planner,
        live: &'a Live,
        source: &LiveSource,
        redactor: &'a Redactor,
    ) -> Self {
        let mut tokens: BTreeMap<&IdentityId, Vec<&LiveToken>> = BTreeMap::new();
        for token in live.tokens.found() {
            tokens.entry(&token.owner).or_default().push(token);
        }
        Self {
            planner,
            live,
            source: without_accounts(source),
            tokens,
            redactor,
        }
    }

    /// Whether a text has a secret of the run.
    pub(crate) fn has_secret(&self, text: &str) -> bool {
        secret_part::refuse(self.redactor, "", text).is_err()
    }

    /// The planner of the trials.
    pub(crate) fn planner(&self) -> &'a dyn Planner {
        self.planner
    }

    /// All tokens of an identity.
    pub(crate) fn tokens_of(&self, identity: &IdentityId) -> &[&'a LiveToken] {
        self.tokens.get(identity).map_or(&[], Vec::as_slice)
    }

    /// Tries a source.
    ///
    /// # Errors
    /// A file cannot declare it, or its plan is not empty.
    pub(crate) fn try_source(&self, source: &SourceSpec) -> Result<(), Reason> {
        let spec = self.read_back(source, None)?;
        if spec.sources.get(&self.source.name) != Some(source) {
            return Err(changed_on_its_way());
        }
        self.changes_nothing(&spec, &self.live_with(None))
    }

    /// Tries an account of a source.
    ///
    /// # Errors
    /// A file cannot declare it, or its plan is not empty.
    pub(crate) fn try_account(
        &self,
        source: &SourceSpec,
        account: &AccountSpec,
        observed: &LiveAccount,
    ) -> Result<(), Reason> {
        let spec = self.read_back(source, Some(account))?;
        if spec.accounts.get(&account.key) != Some(account) {
            return Err(changed_on_its_way());
        }
        self.changes_nothing(&spec, &self.live_with(Some(observed)))
    }

    /// Why the identity of an account is not its own by the evidence of the tenant;
    /// none where nothing speaks against it.
    ///
    /// # Errors
    /// A file cannot declare the account.
    pub(crate) fn not_own(
        &self,
        source: &SourceSpec,
        account: &AccountSpec,
        observed: &LiveAccount,
    ) -> Result<Option<String>, Reason> {
        let spec = self.read_back(source, Some(account))?;
        let plan = self.planner.plan(&spec, &self.live_with(Some(observed)));
        Ok(plan
            .blocked
            .into_iter()
            .find(|blocked| blocked.reason == BlockedReason::NotOwn)
            .map(|blocked| blocked.message))
    }

    fn read_back(
        &self,
        source: &SourceSpec,
        account: Option<&AccountSpec>,
    ) -> Result<Spec, Reason> {
        let unwritable =
            |error: serde_yaml::Error| Reason::new(format!("cannot be written as YAML: {error}"));
        let source = yaml::source(&self.source.name, source).map_err(unwritable)?;
        secret_part::refuse(self.redactor, "a text of the source", &source)?;
        if let Some(account) = account {
            secret_part::refuse_in_account(self.redactor, account)?;
        }
        let account = account.map(yaml::account).transpose().map_err(unwritable)?;
        if let Some(text) = &account {
            secret_part::refuse(self.redactor, "a text of the account", text)?;
        }
        load([files::bare(&source, account.as_deref())])
    }

    fn changes_nothing(&self, spec: &Spec, live: &Live) -> Result<(), Reason> {
        match first_finding(&self.planner.plan(spec, live)) {
            Some(finding) => Err(Reason::new(finding)),
            None => Ok(()),
        }
    }

    /// The observed state reduced to the source and this account.
    fn live_with(&self, account: Option<&LiveAccount>) -> Live {
        let mut source = self.source.clone();
        source.accounts = Collection::Complete(account.into_iter().cloned().collect());
        let identity = account.and_then(|account| account.identity.as_ref());
        let levels = identity
            .and_then(|identity| Some((identity.clone(), self.live.levels.get(identity)?.clone())));
        let tokens = identity.map_or(&[] as &[_], |identity| self.tokens_of(identity));
        Live {
            observed_at: self.live.observed_at,
            tenant: self.live.tenant.clone(),
            caller: self.live.caller.clone(),
            owners: self.live.owners.clone(),
            inactive_owners: self.live.inactive_owners.clone(),
            similar_owners: self.live.similar_owners.clone(),
            sources: [(source.name.clone(), Collection::Complete(Some(source)))].into(),
            profiles: self.live.profiles.clone(),
            custom_levels: self.live.custom_levels.clone(),
            identities: of_identity(identity, &self.live.identities),
            names: of_identity(identity, &self.live.names),
            makers: BTreeMap::new(),
            user_names: BTreeMap::new(),
            listed_levels: BTreeMap::new(),
            levels: levels.into_iter().collect(),
            tokens: Collection::Complete(tokens.iter().map(|token| (*token).clone()).collect()),
            stores: model::StoreFacts::default(),
            requests: 0,
        }
    }
}

/// What was read of one identity.
fn of_identity<T: Clone>(
    identity: Option<&IdentityId>,
    all: &BTreeMap<IdentityId, T>,
) -> BTreeMap<IdentityId, T> {
    identity
        .and_then(|identity| Some((identity.clone(), all.get(identity)?.clone())))
        .into_iter()
        .collect()
}

/// Reads files in the same way as the program does.
pub(crate) fn load(texts: impl IntoIterator<Item = String>) -> Result<Spec, Reason> {
    let files = texts
        .into_iter()
        .enumerate()
        .map(|(number, text)| SourceFile {
            path: format!("{number}.yaml").into(),
            bytes: text.into_bytes(),
        })
        .collect();
    let Loaded {
        spec, diagnostics, ..
    } = spec::load(files, &spec::Options::default());
    spec.ok_or_else(|| {
        let errors = || {
            diagnostics
                .iter()
                .filter(|diagnostic| diagnostic.severity == Severity::Error)
        };
        let secret = errors().find(|error| {
            matches!(
                error.code,
                Code::LooksLikeSecret | Code::LiteralClientSecret
            )
        });
        Reason {
            text: secret
                .or_else(|| errors().next())
                .map_or_else(String::new, |error| error.message.clone()),
            secret: secret.is_some(),
        }
    })
}

/// The first step, problem or blocked step of a plan that should be empty.
pub(crate) fn first_finding(plan: &Plan) -> Option<String> {
    let step = plan.steps.iter().map(|step| {
        format!(
            "the next apply would {} {} ({})",
            step.action,
            step.address,
            step.reason.text()
        )
    });
    let problem = plan.problems.iter().map(|problem| problem.message.clone());
    let blocked = plan.blocked.iter().map(|blocked| blocked.message.clone());
    step.chain(problem).chain(blocked).next()
}

fn changed_on_its_way() -> Reason {
    Reason::new("it has characters that a file does not preserve")
}

fn without_accounts(source: &LiveSource) -> LiveSource {
    let LiveSource {
        id,
        name,
        kind,
        owner,
        description,
        delete_threshold,
        connector_delete_threshold,
        file,
        never_read,
        raised_from,
        aggregations,
        schema,
        accounts: _,
        profile,
    } = source;
    let mut profile = profile.clone();
    // "Apply Changes" is due whatever the files declare.
    if let Collection::Complete(Some(profile)) = &mut profile {
        profile.refresh_required = false;
        // The trial has no accounts.
        profile.identity_count = None;
    }
    LiveSource {
        id: id.clone(),
        name: name.clone(),
        kind: kind.clone(),
        owner: owner.clone(),
        description: description.clone(),
        delete_threshold: *delete_threshold,
        connector_delete_threshold: *connector_delete_threshold,
        file: file.clone(),
        never_read: *never_read,
        raised_from: *raised_from,
        aggregations: aggregations.clone(),
        schema: schema.clone(),
        accounts: Collection::Complete(Vec::new()),
        profile,
    }
}
