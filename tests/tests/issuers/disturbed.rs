//! A replacement that is disturbed: each fault of the simulator at each of its requests,
//! and SIGKILL at each request and each line of the journal.
//!
//! After the disturbed run the store holds an issuer token that works. After the next run
//! there is no other one, and nothing else was touched.

use crate::setting::{REPORT, Setting};
use simulator::{Fault, FaultRule, RequestFilter};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// The requests of a replacement, with how many of the same operation come before in a run.
#[derive(Clone, Debug)]
struct Request {
    operation: String,
    skip: u64,
}

/// The requests that the owner's tokens send in an undisturbed run.
fn requests(setting: &Setting) -> Vec<Request> {
    setting.enroll_again();
    let admin = setting.tenant.simulator().admin_credentials().client_id;
    setting.tenant.simulator().clear_requests();
    let _ = setting.apply().exits(0);
    let all = setting
        .tenant
        .simulator()
        .requests(&RequestFilter::default());
    let mut found: Vec<Request> = Vec::new();
    for (index, request) in all.iter().enumerate() {
        let Some(operation) = &request.operation else {
            continue;
        };
        if request.client.as_deref() == Some(admin.as_str()) {
            continue;
        }
        let same = |other: &&simulator::LoggedRequest| other.operation == request.operation;
        let skip = all[..index].iter().filter(same).count();
        found.push(Request {
            operation: operation.clone(),
            skip: u64::try_from(skip).unwrap(),
        });
    }
    found
}

fn rule(request: &Request, fault: Fault, count: Option<u64>) -> FaultRule {
    FaultRule {
        fault,
        operations: vec![request.operation.clone()],
        skip: request.skip,
        count,
        probability: None,
    }
}

/// Everything that a replacement must not touch.
fn others(setting: &Setting) -> (String, Vec<crate::setting::Token>) {
    let tokens = setting.tokens().into_iter();
    let others = tokens.filter(|token| !token.is_issuer).collect();
    (setting.world.read(REPORT), others)
}

/// Sees that nothing was lost, and that the next run leaves nothing behind.
#[track_caller]
fn recovers(setting: &Setting, case: &str, before: &(String, Vec<crate::setting::Token>)) {
    setting.faults([]);
    let stored = setting.working_issuer();
    assert!(setting.issuers().contains(&stored), "{case}");
    assert!(setting.issuers().len() <= 2, "{case}");
    let _ = setting.apply().exits(0);
    setting.is_settled();
    assert_eq!(&others(setting), before, "{case}");
    let writes = setting.tenant.writes();
    let strange = writes
        .iter()
        .find(|write| !write.contains("/personal-access-tokens/"));
    assert_eq!(strange, None, "{case}: {writes:?}");
}

fn kinds() -> Vec<(&'static str, Fault)> {
    let status = |status| Fault::Status { status };
    vec![
        ("429", Fault::TooManyRequests { retry_after: None }),
        ("403", status(403)),
        ("500", status(500)),
        ("502", status(502)),
        ("503", status(503)),
        ("504", status(504)),
        ("401", Fault::ExpiredToken),
        ("reset-before", Fault::ResetBefore),
        ("reset-after", Fault::ResetAfter),
        ("slow", Fault::Slow { milliseconds: 200 }),
        ("truncated-body", Fault::TruncatedBody),
        ("malformed-json", Fault::MalformedJson),
        ("short-page", Fault::ShortPage),
        ("empty-list", Fault::EmptyList),
        ("short-list", Fault::ShortList),
        ("changing-total", Fault::ChangingTotal),
        ("unstable-order", Fault::UnstableOrder),
    ]
}

/// One of twelve cases; `STEERSMAN_ISSUERS_SEED` chooses which.
#[test]
fn after_a_sample_of_faults_an_issuer_works() {
    let seed = std::env::var("STEERSMAN_ISSUERS_SEED").ok();
    let seed: usize = seed.map_or(5, |seed| seed.parse().unwrap());
    println!("STEERSMAN_ISSUERS_SEED={seed}");
    let counts = disturbed(|case| case % 12 == seed % 12);
    println!("{counts}");
}

#[test]
#[ignore = "runs for minutes: CONTRIBUTING.md has the command"]
fn after_each_fault_at_each_request_an_issuer_works() {
    let counts = disturbed(|_| true);
    println!("{counts}");
}

/// Disturbs the replacement by the faults of these numbers, and returns what was counted.
fn disturbed(is_wanted: impl Fn(usize) -> bool) -> String {
    let setting = Setting::settled("");
    let requests = requests(&setting);
    let before = others(&setting);
    let (mut number, mut cases, mut replaced) = (0, 0, 0);
    for request in &requests {
        for (name, fault) in kinds() {
            // Once, and for as long as the run goes on.
            for count in [Some(1), None] {
                number += 1;
                if !is_wanted(number) {
                    continue;
                }
                let case = format!("{} {} {name} {count:?}", request.operation, request.skip);
                setting.enroll_again();
                let old = setting.working_issuer();
                setting.tenant.simulator().clear_requests();
                setting.faults([rule(request, fault.clone(), count)]);
                let _ = setting.apply();
                setting.faults([]);
                if setting.working_issuer() != old {
                    replaced += 1;
                }
                recovers(&setting, &case, &before);
                cases += 1;
            }
        }
    }
    format!(
        "{} requests, {cases} faults: a working issuer after each, {replaced} replaced at once, no orphan after the next run",
        requests.len()
    )
}

#[test]
fn killed_at_each_request_and_each_line_of_the_journal_an_issuer_works() {
    let setting = Setting::settled("");
    let requests = requests(&setting);
    let before = others(&setting);
    for request in &requests {
        let case = format!("killed at {} {}", request.operation, request.skip);
        setting.enroll_again();
        setting.tenant.simulator().clear_requests();
        let slow = Fault::Slow {
            milliseconds: 600_000,
        };
        setting.faults([rule(request, slow, Some(1))]);
        let mut child = started(&setting);
        until(&mut child, || {
            setting.tenant.count(&request.operation) > request.skip
        });
        killed(child);
        recovers(&setting, &case, &before);
    }
    let lines = || {
        setting
            .world
            .read(".steersman/journal.jsonl")
            .lines()
            .count()
    };
    for line in 1..=2 {
        setting.enroll_again();
        setting.tenant.simulator().clear_requests();
        // The first line of a run says that it begins.
        let wanted = lines() + 1 + line;
        let mut child = started(&setting);
        until(&mut child, || lines() >= wanted);
        killed(child);
        recovers(&setting, &format!("killed at line {line}"), &before);
    }
    println!(
        "killed at {} requests and 2 lines of the journal: a working issuer after each, no orphan after the next run",
        requests.len()
    );
}

fn started(setting: &Setting) -> Child {
    setting
        .world
        .command()
        .args(["apply", "guide", "--auto-approve"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn until(child: &mut Child, reached: impl Fn() -> bool) {
    let patience = Instant::now() + Duration::from_mins(1);
    while !reached() && child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < patience, "it was not reached");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn killed(mut child: Child) {
    let _ = child.kill();
    let _ = child.wait().unwrap();
}
