//! Many accounts: one after the other, interrupted, and continued.

use crate::setting::{MANAGE, Setting};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

#[test]
fn twenty_accounts_are_enrolled_interrupted_and_continued() {
    let mut setting = Setting::many(20);
    let _ = setting.configure_client(&json!({}));
    let mut run = setting.start("enroll --all accounts --no-browser --format json");
    for number in 1..=7 {
        let (status, page) = run.sign_in(&format!("robot{number:02}"));
        assert_eq!(status, 200, "{page}");
    }
    let _ = run.link();
    let process = i32::try_from(run.child.id()).unwrap();
    kill_process(Pid::from_raw(process).unwrap(), Signal::INT).unwrap();
    let run = run.ended().exits(3);
    let answer: Value = serde_json::from_str(&run.stdout).unwrap();
    let names = |answer: &Value, key: &str| -> Vec<String> {
        let rows = answer[key].as_array().unwrap().iter();
        rows.map(|row| row["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let robots = |numbers: std::ops::RangeInclusive<usize>| -> Vec<String> {
        numbers.map(|number| format!("robot{number:02}")).collect()
    };
    assert_eq!(answer["interrupted"], true);
    assert_eq!(names(&answer, "enrolled"), robots(1..=7));
    assert_eq!(names(&answer, "left"), robots(8..=20));
    assert!(
        run.stderr.contains("7 enrolled, 13 left"),
        "{}",
        run.shown()
    );
    let status = setting.world.steersman("status accounts --full").exits(0);
    assert!(
        status.stdout.matches("enroll").count() >= 13,
        "{}",
        status.shown()
    );

    let mut run = setting.start("enroll --all accounts --no-browser --format json");
    // The ninth account's holder is asked for, and another one signs in.
    for number in 8..=20 {
        let who = if number == 9 { 10 } else { number };
        let _ = run.sign_in(&format!("robot{who:02}"));
    }
    let run = run.ended().exits(3);
    let answer: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(names(&answer, "failed"), ["robot09"]);
    assert_eq!(names(&answer, "enrolled").len(), 12);

    let mut run = setting.start("enroll --all accounts --no-browser");
    let _ = run.sign_in("robot09");
    let _ = run.ended().exits(0).says("1 enrolled");
    let run = setting
        .world
        .steersman("enroll --all accounts --no-browser");
    let _ = run.exits(0).says("0 enrolled");
    let _ = setting
        .world
        .steersman("apply accounts --auto-approve")
        .exits(0);
    let _ = setting
        .world
        .steersman("plan accounts --detailed-exitcode")
        .exits(0);
}

#[test]
fn many_tokens_come_on_standard_input() {
    let setting = Setting::many(5);
    let line = |name: &str, id: &str, secret: &str| {
        json!({"account": name, "clientId": id, "clientSecret": secret}).to_string()
    };
    let tokens: Vec<String> = (1..=4)
        .map(|number| {
            let name = format!("robot{number:02}");
            // The third is the fourth's, by mistake.
            let owner = if number == 3 { "robot04" } else { &name };
            let (id, secret) = setting.mint(owner, MANAGE, None);
            let simulator = setting.tenant.simulator();
            simulator
                .advance(jiff::SignedDuration::from_secs(1))
                .unwrap();
            line(&name, &id, &secret)
        })
        .collect();
    let words = "enroll --all accounts --paste";
    // A line that is wrong stores nothing of the others.
    let torn = format!("{}\n{}\n", tokens[0], &tokens[1][..60]);
    let run = setting.given(words, &torn).exits(64);
    assert!(
        run.stderr.contains("line 2 of standard input is not JSON"),
        "{}",
        run.shown()
    );
    let unknown = format!(
        "{}\n{}\n",
        tokens[0],
        tokens[1].replace("robot02", "robot99")
    );
    let run = setting.given(words, &unknown).exits(64);
    assert!(run.stderr.contains("`robot99`"), "{}", run.shown());
    assert!(
        !setting
            .world
            .path(".steersman/secrets/robot01/issuer")
            .exists()
    );

    let run = setting.given(words, &tokens.join("\n")).exits(3);
    insta::assert_snapshot!(run.shown());
    // The same lines once more: what is enrolled stays.
    let before = setting.world.read(".steersman/secrets/robot01/issuer");
    let _ = setting.given(words, &tokens.join("\n")).exits(64);
    assert_eq!(
        setting.world.read(".steersman/secrets/robot01/issuer"),
        before
    );
}
