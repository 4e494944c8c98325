//! Rejects `--only` and `--except` patterns that match nothing.

use crate::failure::Failure;
use model::Plan;

/// Refuses a plan with a pattern that matches nothing.
///
/// # Errors
/// Wrong usage, with the nearest names.
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
            "no declared, planned or reported object matches {}",
            words.join(", ")
        ),
        help: if meant.is_empty() {
            "use the id or name of an account, an address such as levels/SA-001, or a kind such as kind:levels".to_owned()
        } else {
            format!("did you mean {}?", meant.join(", "))
        },
    })
}
