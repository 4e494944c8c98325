//! Cells that did not hold once, by what they show.

use crate::table::hold;

#[test]
fn a_wrong_list_after_an_import_does_not_fail_rows_that_are_there() {
    hold("mixed/fault/listAccountsV1/*/empty-list");
}

#[test]
fn a_wrong_list_after_a_mint_does_not_fail_tokens_that_are_there() {
    hold("mixed/fault/listPersonalAccessTokensV1/*/empty-list");
}

#[test]
fn a_wrong_list_after_a_profile_was_created_does_not_fail_it() {
    hold("first/fault/listIdentityProfilesV1/*/empty-list");
}

#[test]
fn a_report_has_the_exit_code_that_the_loss_of_another_leads_to() {
    hold("first/full-report");
}
