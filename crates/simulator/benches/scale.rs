//! How the simulator does with 100,000 accounts: loading and saving the state, a page at any
//! offset, and the memory for it all.
//!
//! `ACCOUNTS=10000 cargo bench -p simulator` measures another number of accounts.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark is told its size by the environment, prints, and is to fail loudly"
)]

use camino::Utf8PathBuf;
use criterion::{Criterion, criterion_group, criterion_main};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use simulator::{ClockMode, Config, Running};
use tokio::runtime::Runtime;

struct Setting {
    runtime: Runtime,
    accounts: usize,
    path: Utf8PathBuf,
    _folder: tempfile::TempDir,
}

impl Setting {
    fn new() -> Self {
        let accounts = std::env::var("ACCOUNTS")
            .ok()
            .and_then(|count| count.parse().ok())
            .unwrap_or(100_000);
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().join("tenant.json")).unwrap();
        let setting = Self {
            runtime: Runtime::new().unwrap(),
            accounts,
            path,
            _folder: folder,
        };
        let simulator = setting.start();
        setting.runtime.block_on(simulator.shutdown()).unwrap();
        setting
    }

    fn start(&self) -> Running {
        let config = Config {
            clock: ClockMode::Manual,
            state: Some(self.path.clone()),
            seed_accounts: self.accounts,
            ..Config::default()
        };
        self.runtime.block_on(simulator::start(config)).unwrap()
    }
}

fn scale(criterion: &mut Criterion) {
    let setting = Setting::new();
    let runtime = &setting.runtime;
    let megabytes = fs_err::metadata(&setting.path).unwrap().len() / 1_000_000;
    println!(
        "{} accounts, each with an identity: a state of {megabytes} MB",
        setting.accounts
    );
    let mut group = criterion.benchmark_group(format!("{} accounts", setting.accounts));
    group.sample_size(10);
    group.bench_function("load the state and serve", |bencher| {
        bencher.iter_with_large_drop(|| setting.start());
    });

    let simulator = setting.start();
    println!("resident: {}", resident());
    rustls::crypto::ring::default_provider()
        .install_default()
        .unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let base = simulator.base_url();
    let token = runtime.block_on(async {
        let credentials = simulator.admin_credentials();
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &credentials.client_id),
            ("client_secret", credentials.client_secret.expose_secret()),
        ];
        let answer = client
            .post(format!("{base}/oauth/token"))
            .form(&form)
            .send()
            .await
            .unwrap();
        answer.json::<Value>().await.unwrap()["access_token"]
            .as_str()
            .unwrap()
            .to_owned()
    });
    let page = |query: &str| {
        let request = client
            .get(format!("{base}/accounts/v1?{query}"))
            .bearer_auth(&token);
        runtime.block_on(async {
            let answer = request.send().await.unwrap().error_for_status().unwrap();
            answer.bytes().await.unwrap().len()
        })
    };
    let last = setting.accounts - 250;
    for (name, query) in [
        ("first page", "limit=250&offset=0".to_owned()),
        ("last page", format!("limit=250&offset={last}")),
        (
            "last page by name",
            format!("limit=250&offset={last}&sorters=name"),
        ),
        (
            "one account by name",
            "filters=name%20eq%20%22bulk000007%22".to_owned(),
        ),
    ] {
        group.bench_function(name, |bencher| bencher.iter(|| page(&query)));
    }
    group.finish();
    runtime.block_on(simulator.shutdown()).unwrap();
}

/// What the process holds in memory, where the system tells it so.
fn resident() -> String {
    let status = fs_err::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.map_or_else(|| "unknown".to_owned(), |size| size.trim().to_owned())
}

criterion_group!(benches, scale);
criterion_main!(benches);
