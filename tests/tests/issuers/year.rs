//! The life of an issuer token over a year and more: applies every week, missed weeks,
//! failing runs.

use crate::setting::{ISSUER, REPORT, Setting};
use jiff::SignedDuration;
use simulator::{Fault, FaultRule};
use std::collections::BTreeSet;

#[test]
fn tokens_06_over_a_year_the_stored_issuer_always_works() {
    let setting = Setting::enrolled(", expires: 180d, rotate: {before: 30d}");
    setting.world.replace(
        "guide/steersman.yaml",
        "        expires: 90d\n",
        "        expires: 90d\n        rotate: {before: 21d}\n",
    );
    let pasted = setting.working_issuer();
    let week = SignedDuration::from_hours(7 * 24);
    let (mut issuers, mut signed_in, mut failed) = (BTreeSet::new(), 0, 0);
    for number in 0..60 {
        let before = setting.working_issuer();
        // Each ninth run is missed, and each thirteenth cannot create tokens.
        match number {
            _ if number % 9 == 8 => {}
            _ if number % 13 == 12 => {
                setting.faults([FaultRule {
                    fault: Fault::Status { status: 503 },
                    operations: vec!["createPersonalAccessTokenV1".to_owned()],
                    skip: 0,
                    count: None,
                    probability: None,
                }]);
                let _ = setting.apply();
                setting.faults([]);
                failed += 1;
            }
            _ => {
                let _ = setting.apply().exits(0);
                let stored = setting.working_issuer();
                assert_eq!(setting.issuers(), [stored.as_str()], "week {number}");
            }
        }
        let stored = setting.working_issuer();
        // Never two of them for longer than one run.
        assert!(setting.issuers().len() <= 2, "week {number}");
        assert!(setting.tokens().len() <= 10, "week {number}");
        if number == 0 {
            assert_ne!(stored, pasted, "the pasted secret is not in use any more");
            assert!(!setting.issuers().contains(&pasted));
        }
        if stored != before {
            let document = setting.document(ISSUER);
            assert_eq!(document["replaces"], before.as_str(), "week {number}");
        }
        issuers.insert(stored);
        let report = setting.document(REPORT);
        let text = |key: &str| report[key].as_str().unwrap().to_owned();
        assert!(
            !setting
                .tenant
                .sign_in(&text("clientId"), &text("clientSecret"))
                .is_empty()
        );
        signed_in += 2;
        setting.tenant.simulator().advance(week).unwrap();
    }
    let _ = setting.apply().exits(0);
    setting.is_settled();
    println!(
        "60 weeks: {} issuer tokens after the pasted one, {signed_in} successful sign-ins, {failed} failing runs",
        issuers.len()
    );
    // Enrolled, and replaced after each 150 to 180 days.
    assert!((3..=4).contains(&issuers.len()), "{issuers:?}");
}
