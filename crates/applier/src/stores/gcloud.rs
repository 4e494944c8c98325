//! Google Cloud store: Secret Manager, over `gcloud`.

use super::StoreError;
use super::settings::Environment;
use super::store::{Answer, Store};
use super::text::document_of;
use super::tool::{Cause, Failed, Input, Tool, arguments, says};
use model::{ReadyMade, Redactor, SecretDocument};
use secrecy::zeroize::Zeroizing;

/// Each secret is the latest version of a secret of the project.
#[derive(Debug)]
pub(super) struct GcloudStore {
    spec: ReadyMade,
    project: String,
    tool: Tool,
}

impl GcloudStore {
    pub(super) fn new(
        spec: &ReadyMade,
        project: &str,
        environment: &Environment,
        redactor: &Redactor,
    ) -> Self {
        Self {
            spec: spec.clone(),
            project: project.to_owned(),
            tool: Tool::new(spec, environment, redactor, cause),
        }
    }

    fn entry(&self, key: &str) -> Result<String, StoreError> {
        self.spec.entry(key).map_err(|source| StoreError::BadKey {
            key: key.to_owned(),
            source,
        })
    }

    fn call<const N: usize>(&self, words: [&str; N]) -> Vec<String> {
        let mut call = arguments(["secrets"]);
        call.extend(arguments(words));
        call.push(format!("--project={}", self.project));
        call.push("--quiet".to_owned());
        call
    }

    async fn read(&self, key: &str) -> Result<Option<SecretDocument>, StoreError> {
        let secret = format!("--secret={}", self.entry(key)?);
        let get = self.call(["versions", "access", "latest", &secret]);
        match self.tool.run_where_present(&get).await? {
            Some(text) => document_of(&text, self.tool.place()).map(Some),
            None => Ok(None),
        }
    }

    async fn write(&self, key: &str, text: &[u8]) -> Result<(), StoreError> {
        let entry = self.entry(key)?;
        let add = self.call(["versions", "add", &entry, "--data-file=-"]);
        match self.tool.run(&add, Input::Text(text)).await {
            Ok(_) => Ok(()),
            Err(Failed {
                cause: Cause::Absent,
                error: _,
            }) => {
                self.create(&entry).await?;
                self.tool.give(&add, Input::Text(text)).await
            }
            Err(failed) => Err(failed.error),
        }
    }

    /// Creates the secret without a version, where there is none.
    async fn create(&self, entry: &str) -> Result<(), StoreError> {
        let create = self.call(["create", entry, "--replication-policy=automatic"]);
        match self.tool.run(&create, Input::None).await {
            Ok(_)
            | Err(Failed {
                cause: Cause::Exists,
                error: _,
            }) => Ok(()),
            Err(failed) => Err(failed.error),
        }
    }

    /// Reads the secret, and creates it without a version where there is none. Whether a
    /// version may be added only shows when one is.
    async fn check(&self, key: &str) -> Result<(), StoreError> {
        if self.read(key).await?.is_some() {
            return Ok(());
        }
        self.create(&self.entry(key)?).await
    }

    async fn remove(&self, key: &str) -> Result<(), StoreError> {
        let entry = self.entry(key)?;
        let delete = self.call(["delete", &entry]);
        self.tool.run_where_present(&delete).await.map(drop)
    }
}

/// `gcloud` exits with 1 for every failure. A refusal can say that the secret `may not
/// exist`, which is no `NOT_FOUND`.
fn cause(_: i32, text: &str) -> Cause {
    if says(
        text,
        &["PERMISSION_DENIED", "UNAUTHENTICATED", "gcloud auth login"],
    ) {
        Cause::NotAllowed
    } else if says(text, &["NOT_FOUND: Secret ", "NOT_FOUND: Secret["]) {
        Cause::Absent
    } else if says(text, &["ALREADY_EXISTS"]) {
        Cause::Exists
    } else {
        Cause::Other
    }
}

impl Store for GcloudStore {
    fn get<'a>(&'a self, key: &'a str) -> Answer<'a, Option<SecretDocument>> {
        Box::pin(self.read(key))
    }

    fn put<'a>(&'a self, key: &'a str, text: Zeroizing<Vec<u8>>) -> Answer<'a, ()> {
        Box::pin(async move { self.write(key, &text).await })
    }

    fn delete<'a>(&'a self, key: &'a str) -> Answer<'a, ()> {
        Box::pin(self.remove(key))
    }

    fn probe<'a>(&'a self, key: &'a str) -> Answer<'a, ()> {
        Box::pin(self.check(key))
    }
}

#[cfg(test)]
mod tests {
    use super::{Cause, cause};

    #[test]
    fn tokens_2_a_refusal_that_may_mean_absence_is_a_refusal() {
        for (text, expected) in [
            (
                "ERROR: (gcloud.secrets.versions.access) NOT_FOUND: Secret [projects/1/secrets/a] not found or has no versions.\n",
                Cause::Absent,
            ),
            (
                "ERROR: (gcloud.secrets.versions.access) PERMISSION_DENIED: Permission 'secretmanager.versions.access' denied for resource 'projects/acme/secrets/a/versions/latest' (or it may not exist).\n",
                Cause::NotAllowed,
            ),
            (
                "ERROR: (gcloud.secrets.versions.access) NOT_FOUND: Project [acme] not found\n",
                Cause::Other,
            ),
            (
                "ERROR: (gcloud.secrets.create) Resource in projects [acme] is the subject of a conflict: ALREADY_EXISTS: Secret [projects/1/secrets/a] already exists.\n",
                Cause::Exists,
            ),
            (
                "ERROR: gcloud crashed (ConnectionError): HTTPSConnectionPool\n",
                Cause::Other,
            ),
        ] {
            assert_eq!(cause(1, text), expected, "{text}");
        }
    }
}
