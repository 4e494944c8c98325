//! `cargo bench -p spec --bench validate`: reads and checks a generated spec of
//! 10,000 accounts in 40 files, in memory, and says what it took.
//!
//! The limits are in `docs`: under 0.5 s of CPU on one core, under
//! 150 MiB. CPU time and memory are those of the whole process, so they are an
//! upper bound.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program of its own that measures the pure crate from outside"
)]

use spec::{Options, SourceFile, load};
use std::fs;
use std::time::{Duration, Instant};

const FILES: usize = 40;
const ACCOUNTS: usize = 10_000;
const RUNS: u32 = 5;

/// The most CPU time that one run may take.
const MOST_TIME: Duration = Duration::from_millis(500);

/// The most memory in KiB that the process may take.
const MOST_MEMORY: u64 = 150 * 1024;

fn main() {
    let files = files();
    let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let files = files.clone();
        let start = Instant::now();
        let loaded = load(files, &Options::default());
        best = best.min(start.elapsed());
        assert_eq!(loaded.diagnostics, []);
        assert_eq!(loaded.spec.map(|spec| spec.accounts.len()), Some(ACCOUNTS));
    }
    let memory = peak_memory();
    println!(
        "{ACCOUNTS} accounts in {FILES} files, {} KiB: {} ms, peak memory {}",
        bytes / 1024,
        best.as_millis(),
        memory.map_or("unknown".to_owned(), |kib| format!("{} MiB", kib / 1024)),
    );
    // `cargo test` runs benches too, without optimisation; only `cargo bench`
    // is held to the numbers.
    if std::env::args().any(|argument| argument == "--bench") {
        assert!(
            best <= MOST_TIME,
            "slower than {} ms",
            MOST_TIME.as_millis()
        );
        assert!(
            memory.is_none_or(|kib| kib <= MOST_MEMORY),
            "too much memory"
        );
    }
}

fn files() -> Vec<SourceFile> {
    let base = "steersman: v1
sources: [{name: Service Accounts, owner: jane.doe, attributes: [{name: team}]}]
stores: {local: {directory: secrets}}
defaults:
  issuer: {store: local, key: '{account}/issuer'}
  token: {expires: 90d, rotate: {before: 14d}, deliver: {store: local, key: '{account}/{token}'}}
";
    let mut files = vec![SourceFile {
        path: "steersman.yaml".into(),
        bytes: base.into(),
    }];
    let of_one_file = ACCOUNTS / (FILES - 1);
    for file in 0..FILES - 1 {
        let first = file * of_one_file;
        let last = if file == FILES - 2 {
            ACCOUNTS
        } else {
            first + of_one_file
        };
        let accounts: Vec<String> = (first..last).map(account).collect();
        files.push(SourceFile {
            path: format!("accounts/{file:02}.yaml").into(),
            bytes: format!("steersman: v1\nserviceAccounts:\n{}", accounts.concat()).into_bytes(),
        });
    }
    files
}

fn account(number: usize) -> String {
    format!(
        "  - id: SA-{number:05}
    name: audit{number:05}
    email: iam-automation@example.com
    purpose: Automate the monthly audit report {number}
    attributes: {{team: iam}}
    userLevels: [SOURCE_ADMIN]
    tokens:
      - name: monthly-report
        scopes: [sp:report:read, idn:sources:manage]
      - name: inventory
        calls: [\"POST /search/v1\", \"GET /public-identities/v1\"]
"
    )
}

/// The peak of the process's memory in KiB, where the system reports it.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
