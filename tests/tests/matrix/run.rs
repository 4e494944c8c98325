//! A folder and a tenant in which the program runs, and how a run ended.

use crate::prepared::Prepared;
use crate::state::State;
use simulator::{ClockMode, Config, Faults};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tests::{SimulatedTenant, World, world};

/// All reports that an apply writes, and the whole log.
pub(crate) const APPLY: &[&str] = &[
    "apply",
    "team",
    "--auto-approve",
    "--wait",
    "30",
    "--events",
    "events.jsonl",
    "--record",
    "record.json",
    "--out",
    "json=report.json",
    "-vvv",
];
pub(crate) const JOURNAL: &str = ".steersman/journal.jsonl";
pub(crate) const LOCK: &str = ".steersman/journal.jsonl.lock";
/// No run takes as long.
const LONGEST: Duration = Duration::from_mins(2);

/// A folder and a tenant.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) tenant: SimulatedTenant,
}

impl Stage {
    /// A new tenant, and the example.
    pub(crate) fn new() -> Self {
        let stage = Self::at(None);
        stage.world.example("team");
        stage
    }

    /// As it was prepared.
    pub(crate) fn of(prepared: &Prepared) -> Self {
        let stage = Self::at(Some(prepared.before.now()));
        stage
            .tenant
            .simulator()
            .load_tenant(prepared.before.tenant());
        // Documents and journal name the tenant by its address.
        let address = stage.tenant.simulator().base_url();
        for (path, text) in &prepared.files {
            let text = text.replace(&prepared.address, &address);
            stage.world.write(path, text);
            let private = std::fs::Permissions::from_mode(0o600);
            std::fs::set_permissions(stage.world.path(path), private).unwrap();
        }
        stage
    }

    fn at(start_at: Option<jiff::Timestamp>) -> Self {
        let mut world = match std::env::var("STEERSMAN_MATRIX_PROGRAM") {
            Ok(program) => World::new(program.leak()),
            Err(_) => world!(),
        };
        let tenant = SimulatedTenant::with(Config {
            clock: ClockMode::Accelerated(100.0),
            start_at,
            ..Config::default()
        });
        world.set(tenant.variables());
        Self { world, tenant }
    }

    pub(crate) fn state(&self) -> State {
        State::of(&self.tenant, self.world.folder())
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = self.world.command();
        command.args(APPLY).env("STEERSMAN_RETRIES", "2");
        command
    }

    /// Applies without any disturbance.
    pub(crate) fn apply(&self) -> Ended {
        Started::of(self.command()).end()
    }

    /// Applies, which has to succeed.
    pub(crate) fn applies(&self) {
        let ended = self.apply();
        assert_eq!(
            ended.code,
            Some(0),
            "{}\n{}",
            ended.stdout,
            ended.told_errors()
        );
    }

    pub(crate) fn undisturbed(&self) {
        self.tenant.simulator().set_faults(Faults::default());
    }

    /// The lines of the journal, without the empty ones that pad it.
    pub(crate) fn journal_lines(&self) -> usize {
        std::fs::read_to_string(self.world.path(JOURNAL)).map_or(0, |text| {
            text.lines().filter(|line| !line.is_empty()).count()
        })
    }
}

/// How a run ended.
pub(crate) struct Ended {
    /// None if it was killed.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
    pub(crate) was_endless: bool,
}

impl Ended {
    /// Whether a second signal has ended it while something was in flight.
    pub(crate) fn was_stopped_at_once(&self) -> bool {
        let told = self.stderr.contains("may have taken effect");
        told && matches!(self.code, Some(130 | 143))
    }

    /// Standard error without the log.
    pub(crate) fn told_errors(&self) -> String {
        let is_log = |line: &&str| line.contains(" DEBUG ") || line.contains(" TRACE ");
        let lines: Vec<&str> = self.stderr.lines().filter(|line| !is_log(line)).collect();
        lines.join("\n")
    }
}

/// A run that was started.
pub(crate) struct Started {
    child: Child,
    since: Instant,
    stdout: JoinHandle<String>,
    stderr: JoinHandle<String>,
}

impl Started {
    pub(crate) fn of(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            stdout: reader(child.stdout.take().unwrap()),
            stderr: reader(child.stderr.take().unwrap()),
            child,
            since: Instant::now(),
        }
    }

    pub(crate) fn pid(&self) -> i32 {
        i32::try_from(self.child.id()).unwrap()
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }

    /// Waits until something is so. False if the run ended before.
    pub(crate) fn until(&mut self, pause: Duration, so: impl Fn() -> bool) -> bool {
        while self.since.elapsed() < LONGEST {
            if so() {
                return true;
            }
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            std::thread::sleep(pause);
        }
        false
    }

    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
    }

    pub(crate) fn end(mut self) -> Ended {
        let mut was_endless = false;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if self.since.elapsed() > LONGEST {
                was_endless = true;
                self.kill();
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        Ended {
            code: status.code(),
            took: self.since.elapsed(),
            stdout: self.stdout.join().unwrap(),
            stderr: self.stderr.join().unwrap(),
            was_endless,
        }
    }
}

fn reader(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
