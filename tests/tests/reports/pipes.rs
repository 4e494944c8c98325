//! Reports to pipes: a pipe without a reader, or with one that stops, holds nothing up.

use crate::setting::Setting;
use std::process::{Command, Stdio};
use std::time::Duration;

const APPLY: &str = "apply guide --auto-approve";

fn pipe(setting: &Setting) {
    let made = Command::new("mkfifo")
        .arg(setting.world.path("pipe"))
        .status();
    assert!(made.unwrap().success());
}

/// Runs in time, whatever the pipe does.
fn run(setting: &Setting, words: &str) -> tests::Run {
    let all: Vec<&str> = APPLY.split(' ').chain(words.split(' ')).collect();
    let mut child = setting
        .world
        .command()
        .args(&all)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (ended, waits) = std::sync::mpsc::channel::<()>();
    let id = child.id().to_string();
    let watch = std::thread::spawn(move || {
        if waits.recv_timeout(Duration::from_mins(2)).is_err() {
            let _ = Command::new("kill").args(["-9", &id]).status();
        }
    });
    let _ = child.stdin.take();
    let output = child.wait_with_output().unwrap();
    let _ = ended.send(());
    watch.join().unwrap();
    setting.world.ended(&all, &output)
}

#[test]
fn events_to_a_pipe_that_nothing_reads_are_refused_before_anything_is_changed() {
    let setting = Setting::new();
    pipe(&setting);
    let run = run(&setting, "--events pipe").exits(1);
    assert!(
        run.stderr.contains("a pipe that no program reads"),
        "{}",
        run.shown()
    );
    assert_eq!(setting.tenant.writes(), Vec::<String>::new());
}

#[test]
fn a_report_to_a_pipe_that_nothing_reads_is_lost_and_not_the_run() {
    for words in ["--out json=pipe", "--record pipe"] {
        let setting = Setting::new();
        pipe(&setting);
        let run = run(&setting, words).exits(1);
        assert!(
            run.stderr.contains("a pipe that no program reads"),
            "{}",
            run.shown()
        );
        let _ = run.says("Applied: ");
    }
}

#[test]
fn what_a_program_reads_of_a_pipe_is_whole() {
    for words in ["--events pipe", "--out json=pipe"] {
        let setting = Setting::new();
        pipe(&setting);
        let reader = Command::new("cat")
            .arg(setting.world.path("pipe"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // Opening without waiting needs the reader to be there.
        std::thread::sleep(Duration::from_millis(500));
        let _ = run(&setting, words).exits(0);
        let read = String::from_utf8(reader.wait_with_output().unwrap().stdout).unwrap();
        if words.starts_with("--events") {
            assert!(read.lines().last().unwrap().contains("runEnded"), "{read}");
        } else {
            let report: serde_json::Value = serde_json::from_str(&read).unwrap();
            assert_eq!(report["ending"], "verified");
        }
    }
}

#[test]
fn a_reader_that_goes_away_loses_the_events_and_not_the_run() {
    let setting = Setting::new();
    pipe(&setting);
    let reader = Command::new("head")
        .args(["-c", "10"])
        .arg(setting.world.path("pipe"))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(500));
    let run = run(&setting, "--events pipe").exits(1);
    assert!(
        run.stderr.contains("cannot write all events"),
        "{}",
        run.shown()
    );
    let _ = run.says("Applied: ");
    let _ = reader.wait_with_output().unwrap();
}
