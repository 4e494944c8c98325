//! What the record of an apply holds: who, when, where, what, and ISC's tracking ids.

use crate::setting::Setting;
use serde_json::{Value, json};
use simulator::Fault;

const APPLY: &str = "apply guide --auto-approve --record record.json";

fn ids(step: &Value) -> Vec<&str> {
    let ids = step["trackingIds"].as_array().unwrap().iter();
    ids.map(|id| id.as_str().unwrap()).collect()
}

#[test]
fn a_record_says_who_when_where_what_and_from_which_commit() {
    let setting = Setting::new();
    let commit = "0123456789abcdef0123456789abcdef01234567";
    setting.world.write(".git/HEAD", commit);
    let _ = setting
        .world
        .steersman("plan guide --out json=plan.json")
        .exits(0);
    let plan = setting.json("plan.json");
    let _ = setting.world.steersman(APPLY).exits(0);
    let record = setting.json("record.json");
    assert_eq!(record["who"]["name"], "jane.doe");
    assert_eq!(record["who"]["clientId"], simulator::ADMIN_CLIENT_ID);
    let identity = setting
        .tenant
        .simulator()
        .with_tenant(|tenant| tenant.find_person("jane.doe"));
    assert_eq!(record["who"]["identity"], identity.unwrap());
    assert_eq!(record["commit"], json!({"state": "known", "id": commit}));
    let run = &record["run"];
    assert_eq!(run["tenant"], plan["tenant"]);
    assert_eq!(run["specDigest"], plan["specDigest"]);
    let digest = |value: &Value| {
        let text = value.as_str().unwrap();
        assert_eq!(text.len(), 64, "{text}");
    };
    digest(&run["specDigest"]);
    digest(&run["planDigests"][0]);
    for time in ["startedAt", "endedAt"] {
        let time: jiff::Timestamp = run[time].as_str().unwrap().parse().unwrap();
        assert!(time <= jiff::Timestamp::now());
    }
}

#[test]
fn each_step_that_writes_has_isc_s_tracking_ids_and_a_failed_one_that_of_its_error() {
    let setting = Setting::new();
    setting.faults(&[("patchAuthUserV1", Fault::Status { status: 403 }, 0, None)]);
    let _ = setting.world.steersman(APPLY).exits(3);
    let record = setting.json("record.json");
    let steps = record["run"]["steps"].as_array().unwrap();
    assert!(steps.len() > 4, "{record:#}");
    for step in steps {
        let ids = ids(step);
        if step["result"] == "failed" {
            let error = step["error"].as_str().unwrap();
            assert!(ids.iter().any(|id| error.contains(id)), "{step:#}");
        } else {
            // Processing that ISC has begun by itself is waited for, and not written.
            let writes = !step["address"].as_str().unwrap().starts_with("processing/");
            assert!(!writes || !ids.is_empty(), "{step:#}");
            let is_id =
                |id: &&str| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(ids.iter().all(is_id), "{step:#}");
        }
    }
    let shown = setting.world.steersman("show record.json").exits(0).shown();
    assert!(shown.contains("tracking"), "{shown}");
}
