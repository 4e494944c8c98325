//! Azure Key Vault store, over `az`.

use super::StoreError;
use super::settings::Environment;
use super::store::{Answer, Store};
use super::text::document_of;
use super::tool::{Cause, Failed, Input, Tool, arguments, says};
use model::{ReadyMade, Redactor, SecretDocument};
use secrecy::zeroize::Zeroizing;

/// Each secret is the current version of a secret of the vault.
#[derive(Debug)]
pub(super) struct AzureKeyVaultStore {
    spec: ReadyMade,
    vault: String,
    tool: Tool,
}

impl AzureKeyVaultStore {
    pub(super) fn new(
        spec: &ReadyMade,
        vault: &str,
        environment: &Environment,
        redactor: &Redactor,
    ) -> Self {
        Self {
            spec: spec.clone(),
            vault: vault.to_owned(),
            tool: Tool::new(spec, environment, redactor, cause),
        }
    }

    fn entry(&self, key: &str) -> Result<String, StoreError> {
        self.spec.entry(key).map_err(|source| StoreError::BadKey {
            key: key.to_owned(),
            source,
        })
    }

    fn call<const N: usize>(&self, operation: &str, entry: &str, more: [&str; N]) -> Vec<String> {
        let mut call = arguments(["keyvault", "secret", operation]);
        call.push(format!("--vault-name={}", self.vault));
        call.push(format!("--name={entry}"));
        call.extend(arguments(more));
        call
    }

    async fn read(&self, key: &str) -> Result<Option<SecretDocument>, StoreError> {
        let show = self.call(
            "show",
            &self.entry(key)?,
            ["--query=value", "--output=json"],
        );
        let Some(answer) = self.tool.run_where_present(&show).await? else {
            return Ok(None);
        };
        let Ok(text) = serde_json::from_slice::<String>(&answer).map(Zeroizing::new) else {
            return Err(self.tool.unexpected("not the value of a secret"));
        };
        document_of(text.as_bytes(), self.tool.place()).map(Some)
    }

    async fn write(&self, key: &str, text: &[u8]) -> Result<(), StoreError> {
        let entry = self.entry(key)?;
        let set = self.call(
            "set",
            &entry,
            ["--file={file}", "--encoding=utf-8", "--output=none"],
        );
        match self.tool.run(&set, Input::File(text)).await {
            Ok(_) => Ok(()),
            Err(failed) => Err(self.error(failed, &entry)),
        }
    }

    fn error(&self, failed: Failed, entry: &str) -> StoreError {
        match failed.cause {
            Cause::Deleted => self.deleted(entry),
            Cause::Absent | Cause::NotAllowed | Cause::Exists | Cause::Other => failed.error,
        }
    }

    fn deleted(&self, entry: &str) -> StoreError {
        StoreError::Deleted {
            entry: entry.into(),
            restore: format!(
                "az keyvault secret recover --vault-name={} --name={entry}",
                self.vault
            )
            .into(),
        }
    }

    /// A vault keeps deleted secrets, and their names, for days. Who may not list them
    /// does not learn it here.
    async fn check(&self, key: &str) -> Result<(), StoreError> {
        if self.read(key).await?.is_some() {
            return Ok(());
        }
        let entry = self.entry(key)?;
        let show = self.call("show-deleted", &entry, ["--output=none"]);
        match self.tool.run(&show, Input::None).await {
            Ok(_) => Err(self.deleted(&entry)),
            Err(Failed {
                cause: Cause::Absent | Cause::NotAllowed,
                error: _,
            }) => Ok(()),
            Err(failed) => Err(failed.error),
        }
    }

    /// Deletes, and frees the name where the caller may: a vault with protection against
    /// purging keeps it.
    async fn remove(&self, key: &str) -> Result<(), StoreError> {
        let entry = self.entry(key)?;
        let delete = self.call("delete", &entry, ["--output=none"]);
        self.tool.run_where_present(&delete).await?;
        let purge = self.call("purge", &entry, ["--output=none"]);
        match self.tool.run(&purge, Input::None).await {
            Ok(_)
            | Err(Failed {
                cause: Cause::Absent | Cause::NotAllowed,
                error: _,
            }) => Ok(()),
            Err(failed) => Err(failed.error),
        }
    }
}

/// `az` exits with 3 for what does not exist, which can be the vault, too.
fn cause(_: i32, text: &str) -> Cause {
    let refused = [
        "(Forbidden)",
        "ForbiddenByRbac",
        "ForbiddenByPolicy",
        "(Unauthorized)",
        "az login",
    ];
    if says(text, &refused) {
        Cause::NotAllowed
    } else if says(text, &["(SecretNotFound)"]) {
        Cause::Absent
    } else if says(
        text,
        &["ObjectIsDeletedButRecoverable", "ObjectIsBeingDeleted"],
    ) {
        Cause::Deleted
    } else {
        Cause::Other
    }
}

impl Store for AzureKeyVaultStore {
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
    fn tokens_14_a_deleted_secret_keeps_its_name() {
        for (text, expected) in [
            (
                "ERROR: (SecretNotFound) A secret with (name/id) a was not found in this key vault.\nCode: SecretNotFound\n",
                Cause::Absent,
            ),
            (
                "ERROR: (Conflict) Secret a is currently in a deleted but recoverable state, and its name cannot be reused\nInner error: {\n    \"code\": \"ObjectIsDeletedButRecoverable\"\n}\n",
                Cause::Deleted,
            ),
            (
                "ERROR: (Forbidden) The user does not have secrets get permission on key vault 'acme'.\nInner error: {\n    \"code\": \"ForbiddenByPolicy\"\n}\n",
                Cause::NotAllowed,
            ),
            (
                "ERROR: Please run 'az login' to setup account.\n",
                Cause::NotAllowed,
            ),
            (
                "ERROR: <urllib3.connection.HTTPSConnection object>: Failed to resolve 'acme.vault.azure.net'\n",
                Cause::Other,
            ),
        ] {
            assert_eq!(cause(3, text), expected, "{text}");
        }
    }
}
