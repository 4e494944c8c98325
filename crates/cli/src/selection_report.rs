//! Words that select nothing.

use crate::failure::Failure;
use model::Plan;

/// Refuses words that select or except nothing.
///
/// # Errors
/// Wrong usage, with what was probably meant.
pub(crate) fn refuse_unmatched(plan: &Plan) -> Result<(), Failure> {
    let unmatched = plan
        .selection
        .as_ref()
        .map_or(&[][..], |report| report.unmatched.as_slice());
    if unmatched.is_empty() {
        return Ok(());
    }
    let words: Vec<String> = unmatched
        .iter()
        .map(|one| format!("`{}`", one.pattern))
        .collect();
    let meant: Vec<String> = unmatched
        .iter()
        .filter_map(|one| Some(format!("`{}`", one.did_you_mean.as_ref()?)))
        .collect();
    Err(Failure::Usage {
        message: format!(
            "nothing that is declared, planned or reported matches {}",
            words.join(", ")
        ),
        help: if meant.is_empty() {
            "--only and --except take an account's id or name, an address such as levels/SA-001, or kind:levels".to_owned()
        } else {
            format!("did you mean {}?", meant.join(", "))
        },
    })
}
