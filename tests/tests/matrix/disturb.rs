//! Runs the apply of a cell, and disturbs it.

use crate::cell::{Asked, Disturbance, Request};
use crate::faults;
use crate::prepared::Prepared;
use crate::run::{APPLY, Ended, JOURNAL, Stage, Started};
use rustix::process::{Pid, Signal, kill_process};
use simulator::{Fault, FaultRule, Faults};
use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Longer than any run takes.
const FOR_EVER: u64 = 600_000;
/// The journal is made as long, so that it alone reaches a limit of the size of files.
const PADDED: usize = 256 * 1024;
/// Between two looks at a run.
const PAUSE: Duration = Duration::from_millis(1);

/// Applies once, disturbed. What disturbs it is gone afterwards.
pub(crate) fn apply(stage: &Stage, prepared: &Prepared, disturbance: &Disturbance) -> Ended {
    let ended = match disturbance {
        Disturbance::Fault(request, kind) => {
            faulty(stage, request, faults_of(kind), Some(1));
            stage.apply()
        }
        Disturbance::Outage(request, kind) => {
            let all = FaultRule {
                operations: Vec::new(),
                ..rule(request, faults_of(kind).remove(0), None)
            };
            // A rule for all requests cannot begin with one of an operation.
            let slow = Fault::Slow { milliseconds: 30 };
            faulty(stage, request, vec![slow], Some(1));
            let mut started = Started::of(stage.command());
            started.until(PAUSE, || is_in_flight(stage, request));
            set(stage, vec![FaultRule { skip: 0, ..all }]);
            started.end()
        }
        Disturbance::KilledAt(request) => {
            let mut started = hanging(stage, request, FOR_EVER);
            started.kill();
            started.end()
        }
        Disturbance::Signal(request, asked) => signal(stage, request, *asked),
        Disturbance::KilledAtLine(line) => {
            let lines = stage.journal_lines() + line;
            let mut started = Started::of(stage.command());
            let pause = Duration::from_micros(200);
            started.until(pause, || stage.journal_lines() >= lines);
            started.kill();
            started.end()
        }
        Disturbance::KilledAfter(part) => {
            let mut started = Started::of(stage.command());
            let moment = prepared.took * *part / 1000;
            let left = moment.saturating_sub(started.elapsed());
            std::thread::sleep(left);
            started.kill();
            started.end()
        }
        Disturbance::TornJournal(byte) => limited(stage, "", pad(stage) + byte),
        Disturbance::FullJournal(byte) => limited(stage, "trap '' XFSZ; ", pad(stage) + byte),
        Disturbance::FullDisk(byte) => limited(stage, "trap '' XFSZ; ", *byte),
        Disturbance::FullReport(file) => full_report(stage, file),
        Disturbance::Store(how) => store(stage, how),
    };
    stage.undisturbed();
    ended
}

fn faults_of(kind: &str) -> Vec<Fault> {
    let kinds = faults::kinds();
    let found = kinds.into_iter().find(|known| known.name == kind);
    found.unwrap().faults
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

fn set(stage: &Stage, rules: Vec<FaultRule>) {
    let faults = Faults { rules, seed: 1 };
    stage.tenant.simulator().set_faults(faults);
}

fn faulty(stage: &Stage, request: &Request, faults: Vec<Fault>, count: Option<u64>) {
    let rules = faults.into_iter().map(|fault| rule(request, fault, count));
    set(stage, rules.collect());
}

fn is_in_flight(stage: &Stage, request: &Request) -> bool {
    stage.tenant.count(&request.operation) > request.skip
}

/// Starts an apply, and answers when this request is in flight: it has had its effect, and
/// is answered later.
fn hanging(stage: &Stage, request: &Request, milliseconds: u64) -> Started {
    faulty(stage, request, vec![Fault::Slow { milliseconds }], Some(1));
    let mut started = Started::of(stage.command());
    started.until(PAUSE, || is_in_flight(stage, request));
    started
}

fn signal(stage: &Stage, request: &Request, asked: Asked) -> Ended {
    let (signal, twice) = match asked {
        Asked::Interrupt => (Signal::INT, false),
        Asked::Terminate => (Signal::TERM, false),
        Asked::InterruptTwice => (Signal::INT, true),
        Asked::TerminateTwice => (Signal::TERM, true),
    };
    let started = hanging(stage, request, if twice { FOR_EVER } else { 150 });
    let process = Pid::from_raw(started.pid()).unwrap();
    // It may have ended already.
    let _ = kill_process(process, signal);
    if twice {
        std::thread::sleep(Duration::from_millis(100));
        let _ = kill_process(process, signal);
    }
    started.end()
}

/// Makes the journal longer by empty lines, which mean nothing; answers its length.
fn pad(stage: &Stage) -> u64 {
    let path = stage.world.path(JOURNAL);
    let mut text = std::fs::read_to_string(path).unwrap_or_default();
    let length = PADDED.saturating_sub(text.len());
    let _ = write!(text, "{}", "\n".repeat(length));
    stage.world.write(JOURNAL, &text);
    u64::try_from(text.len()).unwrap()
}

/// Applies while no file can become longer than so many bytes.
fn limited(stage: &Stage, before: &str, bytes: u64) -> Ended {
    let inner = stage.command();
    let mut command = Command::new("/bin/sh");
    command
        .arg("-c")
        .arg(format!(
            "{before}exec prlimit --core=0 --fsize={bytes}:{bytes} \"$0\" \"$@\""
        ))
        .arg(inner.get_program())
        .args(inner.get_args());
    like(&mut command, &inner);
    Started::of(command).end()
}

/// Runs a command in the folder and with the environment of another one.
fn like(command: &mut Command, other: &Command) {
    command.env_clear();
    for (name, value) in other.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command.current_dir(other.get_current_dir().unwrap());
    command.stdin(std::process::Stdio::null());
}

/// Applies with one of its outputs on a disk that is full.
fn full_report(stage: &Stage, file: &str) -> Ended {
    let inner = stage.command();
    let words = APPLY.iter().map(|word| match (*word, file) {
        ("events.jsonl", "events") | ("record.json", "record") => "/dev/full",
        ("json=report.json", "report") => "json=/dev/full",
        (word, _) => word,
    });
    let redirected = if file == "stdout" { " >/dev/full" } else { "" };
    let mut command = Command::new("/bin/sh");
    command
        .arg("-c")
        .arg(format!("exec \"$0\" \"$@\"{redirected}"))
        .arg(inner.get_program())
        .args(words);
    like(&mut command, &inner);
    Started::of(command).end()
}

/// Applies while a place of the store cannot be written.
fn store(stage: &Stage, how: &str) -> Ended {
    const ACCOUNT: &str = ".steersman/secrets/audit-access-review";
    let folder = stage.world.path(ACCOUNT);
    let place = folder.join("weekly-review");
    let mode = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let all = stage.world.path(".steersman/secrets");
    match how {
        "folder-in-place" => {
            std::fs::create_dir(&place).unwrap();
            std::fs::write(place.join("file"), "").unwrap();
        }
        "read-only" => mode(&folder, 0o500),
        "exposed" => mode(&all, 0o777),
        "link" => std::os::unix::fs::symlink("/dev/full", &place).unwrap(),
        _ => {}
    }
    let ended = stage.apply();
    match how {
        "folder-in-place" => std::fs::remove_dir_all(&place).unwrap(),
        "link" => std::fs::remove_file(&place).unwrap(),
        _ => {}
    }
    mode(&folder, 0o700);
    mode(&all, 0o700);
    ended
}
