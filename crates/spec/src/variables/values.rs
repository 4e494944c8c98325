//! Values of variables, by where they come from, and which of them wins.

use std::collections::BTreeMap;
use std::fmt;

/// What the name of an environment variable begins with whose value files may use.
const PREFIX: &str = "STEERSMAN_VAR_";

/// The variables that a spec may use, put together by the caller from the
/// command line and the environment. Those of `--var` win over those of a
/// `--var-file`, those over `STEERSMAN_VAR_NAME`, and those over `variables:`.
#[derive(Clone, Default)]
pub struct Variables {
    given: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
    prefixed: BTreeMap<String, String>,
    declared: BTreeMap<String, String>,
    /// The environment. Only the fields of `tenant` may name its variables.
    environment: BTreeMap<String, String>,
    mocked: bool,
}

/// Who gave a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Giver {
    /// Who runs steersman, on the command line or in the environment.
    Operator,
    /// Who wrote the files: `variables:`.
    Files,
    /// Who wrote the reference, with a default.
    Default,
}

impl Variables {
    /// These variables of the command line and no others.
    pub fn new<N: Into<String>, V: Into<String>>(values: impl IntoIterator<Item = (N, V)>) -> Self {
        Self::default().with(values)
    }

    /// These variables of the command line too; they win over earlier ones of the
    /// same name.
    #[must_use]
    pub fn with<N: Into<String>, V: Into<String>>(
        mut self,
        values: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        self.given.extend(owned(values));
        self
    }

    /// The environment: `STEERSMAN_VAR_NAME` is the value of `${NAME}`. All other
    /// variables can be named by the fields of `tenant` only. An empty one of those
    /// counts as unset, because CI systems set secrets that are withheld to nothing.
    #[must_use]
    pub fn environment<N: Into<String>, V: Into<String>>(
        mut self,
        values: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        for (name, value) in owned(values) {
            if let Some(name) = name.strip_prefix(PREFIX) {
                self.prefixed.insert(name.to_owned(), value);
            } else if !value.is_empty() {
                self.environment.insert(name, value);
            }
        }
        self
    }

    /// Treats unset variables as set to an unknown value, so that a repository can
    /// be checked where its variables are absent.
    #[must_use]
    pub fn mocked(self) -> Self {
        Self {
            mocked: true,
            ..self
        }
    }

    /// Adds the variables of a `--var-file`; a later file wins over an earlier one.
    pub(crate) fn add_file(&mut self, values: impl IntoIterator<Item = (String, String)>) {
        self.files.extend(values);
    }

    /// Adds those of a `variables:` section.
    pub(crate) fn add_declared(&mut self, values: impl IntoIterator<Item = (String, String)>) {
        self.declared.extend(values);
    }

    /// Whether unset variables get an unknown value.
    pub(crate) fn are_mocked(&self) -> bool {
        self.mocked
    }

    /// Whether the environment has a variable of this name, which values cannot read.
    pub(crate) fn is_in_environment(&self, name: &str) -> bool {
        self.environment.contains_key(name)
    }

    /// The value of a variable. `bare` says that it may be any of the environment;
    /// who runs steersman then wins over who wrote the files.
    pub(crate) fn value(&self, name: &str, bare: bool) -> Option<(&str, Giver)> {
        let of = |values: &'_ BTreeMap<String, String>| values.contains_key(name);
        let (values, giver) = if of(&self.given) {
            (&self.given, Giver::Operator)
        } else if of(&self.files) {
            (&self.files, Giver::Operator)
        } else if of(&self.prefixed) {
            (&self.prefixed, Giver::Operator)
        } else if bare && of(&self.environment) {
            (&self.environment, Giver::Operator)
        } else {
            (&self.declared, Giver::Files)
        };
        values.get(name).map(|value| (value.as_str(), giver))
    }
}

fn owned<N: Into<String>, V: Into<String>>(
    values: impl IntoIterator<Item = (N, V)>,
) -> impl Iterator<Item = (String, String)> {
    values
        .into_iter()
        .map(|(name, value)| (name.into(), value.into()))
}

// Values may be secrets, so only names are shown.
impl fmt::Debug for Variables {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |values: &BTreeMap<String, String>| values.keys().cloned().collect::<Vec<_>>();
        formatter
            .debug_struct("Variables")
            .field("given", &names(&self.given))
            .field("files", &names(&self.files))
            .field("prefixed", &names(&self.prefixed))
            .field("declared", &names(&self.declared))
            .field("environment", &self.environment.len())
            .field("mocked", &self.mocked)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_runs_steersman_wins_over_who_wrote_the_files() {
        let mut variables = Variables::new([("A", "var")]).environment([
            ("STEERSMAN_VAR_A", "prefixed"),
            ("STEERSMAN_VAR_B", "prefixed"),
            ("STEERSMAN_VAR_C", "prefixed"),
            ("D", "bare"),
            ("E", ""),
        ]);
        variables.add_file(["A", "B"].map(|name| (name.to_owned(), "file".to_owned())));
        let declared = ["A", "B", "C", "D", "E"];
        variables.add_declared(declared.map(|name| (name.to_owned(), "declared".to_owned())));
        for (name, bare, expected) in [
            ("A", false, Some(("var", Giver::Operator))),
            ("B", false, Some(("file", Giver::Operator))),
            ("C", false, Some(("prefixed", Giver::Operator))),
            ("D", false, Some(("declared", Giver::Files))),
            ("D", true, Some(("bare", Giver::Operator))),
            ("E", true, Some(("declared", Giver::Files))),
            ("STEERSMAN_VAR_C", true, None),
            ("F", true, None),
        ] {
            assert_eq!(variables.value(name, bare), expected, "{name} {bare}");
        }
    }

    #[test]
    fn values_are_not_shown() {
        let variables = Variables::new([("A", "one")]).environment([("SECRET", "two")]);
        let shown = format!("{variables:?}");
        assert!(shown.contains("\"A\""), "{shown}");
        assert!(!shown.contains("one") && !shown.contains("two"), "{shown}");
    }
}
