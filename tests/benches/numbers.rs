//! The numbers to meet that are of whole processes: computing time, memory, the
//! start, and the time of a plan at ISC's real rate limit.
//!
//! ```text
//! cargo bench -p tests --bench numbers
//! cargo bench -p tests --bench numbers -- --real-rate-limit
//! ```
//!
//! The second takes two minutes, because it waits as the tenant wants it.
//! A number that is not met ends it with an error.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints, and is to fail loudly"
)]

use planner::Allowances;
use secrecy::ExposeSecret as _;
use simulator::{Fault, FaultRule, Faults, RateLimit, RequestFilter};
use spec::{Options, SourceFile};
use std::process::Command;
use std::time::{Duration, Instant};
use tests::measure::{self, Taken};
use tests::scale::{self, Issuer, Stage};
use tests::{SimulatedTenant, World};

const PROGRAM: &str = env!("CARGO_BIN_EXE_steersman-under-test");
const MEASURED: &str = env!("CARGO_BIN_EXE_steersman-measured");
/// With this argument, a tenant and a number of accounts it is the process whose
/// planning is measured.
const PLAN_ONCE: &str = "--plan-once";
/// The tenants that are planned against.
const UNCHANGED: &str = "unchanged";
const CREATED: &str = "created";
const ACCOUNTS: usize = 10_000;
const FILES: usize = 40;

const MOST_CPU: Duration = Duration::from_millis(300);
const MOST_MEMORY: u64 = 120;
/// How much more ten times the accounts may cost.
const MOST_GROWTH: f64 = 11.0;
const LONGEST_START: Duration = Duration::from_millis(10);
/// Of the time that so many requests take at 10 a second.
const MOST_AT_THE_LIMIT: f64 = 1.15;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let asked = |word: &str| arguments.iter().any(|argument| argument == word);
    if let [_, once, tenant, accounts] = arguments.as_slice()
        && once == PLAN_ONCE
    {
        plan_once(tenant, accounts.parse().unwrap());
        return;
    }
    let mut met = true;
    println!("| number | measured | bound |");
    println!("|---|---|---|");
    let validate = least(validate);
    met &= cpu_and_memory("`validate` of 10,000 accounts in 40 files", validate);
    for tenant in [UNCHANGED, CREATED] {
        met &= planning(tenant);
    }
    met &= start();
    if asked("--real-rate-limit") {
        met &= real_rate_limit();
    }
    assert!(met, "a number is not met");
}

/// The run with the least computing of five, and the most memory of them all.
fn least(measure: impl Fn() -> Taken) -> Taken {
    let runs: Vec<Taken> = (0..5).map(|_| measure()).collect();
    Taken {
        cpu: runs.iter().map(|run| run.cpu).min().unwrap(),
        memory: runs.iter().map(|run| run.memory).max().unwrap(),
    }
}

fn cpu_and_memory(what: &str, taken: Taken) -> bool {
    let (cpu, memory) = (taken.cpu.as_millis(), taken.mebibytes());
    println!(
        "| {what}: CPU time | {cpu} ms | {} ms |",
        MOST_CPU.as_millis()
    );
    println!("| {what}: memory | {memory} MiB | {MOST_MEMORY} MiB |");
    taken.cpu < MOST_CPU && memory <= MOST_MEMORY
}

/// A folder with the repository.
fn world(accounts: usize) -> World {
    let world = World::new(PROGRAM);
    for (path, text) in scale::repository(accounts, FILES) {
        world.write(&format!("repository/{path}"), text);
    }
    world
}

/// `steersman validate`, the process as a whole.
fn validate() -> Taken {
    let world = world(ACCOUNTS);
    let path = world.path("measured");
    let output = Command::new(MEASURED)
        .args(["validate", "repository"])
        .current_dir(world.folder())
        .env("MEASURED", &path)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    Taken::parse(&world.read("measured")).unwrap()
}

/// Plans 10,000 accounts, and ten times as many.
fn planning(tenant: &str) -> bool {
    let few = least(|| plan_in_memory(tenant, ACCOUNTS));
    let many = least(|| plan_in_memory(tenant, 10 * ACCOUNTS));
    let met = cpu_and_memory(&format!("planning 10,000 accounts, {tenant}"), few);
    let cpu = many.cpu.as_secs_f64() / few.cpu.as_secs_f64();
    let memory = f64::from(u32::try_from(many.mebibytes()).unwrap())
        / f64::from(u32::try_from(few.mebibytes()).unwrap());
    let (seconds, mebibytes) = (many.cpu.as_secs_f64(), many.mebibytes());
    println!(
        "| 100,000, {tenant}: CPU time | {seconds:.2} s, {cpu:.1} times | {MOST_GROWTH} times |"
    );
    println!(
        "| 100,000, {tenant}: memory | {mebibytes} MiB, {memory:.1} times | {MOST_GROWTH} times |"
    );
    met && cpu <= MOST_GROWTH && memory <= MOST_GROWTH
}

/// A process of its own that plans once.
fn plan_in_memory(tenant: &str, accounts: usize) -> Taken {
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program)
        .args([PLAN_ONCE, tenant, &accounts.to_string()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    Taken::parse(&String::from_utf8(output.stdout).unwrap()).unwrap()
}

/// The time is that of planning, and the memory that of the process, in which
/// the files were read before.
fn plan_once(tenant: &str, accounts: usize) {
    let files = scale::repository(accounts, FILES)
        .into_iter()
        .map(|(path, text)| SourceFile {
            path: path.into(),
            bytes: text.into_bytes(),
        });
    let spec = spec::load(files.collect(), &Options::default())
        .spec
        .unwrap();
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let live = if tenant == CREATED {
        scale::nothing_there(&spec, now)
    } else {
        scale::live(&spec, now)
    };
    let before = measure::cpu_time();
    let wanted = planner::wanted(&spec, &live.stores.issuers);
    let plan = planner::plan(&spec, &live, now, &Allowances::default());
    let cpu = measure::cpu_time().saturating_sub(before);
    assert_eq!(wanted.accounts.len(), accounts);
    assert_eq!(plan.accounts.len(), accounts);
    assert_eq!(plan.steps.is_empty(), tenant == UNCHANGED);
    let taken = Taken {
        cpu,
        ..Taken::by_now()
    };
    println!("{}", taken.line());
}

/// The median of `steersman --version`, from its being started to its end.
fn start() -> bool {
    let mut times: Vec<Duration> = (0..51)
        .map(|_| {
            let begin = Instant::now();
            let output = Command::new(PROGRAM).arg("--version").output().unwrap();
            let time = begin.elapsed();
            assert!(output.status.success());
            time
        })
        .collect();
    times.sort_unstable();
    let median = times[times.len() / 2];
    println!(
        "| start (`--version`) | {:.1} ms | {} ms |",
        median.as_secs_f64() * 1_000.0,
        LONGEST_START.as_millis()
    );
    median < LONGEST_START
}

/// Plans a thousand accounts without changes at ISC's real limit, with the whole
/// of it: once below the burst, once with a request for each account.
fn real_rate_limit() -> bool {
    const ACCOUNTS: usize = 1_000;
    let config = simulator::Config {
        rate_limit: RateLimit::Real,
        ..simulator::Config::default()
    };
    let (tenant, issuers) = scale::tenant(ACCOUNTS, Stage::Ready, config);
    let mut world = world(ACCOUNTS);
    store(&world, &issuers);
    world.set(tenant.variables());
    world.set([("STEERSMAN_RATE_SHARE".to_owned(), "100".to_owned())]);
    let (requests, time) = plan(&world, &tenant);
    println!(
        "| {ACCOUNTS} accounts by lists, {requests} requests | {:.2} s | below the burst |",
        time.as_secs_f64()
    );
    // The burst is spent; the next run begins with a full one.
    std::thread::sleep(Duration::from_secs(11));
    tenant.simulator().set_faults(without_lists());
    let (requests, time) = plan(&world, &tenant);
    let at_the_limit = f64::from(u32::try_from(requests).unwrap()) / 10.0;
    let bound = at_the_limit * MOST_AT_THE_LIMIT;
    println!(
        "| {ACCOUNTS} accounts one by one, {requests} requests | {:.1} s | {bound:.1} s |",
        time.as_secs_f64()
    );
    time.as_secs_f64() <= bound
}

fn plan(world: &World, tenant: &SimulatedTenant) -> (u64, Duration) {
    tenant.simulator().clear_requests();
    let begin = Instant::now();
    let run = world.steersman("plan repository --detailed-exitcode");
    let time = begin.elapsed();
    assert_eq!(run.code, 0, "{}", run.shown());
    assert_eq!(
        tenant.count("listIdentitiesV1"),
        1,
        "only the owner is read"
    );
    let counts = tenant.simulator().request_counts(&RequestFilter::default());
    (counts.values().sum(), time)
}

/// Puts the issuers where the files say.
fn store(world: &World, issuers: &[Issuer]) {
    for issuer in issuers {
        let document = serde_json::json!({
            "clientId": issuer.client_id,
            "clientSecret": issuer.client_secret.expose_secret(),
        });
        let path = format!("secrets/{}/issuer", issuer.name);
        world.write(&path, document.to_string());
    }
}

/// A tenant that keeps its lists of holders to itself.
fn without_lists() -> Faults {
    let rule = FaultRule {
        fault: Fault::Status { status: 403 },
        operations: vec!["listUserLevelsV1".to_owned()],
        skip: 0,
        count: None,
        probability: None,
    };
    Faults {
        rules: vec![rule],
        seed: 1,
    }
}
