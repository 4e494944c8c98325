//! Arguments that select the files of a spec: paths, variables, allowed codes.

use camino::Utf8PathBuf;
use clap::Args;
use spec::Code;

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

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}
