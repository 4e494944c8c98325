//! Estimate of the requests and seconds that applying a plan takes.

use model::{Estimate, Operation, Step};
use std::collections::BTreeSet;

/// ISC lets 100 requests through in 10 seconds, and steersman uses 80 % of that.
const REQUESTS_PER_SECOND: u64 = 8;

/// Counts the requests of the steps, the checks before and after each write
/// among them; polling comes on top.
pub fn of(steps: &[Step], read_requests: u64) -> Estimate {
    let mut imports = BTreeSet::new();
    let mut requests = 0;
    for step in steps {
        requests += match &step.operation {
            Operation::ImportRow { source_name, .. } => {
                if imports.insert(source_name) {
                    7
                } else {
                    0
                }
            }
            Operation::CreateSource(_) | Operation::RevokeToken { .. } => 2,
            Operation::UpdateSource { .. }
            | Operation::CreateProfile(_)
            | Operation::UpdateProfile { .. }
            | Operation::SetLevels { .. }
            | Operation::UpdateToken { .. }
            | Operation::Invite { .. } => 3,
            Operation::DefineSchema { .. }
            | Operation::ProcessIdentities { .. }
            | Operation::MintToken(_) => 4,
            Operation::ReplaceToken { .. } => 6,
        };
    }
    Estimate {
        read_requests,
        requests,
        seconds: requests.div_ceil(REQUESTS_PER_SECOND),
    }
}
