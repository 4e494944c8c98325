//! 1Password store: documents of a vault, over `op`.

use super::StoreError;
use super::settings::Environment;
use super::store::{Answer, Store};
use super::text::document_of;
use super::tool::{Cause, Failed, Input, Tool, arguments, says};
use model::{ReadyMade, Redactor, SecretDocument};
use secrecy::zeroize::Zeroizing;

/// Each secret is a document whose title is the entry.
#[derive(Debug)]
pub(super) struct OnePasswordStore {
    spec: ReadyMade,
    vault: String,
    tool: Tool,
}

impl OnePasswordStore {
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

    fn call<const N: usize>(&self, words: [&str; N]) -> Vec<String> {
        let mut call = arguments(words);
        call.push(format!("--vault={}", self.vault));
        call
    }

    async fn read(&self, key: &str) -> Result<Option<SecretDocument>, StoreError> {
        let get = self.call(["document", "get", &self.entry(key)?]);
        match self.tool.run_where_present(&get).await? {
            Some(text) => document_of(&text, self.tool.place()).map(Some),
            None => Ok(None),
        }
    }

    async fn write(&self, key: &str, text: &[u8]) -> Result<(), StoreError> {
        let entry = self.entry(key)?;
        let edit = self.call(["document", "edit", &entry, "-"]);
        match self.tool.run(&edit, Input::Text(text)).await {
            Ok(_) => Ok(()),
            Err(Failed {
                cause: Cause::Absent,
                error: _,
            }) => {
                let title = format!("--title={entry}");
                let create = self.call(["document", "create", "-", &title]);
                self.tool.give(&create, Input::Text(text)).await
            }
            Err(failed) => Err(failed.error),
        }
    }

    /// `op` has no request that shows whether a document may be written. That the vault
    /// can be read shows that the caller is signed in.
    async fn check(&self, key: &str) -> Result<(), StoreError> {
        self.read(key).await?;
        let vault = arguments(["vault", "get", &self.vault]);
        match self.tool.run(&vault, Input::None).await {
            Ok(_) => Ok(()),
            Err(failed) => Err(failed.error),
        }
    }

    async fn remove(&self, key: &str) -> Result<(), StoreError> {
        let delete = self.call(["document", "delete", &self.entry(key)?]);
        self.tool.run_where_present(&delete).await.map(drop)
    }
}

/// `op` exits with 1 for every failure.
fn cause(_: i32, text: &str) -> Cause {
    let refused = [
        "not currently signed in",
        "session expired",
        "(403)",
        "Forbidden",
        "permission",
    ];
    if says(text, &refused) {
        Cause::NotAllowed
    } else if says(text, &["isn't an item", "isn't a document"]) {
        Cause::Absent
    } else {
        Cause::Other
    }
}

impl Store for OnePasswordStore {
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
    fn tokens_2_a_missing_vault_is_not_a_missing_document() {
        for (text, expected) in [
            (
                "[ERROR] 2026/11/26 18:00:00 \"acme/x\" isn't an item in the \"CI\" vault. Specify the item with its UUID, name, or domain.\n",
                Cause::Absent,
            ),
            (
                "[ERROR] 2026/11/26 18:00:00 \"CI\" isn't a vault in this account. Specify the vault with its ID or name.\n",
                Cause::Other,
            ),
            (
                "[ERROR] 2026/11/26 18:00:00 You are not currently signed in. Please run `op signin --help` for instructions\n",
                Cause::NotAllowed,
            ),
            (
                "[ERROR] 2026/11/26 18:00:00 More than one item matches \"x\". Try again and specify the item by its ID:\n",
                Cause::Other,
            ),
        ] {
            assert_eq!(cause(1, text), expected, "{text}");
        }
    }
}
