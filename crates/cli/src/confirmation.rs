//! Asking before something is changed.

use crate::failure::Failure;
use crate::output::Output;
use std::io::IsTerminal;

/// Asks whether to go on. Only `yes` does.
///
/// # Errors
/// Wrong usage where nobody can answer: a run without a terminal says
/// `--auto-approve`.
pub(crate) fn confirm(output: &mut Output, question: &str) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::Usage {
            message: "there is no terminal to ask for consent at".to_owned(),
            help: "look at the plan with `steersman plan`, then run apply with --auto-approve"
                .to_owned(),
        });
    }
    output.ask(&format!("{question} Only \"yes\" is taken for consent: "));
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    Ok(read.is_ok() && answer.trim() == "yes")
}
