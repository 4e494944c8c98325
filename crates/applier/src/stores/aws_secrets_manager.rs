//! AWS Secrets Manager store, over `aws`.

use super::StoreError;
use super::settings::Environment;
use super::store::{Answer, Store};
use super::text::document_of;
use super::tool::{Cause, Failed, Input, Tool, says};
use model::{ReadyMade, Redactor, SecretDocument};
use secrecy::zeroize::Zeroizing;

/// Each secret is the current version of a secret string.
#[derive(Debug)]
pub(super) struct AwsSecretsManagerStore {
    spec: ReadyMade,
    region: Option<String>,
    tool: Tool,
}

impl AwsSecretsManagerStore {
    pub(super) fn new(
        spec: &ReadyMade,
        region: Option<&String>,
        environment: &Environment,
        redactor: &Redactor,
    ) -> Self {
        Self {
            spec: spec.clone(),
            region: region.cloned(),
            tool: Tool::new(spec, environment, redactor, cause),
        }
    }

    fn entry(&self, key: &str) -> Result<String, StoreError> {
        self.spec.entry(key).map_err(|source| StoreError::BadKey {
            key: key.to_owned(),
            source,
        })
    }

    /// A call of the service, with the name of an entry.
    fn call<const N: usize>(&self, operation: &str, name: &str, more: [&str; N]) -> Vec<String> {
        let region = self
            .region
            .iter()
            .map(|region| format!("--region={region}"));
        ["secretsmanager", operation, name]
            .into_iter()
            .map(str::to_owned)
            .chain(more.map(str::to_owned))
            .chain(region)
            .collect()
    }

    /// A value of the current version, as text.
    async fn value(
        &self,
        entry: &str,
        field: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let secret = format!("--secret-id={entry}");
        let query = format!("--query={field}");
        let get = self.call("get-secret-value", &secret, [&query, "--output=text"]);
        let result = self.tool.run(&get, Input::None).await;
        match result {
            Ok(text) => Ok(Some(text)),
            Err(Failed {
                cause: Cause::Absent,
                error: _,
            }) => Ok(None),
            Err(failed) => Err(Self::error(failed, entry)),
        }
    }

    fn error(failed: Failed, entry: &str) -> StoreError {
        match failed.cause {
            Cause::Deleted => StoreError::Deleted {
                entry: entry.into(),
                restore: format!("aws secretsmanager restore-secret --secret-id {entry}").into(),
            },
            Cause::Absent | Cause::NotAllowed | Cause::Exists | Cause::Other => failed.error,
        }
    }

    async fn read(&self, key: &str) -> Result<Option<SecretDocument>, StoreError> {
        let entry = self.entry(key)?;
        match self.value(&entry, "SecretString").await? {
            Some(text) => document_of(&text, self.tool.place()).map(Some),
            None => Ok(None),
        }
    }

    async fn write(&self, key: &str, text: &[u8]) -> Result<(), StoreError> {
        let entry = self.entry(key)?;
        let secret = format!("--secret-id={entry}");
        let text_of = "--secret-string=file://{file}";
        let put = self.call("put-secret-value", &secret, [text_of]);
        match self.tool.run(&put, Input::File(text)).await {
            Ok(_) => Ok(()),
            Err(Failed {
                cause: Cause::Absent,
                error: _,
            }) => {
                let name = format!("--name={entry}");
                let create = self.call("create-secret", &name, [text_of]);
                let created = self.tool.run(&create, Input::File(text)).await;
                created
                    .map(drop)
                    .map_err(|failed| Self::error(failed, &entry))
            }
            Err(failed) => Err(Self::error(failed, &entry)),
        }
    }

    /// Writes what is there once more as the same version, which changes nothing; where
    /// nothing is, creates the entry without a value. Both need the permission of a
    /// delivery, and a name that is still taken by a deleted entry shows.
    async fn check(&self, key: &str) -> Result<(), StoreError> {
        let entry = self.entry(key)?;
        let secret = format!("--secret-id={entry}");
        if let Some(version) = self.value(&entry, "VersionId").await? {
            let Some(text) = self.value(&entry, "SecretString").await? else {
                return Ok(());
            };
            let version = String::from_utf8_lossy(&version).trim().to_owned();
            let token = format!("--client-request-token={version}");
            let text = text.strip_suffix(b"\n").unwrap_or(&text);
            let put = self.call(
                "put-secret-value",
                &secret,
                [&token, "--secret-string=file://{file}"],
            );
            let done = self.tool.run(&put, Input::File(text)).await;
            return done.map(drop).map_err(|failed| Self::error(failed, &entry));
        }
        let create = self.call("create-secret", &format!("--name={entry}"), []);
        match self.tool.run(&create, Input::None).await {
            // One that exists has no value, such as an earlier probe left.
            Ok(_)
            | Err(Failed {
                cause: Cause::Exists,
                error: _,
            }) => Ok(()),
            Err(failed) => Err(Self::error(failed, &entry)),
        }
    }

    /// A secret of a token that is gone has no use, so it is not kept for recovery: its
    /// name would stay taken for days.
    async fn remove(&self, key: &str) -> Result<(), StoreError> {
        let entry = self.entry(key)?;
        let secret = format!("--secret-id={entry}");
        let delete = self.call(
            "delete-secret",
            &secret,
            ["--force-delete-without-recovery"],
        );
        self.tool.run_where_present(&delete).await.map(drop)
    }
}

/// `aws` exits with 254 or 255 for any answer of the service, by its version.
fn cause(_: i32, text: &str) -> Cause {
    if says(text, &["(ResourceNotFoundException)"]) {
        return Cause::Absent;
    }
    if says(text, &["(ResourceExistsException)"]) {
        return Cause::Exists;
    }
    let deleted = [
        "marked for deletion",
        "marked deleted",
        "scheduled for deletion",
    ];
    if says(text, &["(InvalidRequestException)"]) && says(text, &deleted) {
        return Cause::Deleted;
    }
    let refused = [
        "(AccessDeniedException)",
        "(AccessDenied)",
        "(UnrecognizedClientException)",
        "(ExpiredTokenException)",
        "(InvalidClientTokenId)",
        "(InvalidSignatureException)",
        "Unable to locate credentials",
    ];
    if says(text, &refused) {
        Cause::NotAllowed
    } else {
        Cause::Other
    }
}

impl Store for AwsSecretsManagerStore {
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

    /// As the command line writes what AWS answers.
    #[test]
    fn tokens_14_a_deleted_name_is_not_absent() {
        let error = |name: &str, text: &str| {
            format!(
                "\nAn error occurred ({name}) when calling the GetSecretValue operation: {text}\n"
            )
        };
        for (text, expected) in [
            (
                error("ResourceNotFoundException", "Secrets Manager can't find the specified secret."),
                Cause::Absent,
            ),
            (
                error("InvalidRequestException", "You can't perform this operation on the secret because it was marked for deletion."),
                Cause::Deleted,
            ),
            (
                error("InvalidRequestException", "You can't create this secret because a secret with this name is already scheduled for deletion."),
                Cause::Deleted,
            ),
            (
                error("AccessDeniedException", "User: x is not authorized to perform: secretsmanager:GetSecretValue"),
                Cause::NotAllowed,
            ),
            (
                "Unable to locate credentials. You can configure credentials by running \"aws configure\".".to_owned(),
                Cause::NotAllowed,
            ),
            (
                "Could not connect to the endpoint URL: \"http://127.0.0.1:1/\"".to_owned(),
                Cause::Other,
            ),
            (error("ThrottlingException", "Rate exceeded"), Cause::Other),
        ] {
            assert_eq!(cause(255, &text), expected, "{text}");
        }
    }
}
