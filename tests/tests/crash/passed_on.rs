//! Tokens that pass on their places, killed at each request: both always have a secret that
//! works, and the next apply goes on.

use crate::setting::{Setting, rule};
use serde_json::Value;
use simulator::{Fault, FaultRule};

const FILE: &str = "guide/steersman.yaml";
const OWN: &str = "key: audit01/monthly-report}";
const PLACES: [&str; 3] = ["monthly-report", "b", "free"];
const CREATE: &str = "createPersonalAccessTokenV1";
const RENAME: &str = "patchPersonalAccessTokenV1";
const LIST: &str = "listPersonalAccessTokensV1";

/// Two tokens were delivered; now the first takes the place of the second.
fn moving() -> Setting {
    let setting = Setting::enrolled();
    let second = "      - {name: b, scopes: [sp:report:read], expires: 90d, deliver: {store: local, key: audit01/b}}";
    setting
        .world
        .replace(FILE, OWN, &format!("{OWN}\n{second}"));
    let _ = setting.apply().exits(0);
    setting.world.replace(FILE, "audit01/b}", "audit01/free}");
    setting.world.replace(FILE, OWN, "key: audit01/b}");
    setting
}

/// Whose secrets the places hold. Each of them signs in.
fn holders(setting: &Setting) -> Vec<String> {
    let paths = PLACES.map(|place| format!(".steersman/secrets/audit01/{place}"));
    let there = paths
        .iter()
        .filter(|path| setting.world.path(path).exists());
    let mut names: Vec<String> = there
        .map(|path| {
            let document: Value = serde_json::from_str(&setting.world.read(path)).unwrap();
            let text = |key: &str| document[key].as_str().unwrap();
            let signed_in = setting
                .tenant
                .sign_in(text("clientId"), text("clientSecret"));
            assert!(!signed_in.is_empty());
            text("token").to_owned()
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn tokens_that_pass_on_their_places_are_never_without_a_secret() {
    let (setting, requests) = {
        let setting = moving();
        let before = [CREATE, RENAME, LIST].map(|operation| setting.tenant.count(operation));
        let _ = setting.apply().exits(0);
        let after = [CREATE, RENAME, LIST].map(|operation| setting.tenant.count(operation));
        (setting, [0, 1, 2].map(|at| after[at] - before[at]))
    };
    assert_eq!(holders(&setting), ["b", "monthly-report"]);
    assert!(requests[0] == 2 && requests[1] == 2, "{requests:?}");
    let points = [CREATE, RENAME, LIST].into_iter().zip(requests);
    for (operation, count) in points {
        for number in 1..=count {
            let setting = moving();
            setting.faults([FaultRule {
                skip: number - 1,
                ..rule(
                    operation,
                    Fault::Slow {
                        milliseconds: 60_000,
                    },
                    1,
                )
            }]);
            let mut child = setting.apply_until_asked(operation, number);
            child.kill().unwrap();
            let _ = child.wait().unwrap();
            setting.faults([]);
            assert_eq!(
                holders(&setting),
                ["b", "monthly-report"],
                "{operation} {number}"
            );
            let _ = setting.apply().exits(0);
            let plan = setting.world.steersman("plan guide --detailed-exitcode");
            let _ = plan.exits(0);
            let holds = |place: &str| {
                let path = format!(".steersman/secrets/audit01/{place}");
                let document: Value = serde_json::from_str(&setting.world.read(&path)).unwrap();
                document["token"].as_str().unwrap().to_owned()
            };
            assert_eq!(["b", "free"].map(holds), ["monthly-report", "b"]);
        }
    }
}
