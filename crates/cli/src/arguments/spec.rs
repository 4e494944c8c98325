//! Arguments that select the files of a spec: paths, variables, allowed codes.

use camino::Utf8PathBuf;
use clap::Args;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use spec::{Code, is_variable_name};

/// The files of the spec, and how they are read.
#[derive(Clone, Debug, Args)]
pub(crate) struct SpecArguments {
    /// Files, or folders with *.yaml and *.yml files; default: this folder
    #[arg(value_name = "PATH")]
    pub(crate) given: Vec<Utf8PathBuf>,
    /// Value for ${NAME} in the files; overrides --var-file; repeatable
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = variable)]
    pub(crate) variables: Vec<(String, String)>,
    /// YAML file with a value for each NAME; repeatable, the last one wins
    ///
    /// Example: `--var-file tenants/prod.vars.yaml`
    ///
    /// Overrides the environment variables `STEERSMAN_VAR_NAME`, and `variables:` in
    /// the files. Other environment variables are not read, except by the fields of
    /// `tenant:`.
    #[arg(long = "var-file", value_name = "FILE")]
    pub(crate) variable_files: Vec<Utf8PathBuf>,
    /// Use a placeholder for each unset variable; validate or --simulate only
    #[arg(long)]
    pub(crate) mock_variables: bool,
    /// Ignore this diagnostic code, for example SM0605; repeatable
    #[arg(long = "allow-code", value_name = "CODE", value_parser = allowed_code)]
    pub(crate) allowed_codes: Vec<Code>,
}

impl SpecArguments {
    /// The paths of the spec: those given, or the current folder.
    pub(crate) fn paths(&self) -> Vec<Utf8PathBuf> {
        if self.given.is_empty() {
            vec![".".into()]
        } else {
            self.given.clone()
        }
    }
}

/// Parses a diagnostic code that may be ignored.
pub(crate) fn allowed_code(text: &str) -> Result<Code, String> {
    let code: Code = text.parse().map_err(|error| format!("{error}"))?;
    if code.can_be_allowed() {
        Ok(code)
    } else {
        Err(format!("{code} cannot be ignored"))
    }
}

/// Parses a variable. The error has no part of a text that may be a secret.
fn variable(text: &str) -> Result<(String, String), String> {
    let Some((name, value)) = text.split_once('=') else {
        return Err("expected NAME=VALUE, and there is no `=`".to_owned());
    };
    if is_variable_name(name) {
        return Ok((name.to_owned(), value.to_owned()));
    }
    Err(
        "the text before `=` is not the name of a variable; a name has letters, digits and `_`, and no digit first"
            .to_owned(),
    )
}

/// Takes the value out of an error about `--var`: it may be a secret whose name was forgotten.
pub(crate) fn withhold_value(error: &mut clap::Error) {
    let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg) else {
        return;
    };
    if error.kind() == ErrorKind::ValueValidation && argument.starts_with("--var ") {
        let withheld = ContextValue::String("(not repeated)".to_owned());
        error.insert(ContextKind::InvalidValue, withheld);
    }
}

#[cfg(test)]
mod tests {
    use super::variable;

    #[test]
    fn a_variable_has_a_name_that_files_can_use() {
        for text in ["A=x", "_a1=", "A=b=c"] {
            assert!(variable(text).is_ok(), "{text}");
        }
        for text in [
            "zqsecret",
            "=zqsecret",
            "A B=zqsecret",
            "1A=zqsecret",
            "A-B=zqsecret",
            "Ä=zqsecret",
        ] {
            let error = variable(text).unwrap_err();
            assert!(!error.contains("zqsecret"), "{error}");
        }
    }
}
