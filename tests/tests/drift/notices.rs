//! Notices and metrics of drift over several runs: each cause once, and its end once.

use crate::setting::Setting;
use serde_json::Value;
use tests::receiver::Receiver;

const CANARY: &str = "/hooks/T000/canary-of-the-address";
const DRIFT: &str =
    "drift guide --record record.json --metrics steersman.prom --notify webhook=${HOOK}";

fn events(receiver: &Receiver) -> Vec<String> {
    let received = receiver.take();
    let event = |body: &str| {
        let notice: Value = serde_json::from_str(body).unwrap();
        let causes = notice["causes"].as_array().unwrap();
        let ids = causes.iter().map(|cause| cause["id"].as_str().unwrap());
        let words = [notice["event"].as_str().unwrap()].into_iter().chain(ids);
        words.collect::<Vec<_>>().join(" ")
    };
    received
        .iter()
        .map(|received| event(&received.body))
        .collect()
}

#[test]
fn each_drift_is_sent_once_and_its_end_once_also_if_a_run_fails_between() {
    let mut setting = Setting::new();
    let receiver = Receiver::start();
    let address = receiver.at(CANARY);
    setting
        .world
        .set([("STEERSMAN_VAR_HOOK".to_owned(), address)]);
    let variables = setting.tenant.variables();
    let secret = variables
        .iter()
        .find(|(name, _)| name == "SAIL_CLIENT_SECRET");
    let secret = secret.unwrap().clone();

    let _ = setting.world.steersman(DRIFT).exits(0);
    assert_eq!(events(&receiver), [""; 0]);
    setting.put_row("SA-001", "audit01", "Another purpose");
    let run = setting.world.steersman(DRIFT).exits(2);
    assert_eq!(
        events(&receiver),
        ["drift drift/account/SA-001"],
        "{}",
        run.shown()
    );
    let metrics = setting.world.read("steersman.prom");
    let series = "command=\"drift\",kind=\"account\",cause=\"tenant\"} 1.0";
    assert!(metrics.contains(series), "{metrics}");
    let _ = setting.world.steersman(DRIFT).exits(2);
    assert_eq!(events(&receiver), [""; 0]);
    // A run that reads nothing says so, once; the drift is neither repeated nor over.
    setting.world.set([(secret.0.clone(), "0".repeat(64))]);
    let _ = setting.world.steersman(DRIFT).exits(6);
    assert_eq!(events(&receiver), ["failure failure/drift/run/6"]);
    let _ = setting.world.steersman(DRIFT).exits(6);
    assert_eq!(events(&receiver), [""; 0]);
    setting.world.set([secret]);
    let _ = setting.world.steersman(DRIFT).exits(2);
    assert_eq!(events(&receiver), ["recovery failure/drift/run/6"]);
    // Another change of the same object is another cause.
    setting.put_row("SA-001", "audit01", "A third purpose");
    let _ = setting.world.steersman(DRIFT).exits(2);
    assert_eq!(events(&receiver), ["drift drift/account/SA-001"]);
    setting.apply();
    let run = setting.world.steersman(DRIFT).exits(0);
    assert_eq!(
        events(&receiver),
        ["recovery drift/account/SA-001"],
        "{}",
        run.shown()
    );
    for (path, text) in setting.world.everything_written() {
        assert!(
            !text.contains("canary-of-the-address"),
            "{}",
            path.display()
        );
    }
}
