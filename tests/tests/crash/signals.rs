//! Ctrl-C and SIGTERM, once and twice, while something hangs.

use crate::setting::{Setting, rule};
use rustix::process::Signal;
use simulator::{ClockMode, Config, Fault, FaultRule};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// Longer than any test waits.
const FOR_EVER: u64 = 120_000;

fn send(child: &Child, signal: Signal) {
    let id = i32::try_from(child.id()).unwrap();
    let process = rustix::process::Pid::from_raw(id).unwrap();
    rustix::process::kill_process(process, signal).unwrap();
}

/// How a run ended, and what it said.
struct Ended {
    code: Option<i32>,
    stdout: String,
    stderr: String,
    took: Duration,
}

impl Ended {
    #[track_caller]
    fn says(&self, text: &str) {
        let all = format!("{}{}", self.stdout, self.stderr);
        assert!(all.contains(text), "{text}:\n{all}");
    }
}

fn ended(child: Child) -> Ended {
    let began = Instant::now();
    let output = child.wait_with_output().unwrap();
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        took: began.elapsed(),
    }
}

/// Nothing with a secret is left beside the stores.
#[track_caller]
fn nothing_is_left(setting: &Setting) {
    for (path, _) in setting.world.everything_written() {
        let name = path.display().to_string();
        assert!(!name.contains(".steersman-"), "{name}");
    }
}

#[test]
fn an_import_that_hangs_is_left_to_isc_after_seconds() {
    for (signal, words) in [
        (
            Signal::INT,
            "Ctrl-C: finishing what is in flight, for at most 20 s; press Ctrl-C again to stop now",
        ),
        (
            Signal::TERM,
            "SIGTERM: finishing what is in flight, for at most 20 s; send it again to stop now",
        ),
    ] {
        let setting = Setting::with(Config {
            clock: ClockMode::Manual,
            ..Config::default()
        });
        let child = setting.apply_until_asked("getTaskStatusV1", 1);
        send(&child, signal);
        let ended = ended(child);
        ended.says(words);
        ended.says("stopped while waiting: import task");
        ended.says("interrupted: run `steersman apply guide` again to continue");
        assert_eq!(ended.code, Some(3), "{}", ended.stderr);
        assert!(ended.took < Duration::from_secs(10), "{:?}", ended.took);
    }
}

#[test]
fn a_second_signal_ends_at_once_and_the_next_apply_converges() {
    let setting = Setting::enrolled();
    let child = setting.apply_with_pause("createPersonalAccessTokenV1", FOR_EVER);
    send(&child, Signal::INT);
    std::thread::sleep(Duration::from_millis(300));
    send(&child, Signal::TERM);
    let ended = ended(child);
    assert_eq!(ended.code, Some(143), "{}", ended.stderr);
    assert!(ended.took < Duration::from_secs(3), "{:?}", ended.took);
    ended.says("SIGTERM: stopped now; what was in flight may have taken effect");
    nothing_is_left(&setting);
    setting.faults([]);
    let _ = setting.converges();
}

#[test]
fn what_does_not_end_in_time_is_abandoned_with_a_report() {
    let setting = Setting::new();
    let child = setting.apply_with_pause("importAccountsV1", FOR_EVER);
    send(&child, Signal::TERM);
    let ended = ended(child);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.took < Duration::from_secs(26), "{:?}", ended.took);
    ended.says("abandoned, because it did not end in time after the stop");
    ended.says("skipped levels/SA-001");
    setting.faults([]);
    let _ = setting.converges();
}

#[test]
fn verification_ends_at_the_first_signal() {
    let setting = Setting::enrolled();
    // The plan's is the first one.
    setting.faults([FaultRule {
        skip: 1,
        ..rule(
            "listSourcesV1",
            Fault::Slow {
                milliseconds: FOR_EVER,
            },
            1,
        )
    }]);
    let child = setting.apply_until_asked("listSourcesV1", 2);
    send(&child, Signal::INT);
    let ended = ended(child);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.took < Duration::from_secs(3), "{:?}", ended.took);
    ended.says("interrupted: applied, but not verified");
    setting.faults([]);
    setting.is_settled();
}

#[test]
fn a_command_that_only_reads_ends_at_once() {
    let setting = Setting::new();
    for (words, signal, code, told) in [
        (
            "plan guide",
            Signal::INT,
            130,
            "Ctrl-C: stopped; nothing was changed",
        ),
        (
            "status guide",
            Signal::TERM,
            143,
            "SIGTERM: stopped; nothing was changed",
        ),
        // Before the first write.
        (
            "apply guide --auto-approve",
            Signal::INT,
            130,
            "Ctrl-C: stopped; nothing was changed",
        ),
    ] {
        let hang = Fault::Slow {
            milliseconds: FOR_EVER,
        };
        setting.faults([rule("listSourcesV1", hang, 1)]);
        let before = setting.tenant.count("listSourcesV1");
        let child = setting
            .world
            .command()
            .args(words.split(' '))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let patience = Instant::now() + Duration::from_secs(20);
        while setting.tenant.count("listSourcesV1") == before {
            assert!(Instant::now() < patience, "{words}");
            std::thread::sleep(Duration::from_millis(2));
        }
        send(&child, signal);
        let ended = ended(child);
        assert_eq!(ended.code, Some(code), "{words}: {}", ended.stderr);
        assert!(ended.took < Duration::from_secs(3), "{:?}", ended.took);
        ended.says(told);
    }
}
