//! Kubernetes store: Secrets of a namespace, over `kubectl`.

use super::StoreError;
use super::settings::Environment;
use super::store::{Answer, Store};
use super::text::document_of;
use super::tool::{Cause, Input, Tool, arguments, says};
use model::{ReadyMade, Redactor, SecretDocument};
use secrecy::zeroize::Zeroizing;

/// The value of a Secret that holds the text.
const ENTRY: &str = "document";

/// Prints that value as it is.
const TEMPLATE: &str =
    "--template={{ with index .data \"document\" }}{{ . | base64decode }}{{ end }}";

/// Each secret is the value `document` of a Secret of its own.
#[derive(Debug)]
pub(super) struct KubernetesSecretStore {
    spec: ReadyMade,
    namespace: String,
    context: Option<String>,
    tool: Tool,
}

impl KubernetesSecretStore {
    pub(super) fn new(
        spec: &ReadyMade,
        namespace: &str,
        context: Option<&String>,
        environment: &Environment,
        redactor: &Redactor,
    ) -> Self {
        Self {
            spec: spec.clone(),
            namespace: namespace.to_owned(),
            context: context.cloned(),
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
        let context = self
            .context
            .iter()
            .map(|context| format!("--context={context}"));
        let namespace = format!("--namespace={}", self.namespace);
        let mut call = arguments(words);
        call.push(namespace);
        call.extend(context);
        call
    }

    async fn read(&self, key: &str) -> Result<Option<SecretDocument>, StoreError> {
        let entry = self.entry(key)?;
        let get = self.call(["get", "secret", &entry, "--output=go-template", TEMPLATE]);
        match self.tool.run_where_present(&get).await? {
            // A Secret that steersman did not write has this name.
            Some(text) if text.is_empty() => Err(self
                .tool
                .unexpected("a Secret without the value `document`")),
            Some(text) => document_of(&text, self.tool.place()).map(Some),
            None => Ok(None),
        }
    }

    /// Fields that another manager owns are not overwritten: `kubectl` reports a
    /// conflict.
    fn apply<const N: usize>(&self, more: [&str; N]) -> Vec<String> {
        let mut apply = self.call([
            "apply",
            "--server-side",
            "--field-manager=steersman",
            "--validate=false",
            "--filename=-",
        ]);
        apply.extend(arguments(more));
        apply
    }

    fn manifest(&self, entry: &str, text: &str) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let manifest = serde_json::json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {
                "name": entry,
                "namespace": self.namespace,
                "labels": {"app.kubernetes.io/managed-by": "steersman"},
            },
            "stringData": {ENTRY: text},
            "type": "Opaque",
        });
        serde_json::to_vec(&manifest)
            .map(Zeroizing::new)
            .map_err(|error| StoreError::Encode(error.into()))
    }

    async fn write(&self, key: &str, text: &[u8]) -> Result<(), StoreError> {
        let entry = self.entry(key)?;
        let text = std::str::from_utf8(text)
            .map_err(|_| self.tool.unexpected("a secret that is no text"))?;
        let manifest = self.manifest(&entry, text)?;
        self.tool
            .give(&self.apply([]), Input::Text(&manifest))
            .await
    }

    /// The server checks everything that it checks of a write, and keeps nothing.
    async fn check(&self, key: &str) -> Result<(), StoreError> {
        self.read(key).await?;
        let entry = self.entry(key)?;
        let manifest = self.manifest(&entry, "{}")?;
        let apply = self.apply(["--dry-run=server"]);
        self.tool.give(&apply, Input::Text(&manifest)).await
    }

    async fn remove(&self, key: &str) -> Result<(), StoreError> {
        let entry = self.entry(key)?;
        let delete = self.call(["delete", "secret", &entry, "--ignore-not-found"]);
        self.tool.give(&delete, Input::None).await
    }
}

/// `kubectl` exits with 1 for every failure.
fn cause(_: i32, text: &str) -> Cause {
    if says(text, &["(NotFound): secrets \""]) {
        Cause::Absent
    } else if says(
        text,
        &["(Forbidden)", "(Unauthorized)", "must be logged in"],
    ) {
        Cause::NotAllowed
    } else {
        Cause::Other
    }
}

impl Store for KubernetesSecretStore {
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
    fn tokens_2_a_missing_namespace_is_not_a_missing_secret() {
        for (text, expected) in [
            (
                "Error from server (NotFound): secrets \"a\" not found\n",
                Cause::Absent,
            ),
            (
                "Error from server (NotFound): namespaces \"ci\" not found\n",
                Cause::Other,
            ),
            (
                "Error from server (Forbidden): secrets \"a\" is forbidden: User \"x\" cannot get resource \"secrets\"\n",
                Cause::NotAllowed,
            ),
            (
                "error: You must be logged in to the server (Unauthorized)\n",
                Cause::NotAllowed,
            ),
            (
                "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?\n",
                Cause::Other,
            ),
        ] {
            assert_eq!(cause(1, text), expected, "{text}");
        }
    }
}
