//! Record of a replacement in the journal: the intent before, the conclusion after.

use super::tools::Tools;
use crate::journal::{Conclusion, MintIntent};
use crate::step_error::{StepError, may_have_happened};
use model::{Address, IssuerReplacement, TenantWrite, error_chain};

/// Writes the intent, acts, and writes how it ended. Without a conclusion the next run
/// looks for the new token.
pub(super) async fn around<T: TenantWrite, V>(
    tools: &Tools<'_, T>,
    replacement: &IssuerReplacement,
    act: impl Future<Output = Result<V, StepError>>,
) -> Result<V, StepError> {
    let new = &replacement.new;
    let address = Address::Issuer(new.account.clone());
    let intent = MintIntent {
        owner: new.identity.clone(),
        token: new.name.clone(),
        deliver: new.deliver.clone(),
        target: tools.stores.target(&new.deliver),
        since: Some(tools.since),
        declared: Some(new.declared.clone()),
    };
    let id = tools
        .journal
        .intend(&address, intent)
        .map_err(StepError::Journal)?;
    let result = act.await;
    let conclusion = match &result {
        Ok(_) => Some(Conclusion::Done),
        // It may have been delivered, or live without being delivered.
        Err(StepError::Orphan(_)) => None,
        Err(StepError::Tenant(error)) if may_have_happened(error) => None,
        Err(error) => {
            let why = error.chain();
            Some(Conclusion::Failed(
                tools.stores.redactor().redact(&why).into_owned(),
            ))
        }
    };
    if let Some(conclusion) = conclusion
        && let Err(error) = tools.journal.conclude(id, &conclusion)
    {
        let error = error_chain(&error);
        (tools.notice)(format!("cannot write the result to the journal: {error}"));
    }
    result
}
