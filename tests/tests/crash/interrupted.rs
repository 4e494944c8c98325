//! Ctrl-C.

use crate::setting::Setting;
use jiff::SignedDuration;
use simulator::{ClockMode, Config};
use std::process::{Child, Output};
use std::time::{Duration, Instant};

/// Sends SIGINT, as Ctrl-C at a terminal does.
fn interrupt(child: &Child) {
    let id = i32::try_from(child.id()).unwrap();
    let process = rustix::process::Pid::from_raw(id).unwrap();
    rustix::process::kill_process(process, rustix::process::Signal::INT).unwrap();
}

/// Interrupts an apply in which this request is in flight and is answered a
/// little later.
fn interrupted_during(setting: &Setting, operation: &str) -> Output {
    let child = setting.apply_with_pause(operation, 300);
    let output = interrupted(child);
    setting.faults([]);
    output
}

/// What an apply says that is interrupted, and soon ends.
fn interrupted(child: Child) -> Output {
    interrupt(&child);
    let began = Instant::now();
    let output = child.wait_with_output().unwrap();
    assert!(began.elapsed() < Duration::from_secs(5), "it did not stop");
    output
}

#[test]
fn what_is_in_flight_is_finished_and_the_rest_is_never_tried() {
    let setting = Setting::new();
    let output = interrupted_during(&setting, "createSourceV1");
    let (stdout, stderr) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert_eq!(output.status.code(), Some(3), "{stdout}{stderr}");
    assert!(
        stderr.contains("  done source/Service Accounts"),
        "{stderr}"
    );
    assert!(
        stderr.contains("interrupted: run `steersman apply guide` again to continue"),
        "{stderr}"
    );
    for address in [
        "schema/Service Accounts",
        "account/SA-001",
        "profile/Service Accounts",
        "processing/Service Accounts",
        "invitation/SA-001",
        "levels/SA-001",
    ] {
        let line = stdout
            .lines()
            .find(|line| line.contains("not attempted") && line.contains(address));
        assert!(line.is_some(), "{address} in\n{stdout}");
    }
    let _ = setting.converges();
    assert_eq!(setting.tenant.count("createSourceV1"), 1);
}

#[test]
fn a_token_that_is_being_minted_is_delivered() {
    let setting = Setting::enrolled();
    let output = interrupted_during(&setting, "createPersonalAccessTokenV1");
    let stdout = String::from_utf8(output.stdout).unwrap();
    // It was the last step, so only the verification was not begun.
    assert_eq!(output.status.code(), Some(3), "{stdout}");
    assert!(stdout.contains("1 step done"), "{stdout}");
    setting.is_settled();
}

#[test]
fn a_wait_for_identities_is_given_up() {
    let setting = Setting::with(Config {
        clock: ClockMode::Manual,
        ..Config::default()
    });
    let child = setting.apply_until_asked("getTaskStatusV1", 1);
    // The import ends, and no time is left for identities to come of it.
    let simulator = setting.tenant.simulator();
    simulator.advance(SignedDuration::from_secs(4)).unwrap();
    let patience = Instant::now() + Duration::from_secs(20);
    while setting.tenant.count("listAccountsV1") < 4 {
        assert!(Instant::now() < patience, "identities are not waited for");
        std::thread::sleep(Duration::from_millis(2));
    }
    let output = interrupted(child);
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(3), "{stdout}");
    for text in [
        "failed processing/Service Accounts: stopped while waiting: no identity yet for audit01",
        "skipped levels/SA-001",
    ] {
        assert!(stdout.contains(text), "{stdout}");
    }
}
