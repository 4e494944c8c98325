//! Growth: planning many new accounts takes time in proportion to their number.

use super::fixtures::{account, empty_tenant, guide};
use super::scenarios::planned;

fn new_accounts(count: usize) -> usize {
    let mut spec = guide();
    spec.accounts = (0..count)
        .map(|number| account(&format!("SA-{number:06}"), &format!("bot{number}")))
        .map(|account| (account.key.clone(), account))
        .collect();
    planned(&spec, &empty_tenant()).steps.len()
}

/// In a debug build this takes seconds; where each row was compared with all before
/// it, it took many minutes. The benchmark `pure` has the numbers.
#[test]
fn planner_16_thirty_thousand_new_accounts_are_planned() {
    assert_eq!(new_accounts(30_000), 3 * 30_000 + 4);
}
