//! Asks for approval before anything is changed.

use crate::failure::Failure;
use crate::output::Output;
use std::io::IsTerminal;

/// Asks for approval. Only `yes` approves.
///
/// # Errors
/// Wrong usage without a terminal: such a run needs `--auto-approve`.
pub(crate) fn confirm(output: &mut Output, question: &str) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::Usage {
            message: "cannot ask for approval: standard input is not a terminal".to_owned(),
            help: "review the plan, then run the command again with `--auto-approve`".to_owned(),
        });
    }
    Ok(ask(output, question))
}

/// Asks a person at the terminal. Only `yes` approves.
pub(crate) fn ask(output: &mut Output, question: &str) -> bool {
    output.ask(&format!("{question} Enter \"yes\" to approve: "));
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    read.is_ok() && answer.trim() == "yes"
}
