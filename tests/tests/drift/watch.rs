//! `watch`: rounds, health, failures, and the end by a signal.

use crate::setting::Setting;
use simulator::{Fault, FaultRule, Faults};
use std::net::TcpListener;

#[test]
fn each_round_reads_as_much_as_a_drift_and_reads_files_and_record_again() {
    let setting = Setting::new();
    let before = setting.requests();
    let _ = setting.drift("--record record.json", 0);
    let drift = setting.requests() - before;
    let watch = "watch guide --every 0s --rounds 3 --record record.json --out json=watch.json";
    let _ = setting.world.steersman(watch).exits(0);
    // The rounds after the first do not sign in again.
    assert_eq!(setting.requests() - before, 4 * drift - 2);
    setting.put_row("SA-001", "audit01", "By hand");
    let run = setting.world.steersman(watch).exits(2);
    assert_eq!(
        run.stderr.matches("1 drift (1 tenant)").count(),
        3,
        "{}",
        run.shown()
    );
    // The first of the three rounds wrote it into the record.
    let report = setting.json("watch.json");
    assert_eq!(report["drifts"][0]["isNew"], false, "{report:#}");
}

#[test]
fn a_tenant_that_is_down_is_waited_for_and_wrong_files_are_not() {
    let setting = Setting::new();
    setting.tenant.simulator().set_faults(Faults {
        rules: vec![FaultRule {
            fault: Fault::Status { status: 503 },
            operations: vec!["listAccountsV1".to_owned()],
            skip: 0,
            count: Some(2),
            probability: None,
        }],
        seed: 1,
    });
    let watch = "watch guide --every 0s --retries 0 --rounds 4 --record record.json";
    let run = setting.world.steersman(watch).exits(0);
    assert!(run.stderr.contains("partial read: "), "{}", run.shown());
    assert!(
        run.stderr.contains("the next round begins in "),
        "{}",
        run.shown()
    );
    setting
        .world
        .write("guide/steersman.yaml", "steersman: v1\nsources: 1\n");
    let _ = setting.world.steersman("watch guide --every 1h").exits(1);
}

#[test]
fn a_port_that_is_taken_is_an_error_before_the_first_round() {
    let setting = Setting::new();
    let before = setting.requests();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let run = setting
        .world
        .steersman(&format!("watch guide --rounds 1 --listen {address}"))
        .exits(1);
    assert!(
        run.stderr.contains(&format!("cannot listen at {address}")),
        "{}",
        run.shown()
    );
    assert!(run.stderr.contains("another port"), "{}", run.shown());
    assert_eq!(setting.requests(), before);
}

#[cfg(unix)]
#[test]
fn health_is_served_until_a_signal_ends_it_with_0() {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    use std::process::{Command, Stdio};
    let setting = Setting::new();
    let mut child = setting
        .world
        .command()
        .args("watch guide --every 1h --listen 127.0.0.1:0".split(' '))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut next = |what: &str| loop {
        let line = lines.next().unwrap().unwrap();
        if line.contains(what) {
            return line;
        }
    };
    let served = next("serving http://");
    let address = served.split("http://").nth(1).unwrap();
    let address = address.split('/').next().unwrap().to_owned();
    let get = |path: &str| {
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        write!(stream, "GET {path} HTTP/1.0\r\nHost: x\r\n\r\n").unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).unwrap();
        answer.lines().next().unwrap().to_owned()
    };
    assert!(get("/healthz").contains(" 200 "));
    let _ = next("no drift");
    // The round ends a moment after its line.
    let mut tries = 0;
    while !get("/readyz").contains(" 200 ") {
        tries += 1;
        assert!(tries < 10_000, "never ready");
    }
    assert!(get("/nothing").contains(" 404 "));
    let ended = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(ended.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
