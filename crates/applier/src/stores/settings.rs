//! Settings of the stores that the operator makes, and no file can.

use model::Redactor;
use std::ffi::{OsStr, OsString};
use std::fmt;

/// What the stores get from outside of the files.
#[derive(Clone, Debug)]
pub struct StoreSettings {
    /// The tenant whose secrets the stores keep.
    pub tenant: SecretsOf,
    /// Which stores may be asked, and whether the programs that the files name may run.
    pub commands: Commands,
    /// The environment of this process, from which programs get a part.
    pub environment: Environment,
    /// Learns each secret that passes through a store.
    pub redactor: Redactor,
}

/// Whether the programs that the files name may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commands {
    /// The operator allowed it, outside of the files.
    Allowed,
    /// Nobody allowed it: the stores of programs are not asked.
    NotAllowed,
    /// The operator wants no store asked, not even files.
    NoStore,
}

/// The tenant that the secrets of a run are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretsOf {
    /// The tenant at this API address.
    Tenant(String),
    /// A simulated tenant on loopback, whose address changes from run to run.
    Simulated,
}

impl SecretsOf {
    /// Whether an address in a document is that of this tenant.
    pub(super) fn has(&self, address: &str) -> bool {
        match self {
            Self::Tenant(own) => plain(own) == plain(address),
            Self::Simulated => is_loopback(address),
        }
    }
}

impl fmt::Display for SecretsOf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tenant(address) => formatter.write_str(address.trim_end_matches('/')),
            Self::Simulated => formatter.write_str("a simulated tenant"),
        }
    }
}

fn plain(address: &str) -> String {
    address.trim_end_matches('/').to_ascii_lowercase()
}

fn is_loopback(address: &str) -> bool {
    let Some((_, rest)) = address.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Environment variables. They can be secrets, so they are never printed.
#[derive(Clone, Default)]
pub struct Environment(Vec<(OsString, OsString)>);

impl Environment {
    /// These variables.
    pub fn new(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        Self(variables.into_iter().collect())
    }

    /// The folders that the system looks for programs in.
    pub(super) fn search_path(&self) -> &OsStr {
        self.0
            .iter()
            .find(|(name, _)| name == "PATH")
            .map_or(OsStr::new(""), |(_, value)| value)
    }

    /// What a program gets: the variables that every program needs, and those that
    /// the store names; never a credential of a tenant.
    pub(super) fn of_program(&self, named: &std::collections::BTreeSet<String>) -> Self {
        let passes = |name: &OsStr| {
            let Some(name) = name.to_str() else {
                return false;
            };
            let is_named = |named: &String| match named.strip_suffix('*') {
                Some(beginning) => name.starts_with(beginning),
                None => name == named,
            };
            !is_of_steersman(name) && (is_needed(name) || named.iter().any(is_named))
        };
        let passed = self.0.iter().filter(|(name, _)| passes(name)).cloned();
        Self(passed.collect())
    }

    /// The variables that may hold secrets of `env` stores.
    pub(super) fn of_secrets(&self) -> Self {
        let is_of_secret = |(name, _): &&(OsString, OsString)| {
            name.to_str()
                .is_some_and(|name| name.starts_with(model::SECRET_VARIABLE))
        };
        Self(self.0.iter().filter(is_of_secret).cloned().collect())
    }

    /// The value of a variable.
    pub(super) fn value(&self, name: &str) -> Option<&OsStr> {
        self.0
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_os_str())
    }

    /// These variables, with others instead of those of the same names.
    pub(super) fn with(mut self, fixed: &[(&str, &str)]) -> Self {
        self.0
            .retain(|(name, _)| fixed.iter().all(|(fixed, _)| name != fixed));
        let fixed = fixed
            .iter()
            .map(|(name, value)| (name.into(), value.into()));
        self.0.extend(fixed);
        self
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &(OsString, OsString)> {
        self.0.iter()
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Environment")
    }
}

fn is_of_steersman(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    name.starts_with("SAIL_") || name.starts_with("STEERSMAN_")
}

fn is_needed(name: &str) -> bool {
    if cfg!(windows) {
        let name = name.to_ascii_uppercase();
        return ["PATH", "SYSTEMROOT", "TEMP", "TMP", "USERPROFILE"].contains(&name.as_str());
    }
    ["PATH", "HOME", "LANG", "TMPDIR"].contains(&name) || name.starts_with("LC_")
}

#[cfg(test)]
mod tests {
    use super::{Environment, SecretsOf};

    #[test]
    fn security_h3_programs_get_few_variables() {
        let all = [
            "PATH",
            "HOME",
            "LANG",
            "LC_ALL",
            "TMPDIR",
            "VAULT_TOKEN",
            "GITHUB_TOKEN",
            "SAIL_CLIENT_SECRET",
            "sail_client_secret",
            "STEERSMAN_ALLOW_COMMANDS",
        ];
        let all = Environment::new(all.map(|name| (name.into(), "x".into())));
        let named = ["VAULT_TOKEN", "SAIL_CLIENT_SECRET", "NOT_SET"].map(str::to_owned);
        let passed = all.of_program(&named.into());
        let passed: Vec<_> = passed
            .iter()
            .map(|(name, _)| name.to_str().unwrap())
            .collect();
        assert_eq!(
            passed,
            ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VAULT_TOKEN"]
        );
        assert_eq!(format!("{all:?}"), "Environment");
    }

    #[test]
    fn a_tenant_is_told_by_its_address() {
        let acme = SecretsOf::Tenant("https://acme.api.identitynow.com/".to_owned());
        for (address, is_acme, is_simulated) in [
            ("https://acme.api.identitynow.com", true, false),
            ("https://ACME.api.identitynow.com/", true, false),
            ("https://other.api.identitynow.com", false, false),
            ("http://127.0.0.1:4711", false, true),
            ("http://[::1]:4711/", false, true),
            ("http://localhost:1", false, true),
            ("https://localhost.example.com", false, false),
            ("https://127.0.0.1.example.com", false, false),
            ("127.0.0.1", false, false),
            ("", false, false),
        ] {
            assert_eq!(acme.has(address), is_acme, "{address}");
            assert_eq!(SecretsOf::Simulated.has(address), is_simulated, "{address}");
        }
    }
}
