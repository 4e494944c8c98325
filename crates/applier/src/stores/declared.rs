//! The stores that a spec declares, ready for use: each call goes to the kind it names.

use super::age::AgeStore;
use super::aws_secrets_manager::AwsSecretsManagerStore;
use super::azure_key_vault::AzureKeyVaultStore;
use super::command::{CommandStore, CommandsOf};
use super::directory::{Content, DirectoryStore};
use super::environment::EnvironmentStore;
use super::gcloud::GcloudStore;
use super::github_actions_secret::GithubActionsSecretStore;
use super::kubernetes_secret::KubernetesSecretStore;
use super::notices::Notices;
use super::one_password::OnePasswordStore;
use super::store::Store;
use super::vault::VaultStore;
use super::{Commands, Environment, Holder, SecretsOf, StoreError, StoreSettings, belonging};
use crate::document;
use model::{
    Credential, DeliveredForm, Digest, Origin, Readable, ReadyMade, ReadyMadeKind, Redactor,
    SecretDocument, StoreKey, StoreName, StoreSpec, is_client_secret,
};
use secrecy::ExposeSecret;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The stores of a spec, ready for use.
///
/// Clones share the same stores, so many tasks can use them at once. The methods
/// have to be called within a tokio runtime.
#[derive(Clone, Debug)]
pub struct Stores {
    by_name: Arc<BTreeMap<StoreName, Opened>>,
    tenant: SecretsOf,
    redactor: Redactor,
    notices: Notices,
}

/// A store as it was opened.
#[derive(Debug)]
struct Opened {
    spec: StoreSpec,
    readable: Readable,
    can_be_written: bool,
    /// None where it must not be asked.
    store: Option<Box<dyn Store>>,
}

impl Stores {
    /// Opens the stores as they are declared; nothing is read or written yet, and no
    /// program runs.
    pub fn new(specs: &BTreeMap<StoreName, StoreSpec>, settings: &StoreSettings) -> Self {
        let StoreSettings {
            tenant,
            commands,
            environment,
            redactor,
        } = settings;
        let notices = Notices::default();
        let open = |spec: &StoreSpec| Opened {
            spec: spec.clone(),
            readable: spec.readable(),
            can_be_written: spec.can_be_written(),
            store: match commands {
                Commands::NoStore => None,
                Commands::NotAllowed if spec.runs_programs() => None,
                Commands::Allowed | Commands::NotAllowed => {
                    Some(opened(spec, environment, redactor, &notices))
                }
            },
        };
        let stores = specs.iter().map(|(name, spec)| (name.clone(), open(spec)));
        Self {
            by_name: Arc::new(stores.collect()),
            tenant: tenant.clone(),
            redactor: redactor.clone(),
            notices,
        }
    }

    /// The digest of where a key leads, whatever the files call its store; none where no
    /// store has this name.
    pub fn target(&self, key: &StoreKey) -> Option<Digest> {
        let opened = self.by_name.get(&key.store)?;
        Some(Digest::of(&opened.spec.place(&key.key)))
    }

    /// The stores that are not asked: programs may not run, or the operator wants none
    /// asked.
    pub fn not_asked(&self) -> BTreeSet<StoreName> {
        self.by_name
            .iter()
            .filter(|(_, opened)| opened.store.is_none())
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// What a person should know about the stores, since the last call.
    pub fn take_notices(&self) -> Vec<String> {
        self.notices.take()
    }

    /// Removes temporary files with secrets that runs left when they were killed.
    /// A notice says so.
    ///
    /// # Errors
    /// When a directory cannot be read, or a file cannot be removed.
    pub async fn remove_leftovers(&self) -> Result<(), StoreError> {
        for store in self
            .by_name
            .values()
            .filter_map(|opened| opened.store.as_ref())
        {
            store.remove_leftovers().await?;
        }
        Ok(())
    }

    /// What shows that a document is not of this holder in this tenant, with both
    /// values; none where nothing does. Such a document is never used and never
    /// overwritten.
    pub fn foreign(&self, document: &SecretDocument, holder: Holder<'_>) -> Option<String> {
        belonging::foreign(document, &self.tenant, holder)
    }

    /// Whether the address in a document is that of this tenant.
    pub(super) fn is_of_tenant(&self, address: &str) -> bool {
        self.tenant.has(address)
    }

    /// What redacts the secrets of this run.
    pub(crate) fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Reads a secret. None where the store has none.
    ///
    /// # Errors
    /// When the store cannot be read, or holds something other than a secret there: also
    /// where the secret of a document is none that ISC generates.
    pub async fn get(&self, key: &StoreKey) -> Result<Option<SecretDocument>, StoreError> {
        let mut found = self.store(key)?.get(&key.key).await?;
        if let Some(document) = &mut found {
            // Who can write to the store would choose which texts are redacted.
            let can_be = |credential: &Credential| {
                is_client_secret(credential.client_secret.expose_secret())
            };
            if !can_be(&document.credential) {
                return Err(StoreError::NotASecret);
            }
            document.previous = document
                .previous
                .take()
                .filter(|previous| can_be(&previous.credential));
            self.learn(key, document);
        }
        Ok(found)
    }

    /// Delivers a secret as JSON, and replaces the one that the key holds.
    ///
    /// # Errors
    /// See [`Self::put_as`].
    pub async fn put(&self, key: &StoreKey, document: &SecretDocument) -> Result<(), StoreError> {
        self.put_as(key, document, DeliveredForm::Json).await
    }

    /// Delivers a secret in this form, and replaces the one that the key holds.
    ///
    /// # Errors
    /// When it could not be delivered. A file then still has its earlier content;
    /// the effect of a program that failed is unknown.
    pub async fn put_as(
        &self,
        key: &StoreKey,
        document: &SecretDocument,
        form: DeliveredForm,
    ) -> Result<(), StoreError> {
        self.learn(key, document);
        let text = document::encode(document, form).map_err(StoreError::Encode)?;
        self.store(key)?.put(&key.key, text).await
    }

    /// Removes the secret of a key. One that is gone is no error.
    ///
    /// # Errors
    /// When it could not be removed, or the store declares no way to.
    pub async fn delete(&self, key: &StoreKey) -> Result<(), StoreError> {
        self.store(key)?.delete(&key.key).await
    }

    /// Checks that a secret could be delivered, and leaves nothing behind but, in some
    /// systems, an entry without a value.
    ///
    /// For files the proof is a file written beside the secret's, for encrypted
    /// ones also a text that is encrypted and decrypted. Systems of secrets are asked
    /// as far as they answer without a change. For other programs the proof is
    /// weaker, because running `put` would replace the secret: the `put` program
    /// exists.
    ///
    /// # Errors
    /// When [`Self::put`] would fail.
    pub async fn probe(&self, key: &StoreKey) -> Result<(), StoreError> {
        self.store(key)?.probe(&key.key).await
    }

    /// Whether the secrets of a store can be read. One that no file declares is said by
    /// every use of it.
    pub fn readable(&self, store: &StoreName) -> Readable {
        self.by_name
            .get(store)
            .map_or(Readable::Yes, |opened| opened.readable)
    }

    /// Whether secrets can be put into a store. One that no file declares is said by every
    /// use of it.
    pub fn can_be_written(&self, store: &StoreName) -> bool {
        self.by_name
            .get(store)
            .is_none_or(|opened| opened.can_be_written)
    }

    fn learn(&self, key: &StoreKey, document: &SecretDocument) {
        let secrets = std::iter::once(&document.credential).chain(
            document
                .previous
                .iter()
                .map(|previous| &previous.credential),
        );
        for credential in secrets {
            let origin = Origin::Store(key.clone());
            self.redactor.learn_from(&credential.client_secret, origin);
        }
    }

    pub(super) fn store(&self, key: &StoreKey) -> Result<&dyn Store, StoreError> {
        self.by_name
            .get(&key.store)
            .ok_or_else(|| StoreError::Undeclared(key.store.clone()))?
            .store
            .as_deref()
            .ok_or(StoreError::NotAsked)
    }
}

/// The store of a spec. Its programs may run.
fn opened(
    spec: &StoreSpec,
    environment: &Environment,
    redactor: &Redactor,
    notices: &Notices,
) -> Box<dyn Store> {
    match spec {
        StoreSpec::Directory { path } => {
            Box::new(DirectoryStore::new(path, Content::Plain, notices.clone()))
        }
        StoreSpec::Command {
            put,
            get,
            delete,
            not_found,
            environment: named,
        } => Box::new(CommandStore::new(
            CommandsOf {
                put,
                get: get.as_deref(),
                delete: delete.as_deref(),
                not_found: not_found.as_ref(),
            },
            environment.of_program(named),
            redactor.clone(),
        )),
        StoreSpec::Age {
            directory,
            recipients,
            identity_file,
        } => Box::new(AgeStore::new(
            directory,
            recipients,
            identity_file,
            notices.clone(),
        )),
        StoreSpec::Environment { prefix } => Box::new(EnvironmentStore::new(prefix, environment)),
        StoreSpec::ReadyMade(spec) => ready_made(spec, environment, redactor),
    }
}

fn ready_made(spec: &ReadyMade, environment: &Environment, redactor: &Redactor) -> Box<dyn Store> {
    match &spec.kind {
        ReadyMadeKind::Vault { program: _, mount } => {
            Box::new(VaultStore::new(spec, mount, environment, redactor))
        }
        ReadyMadeKind::AwsSecretsManager { region } => Box::new(AwsSecretsManagerStore::new(
            spec,
            region.as_ref(),
            environment,
            redactor,
        )),
        ReadyMadeKind::KubernetesSecret { namespace, context } => Box::new(
            KubernetesSecretStore::new(spec, namespace, context.as_ref(), environment, redactor),
        ),
        ReadyMadeKind::GithubActionsSecret {
            repository,
            environment: of,
        } => Box::new(GithubActionsSecretStore::new(
            spec,
            repository,
            of.as_ref(),
            environment,
            redactor,
        )),
        ReadyMadeKind::Gcloud { project } => {
            Box::new(GcloudStore::new(spec, project, environment, redactor))
        }
        ReadyMadeKind::AzureKeyVault { vault } => {
            Box::new(AzureKeyVaultStore::new(spec, vault, environment, redactor))
        }
        ReadyMadeKind::OnePassword { vault } => {
            Box::new(OnePasswordStore::new(spec, vault, environment, redactor))
        }
    }
}
