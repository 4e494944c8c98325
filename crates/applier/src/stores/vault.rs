//! Vault store: the key/value store, version 2, of HashiCorp Vault or OpenBao.

use super::StoreError;
use super::settings::Environment;
use super::store::{Answer, Store};
use super::text::document_of;
use super::tool::{Cause, Input, Tool, arguments, says};
use model::{KeyError, ReadyMade, Redactor, SecretDocument};
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use serde_json::value::RawValue;

/// The name of the value that holds a text that is no JSON object.
const DOCUMENT: &str = "document";

/// Each secret is the current version of a path. The fields of a JSON document are its
/// values, so that `vault kv get -field=clientSecret` finds them.
#[derive(Debug)]
pub(super) struct VaultStore {
    spec: ReadyMade,
    mount: String,
    tool: Tool,
}

impl VaultStore {
    pub(super) fn new(
        spec: &ReadyMade,
        mount: &str,
        environment: &Environment,
        redactor: &Redactor,
    ) -> Self {
        Self {
            spec: spec.clone(),
            mount: mount.to_owned(),
            tool: Tool::new(spec, environment, redactor, cause),
        }
    }

    fn entry(&self, key: &str) -> Result<String, StoreError> {
        let bad = |source: KeyError| StoreError::BadKey {
            key: key.to_owned(),
            source,
        };
        self.spec.entry(key).map_err(bad)
    }

    fn mount(&self) -> String {
        format!("-mount={}", self.mount)
    }

    async fn read(&self, key: &str) -> Result<Option<SecretDocument>, StoreError> {
        let entry = self.entry(key)?;
        let get = arguments(["kv", "get", &self.mount(), "-format=json", &entry]);
        let Some(answer) = self.tool.run_where_present(&get).await? else {
            return Ok(None);
        };
        let Ok(Reading { data }) = serde_json::from_slice(&answer) else {
            return Err(self.tool.unexpected("not the JSON of `kv get`"));
        };
        if data.metadata.is_none() {
            return Err(self
                .tool
                .unexpected("no metadata, as of a key/value store of version 1"));
        }
        // The current version was deleted: nothing is there, and it can be written again.
        let Some(values) = data.data.filter(|values| values.get() != "null") else {
            return Ok(None);
        };
        let text = match serde_json::from_str::<Wrapped>(values.get()) {
            Ok(Wrapped { document }) => Zeroizing::new(document.into_bytes()),
            Err(_) => Zeroizing::new(values.get().as_bytes().to_vec()),
        };
        document_of(&text, self.tool.place()).map(Some)
    }

    async fn write(&self, key: &str, text: &[u8]) -> Result<(), StoreError> {
        let entry = self.entry(key)?;
        let put = arguments(["kv", "put", &self.mount(), "-format=json", &entry, "-"]);
        if text.trim_ascii_start().starts_with(b"{") {
            return self.tool.give(&put, Input::Text(text)).await;
        }
        let text = std::str::from_utf8(text)
            .map_err(|_| self.tool.unexpected("a secret that is no text"))?;
        let wrapped = Zeroizing::new(
            serde_json::to_vec(&serde_json::json!({ DOCUMENT: text }))
                .map_err(|error| StoreError::Encode(error.into()))?,
        );
        self.tool.give(&put, Input::Text(&wrapped)).await
    }

    /// What the token may do with the path. A mount of version 2 has its data below
    /// `data`.
    async fn check(&self, key: &str) -> Result<(), StoreError> {
        let entry = self.entry(key)?;
        let path = format!("{}/data/{entry}", self.mount);
        let ask = arguments(["token", "capabilities", "-format=json", &path]);
        let answer = self
            .tool
            .run(&ask, Input::None)
            .await
            .map_err(|failed| failed.error)?;
        let Ok(allowed) = serde_json::from_slice::<Vec<String>>(&answer) else {
            return Err(self.tool.unexpected("not the list of `token capabilities`"));
        };
        let may = |word: &str| allowed.iter().any(|found| found == word);
        // Without `read` nothing that is delivered could be proven.
        if may("root") || may("read") && may("create") && may("update") {
            return self.read(key).await.map(drop);
        }
        Err(Tool::may_not_write(&path, &allowed.join(", ")))
    }

    async fn remove(&self, key: &str) -> Result<(), StoreError> {
        let entry = self.entry(key)?;
        let delete = arguments(["kv", "metadata", "delete", &self.mount(), &entry]);
        self.tool.give(&delete, Input::None).await
    }
}

/// The answer of `kv get -format=json`.
#[derive(Deserialize)]
struct Reading<'a> {
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    metadata: Option<&'a RawValue>,
}

/// A text that is no JSON object, as a value of one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrapped {
    document: String,
}

/// A missing path is exit code 2, like a refusal and a network fault.
fn cause(code: i32, text: &str) -> Cause {
    match code {
        2 if text.starts_with("No value found at ") => Cause::Absent,
        _ if says(
            text,
            &["Code: 403", "permission denied", "missing client token"],
        ) =>
        {
            Cause::NotAllowed
        }
        _ => Cause::Other,
    }
}

impl Store for VaultStore {
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

    /// As OpenBao 2.7.2 writes them.
    #[test]
    fn tokens_2_only_a_missing_value_is_absent() {
        for (text, expected) in [
            ("No value found at secret/data/a/b/c\n", Cause::Absent),
            (
                "Error reading secret/data/z: Error making API request.\n\nURL: GET http://127.0.0.1/v1/secret/data/z\nCode: 403. Errors:\n\n* 1 error occurred:\n\t* permission denied\n",
                Cause::NotAllowed,
            ),
            (
                "Error making API request.\n\nURL: GET http://127.0.0.1/v1/sys/internal/ui/mounts/nope\nCode: 403. Errors:\n\n* preflight capability check returned 403, please ensure client's policies grant access to path \"nope/\"\n",
                Cause::NotAllowed,
            ),
            (
                "Get \"http://127.0.0.1:1/v1/sys/internal/ui/mounts/secret\": dial tcp 127.0.0.1:1: connect: connection refused\n",
                Cause::Other,
            ),
            ("Code: 503. Errors:\n\n* Vault is sealed\n", Cause::Other),
        ] {
            assert_eq!(cause(2, text), expected, "{text}");
        }
        assert_eq!(cause(1, "No value found at x"), Cause::Other);
    }
}
