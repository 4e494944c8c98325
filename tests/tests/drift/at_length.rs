//! `watch` for many rounds: its memory stays, and no round sends more than a plan.

use crate::setting::Setting;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

/// Resident memory of a process in KiB; none where the system does not say.
fn memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Runs so many rounds, with all that a round can write, and judges them.
fn rounds(count: usize) {
    let setting = Setting::new();
    // A difference of each kind of report: what differs is found again in each round.
    setting.put_row("SA-001", "audit01", "By hand");
    let before = setting.requests();
    let _ = setting.world.steersman("plan guide").exits(0);
    let of_plan = setting.requests() - before;
    setting.tenant.simulator().clear_requests();
    let words = "watch guide --every 0s --record record.json --metrics metrics.prom --out json=drift.json --out html=drift.html --listen 127.0.0.1:0";
    let mut child = setting
        .world
        .command()
        .args(words.split(' '))
        .args(["--rounds", &count.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let process = child.id();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let ended = lines
        .map_while(Result::ok)
        .filter(|line| line.contains("1 drift (1 tenant)"));
    let mut samples: Vec<(usize, u64)> = Vec::new();
    let (mut done, mut most, mut sent) = (0, 0, 0);
    let every = (count / 20).max(1);
    for _ in ended {
        done += 1;
        if done % every == 0 {
            samples.extend(memory(process).map(|memory| (done, memory)));
            // The simulator's log is bounded, so it is counted in parts.
            let new = setting.requests();
            setting.tenant.simulator().clear_requests();
            sent += new;
            most = most.max(new);
        }
    }
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert_eq!(done, count);
    // A sample is taken while the next round runs.
    assert!(
        most <= of_plan * (every + 1),
        "{most} requests in {every} rounds, a plan sends {of_plan}"
    );
    println!("{count} rounds, {sent} requests; a plan sends {of_plan}");
    println!("memory in KiB after rounds: {samples:?}");
    // After a fifth, everything that grows once has grown.
    let settled: Vec<&(usize, u64)> = samples
        .iter()
        .filter(|(done, _)| *done >= count / 5)
        .collect();
    let (Some(first), Some(last)) = (settled.first(), settled.last()) else {
        println!("skipped: the memory, because this system has no /proc");
        return;
    };
    // 2 MiB for the allocator, and 100 bytes a round.
    let allowed = 2_048 + u64::try_from(count).unwrap() / 10;
    assert!(last.1 <= first.1 + allowed, "{samples:?}");
}

#[test]
fn memory_and_requests_of_watch_stay_in_a_sample_of_its_rounds() {
    rounds(200);
}

/// Run it with
/// `STEERSMAN_WATCH_ROUNDS=10000 cargo test -p tests --test drift -- --ignored --nocapture watch_at_length`.
#[test]
#[ignore = "takes a quarter of an hour"]
fn shown_by_2_watch_at_length() {
    let count = std::env::var("STEERSMAN_WATCH_ROUNDS").ok();
    rounds(count.and_then(|count| count.parse().ok()).unwrap_or(10_000));
}
