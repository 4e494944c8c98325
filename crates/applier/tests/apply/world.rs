//! A tenant, stores and a journal, and plans carried out with them.

use crate::fake::FakeTenant;
use applier::{
    Cancel, Commands, Environment, Journal, Options, SecretsOf, StoreSettings, Stores, apply,
};
use camino::Utf8PathBuf;
use model::{Credential, Event, EventSink, Outcome, Plan, SecretDocument, StepResult, StoreKey};
use model::{Redactor, StoreName, StoreSpec};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

/// The tenant's address.
pub(crate) const TENANT: &str = "https://acme.api.identitynow.com";

/// All that a run needs, in a folder of its own.
pub(crate) struct World {
    folder: tempfile::TempDir,
    pub(crate) tenant: FakeTenant,
    pub(crate) stores: Stores,
    pub(crate) options: Options,
    pub(crate) cancel: Cancel,
    pub(crate) events: Events,
}

/// All that was told.
#[derive(Default)]
pub(crate) struct Events(Mutex<Vec<Event>>);

impl EventSink for Events {
    fn event(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

impl Events {
    pub(crate) fn all(&self) -> Vec<Event> {
        self.0.lock().unwrap().clone()
    }

    /// The addresses in the order in which work on them began.
    pub(crate) fn started(&self) -> Vec<String> {
        self.all()
            .into_iter()
            .filter_map(|event| match event {
                Event::Started { addresses } => Some(addresses),
                _ => None,
            })
            .flatten()
            .map(|address| address.to_string())
            .collect()
    }
}

impl World {
    /// Nothing in the tenant, and four stores: `local` keeps files in a
    /// directory; `program` does so by shell scripts; `forgetful` takes every
    /// document and gives back another one, and `half` one with another secret.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        fs_err::create_dir(path("programs")).unwrap();
        let script = |script: &str| {
            ["sh", "-c", script, "store", &path("programs"), "{key}"].map(str::to_owned)
        };
        let give = r#"if test -e "$1/$2"; then cat "$1/$2"; fi"#;
        let specs: BTreeMap<StoreName, StoreSpec> = [
            (
                "local".into(),
                StoreSpec::Directory {
                    path: path("secrets"),
                },
            ),
            (
                "program".into(),
                // A file called `failing` lets it write half and fail, once; a folder
                // of that name, each time.
                StoreSpec::Command {
                    put: script(
                        r#"if test -e "$1/failing"; then rm -f "$1/failing"; echo half >"$1/$2"; exit 1; fi; cat >"$1/$2""#,
                    )
                    .into(),
                    get: Some(script(give).into()),
                    delete: None,
                    not_found: None,
                    environment: [].into(),
                },
            ),
            (
                "forgetful".into(),
                StoreSpec::Command {
                    put: script(
                        r#"cat >/dev/null; echo '{"clientId":"x","clientSecret":"another-secret-of-y"}' >"$1/$2""#,
                    )
                    .into(),
                    get: Some(script(give).into()),
                    delete: None,
                    not_found: None,
                    environment: [].into(),
                },
            ),
            (
                "half".into(),
                StoreSpec::Command {
                    put: script(
                        r#"sed 's/"clientSecret": *"[^"]*"/"clientSecret":"another-secret-of-y"/' >"$1/$2""#,
                    )
                    .into(),
                    get: Some(script(give).into()),
                    delete: None,
                    not_found: None,
                    environment: [].into(),
                },
            ),
        ]
        .into();
        let settings = StoreSettings {
            tenant: SecretsOf::Tenant(TENANT.to_owned()),
            commands: Commands::Allowed,
            environment: Environment::new([("PATH".into(), "/usr/bin:/bin".into())]),
            redactor: Redactor::default(),
        };
        Self {
            stores: Stores::new(&specs, &settings),
            folder,
            tenant: FakeTenant::default(),
            options: Options::default(),
            cancel: Cancel::new(),
            events: Events::default(),
        }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn journal(&self) -> Journal {
        let path = Utf8PathBuf::from_path_buf(self.path("journal.jsonl")).unwrap();
        Journal::open(&path, TENANT).unwrap()
    }

    pub(crate) fn journal_text(&self) -> String {
        fs_err::read_to_string(self.path("journal.jsonl")).unwrap_or_default()
    }

    /// Puts an issuer of an account into a store; the tenant has the token.
    pub(crate) async fn enroll(&self, owner: &str, name: &str) -> StoreKey {
        let id = {
            let mut state = self.tenant.state();
            let scopes = ["sp:my-personal-access-tokens:manage"];
            state.add_token(owner, name, &scopes).id.clone()
        };
        let place = local(name);
        let secret = format!("s3cr3t-of-token-{name}");
        self.deliver(&place, id.as_str(), &secret).await;
        place
    }

    pub(crate) async fn deliver(&self, place: &StoreKey, id: &str, secret: &str) {
        let document = SecretDocument {
            credential: Credential {
                client_id: id.into(),
                client_secret: secret.into(),
            },
            base_url: None,
            account: None,
            identity: None,
            token: None,
            scopes: [].into(),
            created: None,
            expires: None,
            replaces: None,
            rotation: 0,
            previous: None,
        };
        self.stores.put(place, &document).await.unwrap();
    }

    /// The client id that a store holds.
    pub(crate) async fn delivered(&self, place: &StoreKey) -> Option<String> {
        let document = self.stores.get(place).await.unwrap();
        document.map(|document| document.credential.client_id.to_string())
    }

    /// Carries a plan out.
    pub(crate) async fn apply(&self, plan: &Plan) -> Outcome {
        let journal = self.journal();
        apply(
            plan,
            &self.tenant,
            &self.stores,
            &journal,
            &self.options,
            &self.events,
            &self.cancel,
        )
        .await
    }
}

/// A place in the store `local`.
pub(crate) fn local(key: &str) -> StoreKey {
    place("local", key)
}

pub(crate) fn place(store: &str, key: &str) -> StoreKey {
    StoreKey {
        store: store.into(),
        key: key.to_owned(),
    }
}

/// Each step with what became of it, as a line.
pub(crate) fn lines(outcome: &Outcome) -> Vec<String> {
    outcome
        .steps
        .iter()
        .map(|step| {
            let result = match &step.result {
                StepResult::Done { note: None } => "done".to_owned(),
                StepResult::Done { note: Some(note) } => format!("done ({note})"),
                StepResult::Failed { error, .. } => format!("failed: {error}"),
                StepResult::Skipped { because } => format!("skipped because of {because}"),
                StepResult::SentNotVerified { error, .. } => format!("not verified: {error}"),
                StepResult::Blocked { error, .. } => format!("blocked: {error}"),
                StepResult::NeverTried => "never tried".to_owned(),
            };
            format!("{} {result}", step.address)
        })
        .collect()
}

/// What became of the only step.
pub(crate) fn only(outcome: &Outcome) -> &StepResult {
    let [step] = outcome.steps.as_slice() else {
        panic!("{:?} is not one step", lines(outcome));
    };
    &step.result
}

/// The error of the only step, which has to have failed.
#[track_caller]
pub(crate) fn failure(outcome: &Outcome) -> String {
    match only(outcome) {
        StepResult::SentNotVerified { error, .. }
        | StepResult::Failed { error, .. }
        | StepResult::Blocked { error, .. } => error.clone(),
        other => panic!("{other:?} is no failure"),
    }
}

/// Sees that the only step failed because the live object has changed, and that
/// nothing was written.
#[track_caller]
pub(crate) fn is_stale(world: &World, outcome: &Outcome) {
    let error = failure(outcome);
    assert!(
        error.ends_with("has changed since the plan was made"),
        "{error}"
    );
    assert_eq!(world.tenant.writes(), Vec::<String>::new());
    assert_eq!(world.journal_text(), "", "nothing was begun");
}
