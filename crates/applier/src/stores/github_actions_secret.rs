//! GitHub Actions store: secrets of a repository or its environment, over `gh`. They
//! cannot be read.

use super::StoreError;
use super::settings::Environment;
use super::store::{Answer, Store};
use super::tool::{Cause, Failed, Input, Tool, arguments, says};
use model::{ReadyMade, Redactor, SecretDocument};
use secrecy::zeroize::Zeroizing;

/// Each secret is a secret of the repository.
#[derive(Debug)]
pub(super) struct GithubActionsSecretStore {
    spec: ReadyMade,
    repository: String,
    environment: Option<String>,
    tool: Tool,
}

impl GithubActionsSecretStore {
    pub(super) fn new(
        spec: &ReadyMade,
        repository: &str,
        environment_of: Option<&String>,
        environment: &Environment,
        redactor: &Redactor,
    ) -> Self {
        let tool = Tool::new(spec, environment, redactor, cause);
        Self {
            spec: spec.clone(),
            repository: repository.to_owned(),
            environment: environment_of.cloned(),
            // `gh secret delete` of version 2.23 goes to the usual host, whatever the
            // repository says.
            tool: match host(repository) {
                Some(host) => tool.with_variable("GH_HOST", host),
                None => tool,
            },
        }
    }

    fn entry(&self, key: &str) -> Result<String, StoreError> {
        self.spec.entry(key).map_err(|source| StoreError::BadKey {
            key: key.to_owned(),
            source,
        })
    }

    fn secret(&self, operation: &str, entry: &str) -> Vec<String> {
        let mut call = arguments(["secret", operation, entry]);
        call.push(format!("--repo={}", self.repository));
        let environment = self.environment.iter();
        call.extend(environment.map(|environment| format!("--env={environment}")));
        call
    }

    async fn write(&self, key: &str, text: &[u8]) -> Result<(), StoreError> {
        let entry = self.entry(key)?;
        self.tool
            .give(&self.secret("set", &entry), Input::Text(text))
            .await
    }

    /// Reads the public key that secrets are encrypted with. GitHub has no request that
    /// shows whether they may be written, too.
    async fn check(&self, key: &str) -> Result<(), StoreError> {
        self.entry(key)?;
        let (host, repository) = match self.repository.split('/').collect::<Vec<_>>().as_slice() {
            [host, owner, name] => (
                Some(format!("--hostname={host}")),
                format!("{owner}/{name}"),
            ),
            _ => (None, self.repository.clone()),
        };
        let path = match &self.environment {
            Some(environment) => {
                format!(
                    "repos/{repository}/environments/{}/secrets/public-key",
                    percent(environment)
                )
            }
            None => format!("repos/{repository}/actions/secrets/public-key"),
        };
        let mut ask = arguments(["api", &path, "--silent"]);
        ask.extend(host);
        match self.tool.run(&ask, Input::None).await {
            Ok(_) => Ok(()),
            Err(failed) => Err(failed.error),
        }
    }

    /// GitHub answers 404 both for what is gone and for what the caller may not see. So
    /// the public key shows first that the caller sees the secrets.
    async fn remove(&self, key: &str) -> Result<(), StoreError> {
        self.check(key).await?;
        let entry = self.entry(key)?;
        match self
            .tool
            .run(&self.secret("delete", &entry), Input::None)
            .await
        {
            Ok(_)
            | Err(Failed {
                cause: Cause::Absent,
                error: _,
            }) => Ok(()),
            Err(failed) => Err(failed.error),
        }
    }
}

/// The host of a repository that names one.
fn host(repository: &str) -> Option<&str> {
    match repository.split('/').collect::<Vec<_>>().as_slice() {
        [host, _, _] => Some(host),
        _ => None,
    }
}

/// A name as a part of a path.
fn percent(name: &str) -> String {
    let mut part = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            part.push(char::from(byte));
        } else {
            part.push('%');
            for digit in [byte >> 4, byte & 15] {
                part.extend(char::from_digit(u32::from(digit), 16));
            }
        }
    }
    part
}

/// `gh` exits with 1 for every failure, and with 4 where it is not signed in.
fn cause(code: i32, text: &str) -> Cause {
    if code == 4 || says(text, &["HTTP 401", "HTTP 403", "gh auth login"]) {
        Cause::NotAllowed
    } else if says(text, &["HTTP 404"]) {
        Cause::Absent
    } else {
        Cause::Other
    }
}

impl Store for GithubActionsSecretStore {
    fn get<'a>(&'a self, _: &'a str) -> Answer<'a, Option<SecretDocument>> {
        Box::pin(async { Err(StoreError::WriteOnly) })
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
