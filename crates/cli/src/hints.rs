//! The files and options of a run, for the commands that its texts name.

use crate::arguments::SpecArguments;
use model::shell_quoted as quoted;

/// The words that select the same files, each quoted for a shell. A value of a variable can
/// be an address or a key that is never printed.
pub(crate) fn words_of(arguments: &SpecArguments) -> Vec<String> {
    let SpecArguments {
        given,
        variables,
        variable_files,
        mock_variables,
        allowed_codes,
    } = arguments;
    let paths = given.iter().map(|path| quoted(path.as_str()));
    let files = variable_files.iter();
    let files = files.map(|file| format!("--var-file {}", quoted(file.as_str())));
    let variables = variables.iter();
    let variables = variables.map(|(name, _)| format!("--var {}=VALUE", quoted(name)));
    let mocked = mock_variables.then(|| "--mock-variables".to_owned());
    let codes = allowed_codes.iter();
    let codes = codes.map(|code| format!("--allow-code {code}"));
    let words = paths.chain(files).chain(variables).chain(mocked);
    words.chain(codes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_and_have_no_values() {
        let words = words_of(&SpecArguments {
            given: vec!["accounts".into(), "my tenants/test.yaml".into()],
            variables: vec![("A".to_owned(), "b c".to_owned())],
            variable_files: vec!["test.vars.yaml".into()],
            mock_variables: false,
            allowed_codes: Vec::new(),
        });
        let expected = [
            "accounts",
            "'my tenants/test.yaml'",
            "--var-file test.vars.yaml",
            "--var A=VALUE",
        ];
        assert_eq!(words, expected);
    }
}
