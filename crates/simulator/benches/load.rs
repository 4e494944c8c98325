//! How the simulator does under load: a million mixed requests, and others beside searches.
//!
//! `cargo bench -p simulator --bench load`; `REQUESTS=100000` sends fewer. It fails if memory grows
//! or if an answer is an error of the server other than 501. The callers are in the same process.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark is told its size by the environment, prints, and is to fail loudly"
)]

#[path = "../tests/support/mix.rs"]
mod mix;

use std::time::{Duration, Instant};

use mix::{Sender, Shown};
use reqwest::Client;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use simulator::{ClockMode, Config, Running};

/// Callers at once.
const CALLERS: u64 = 8;
/// Memory is read as often as this.
const PARTS: u64 = 10;

fn main() {
    let number = |name: &str, default: u64| {
        std::env::var(name).map_or(default, |text| text.parse().unwrap())
    };
    let (requests, accounts) = (number("REQUESTS", 1_000_000), number("ACCOUNTS", 100_000));
    rustls::crypto::ring::default_provider()
        .install_default()
        .unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(mixed(requests));
    runtime.block_on(beside_searches(usize::try_from(accounts).unwrap()));
}

async fn started(accounts: usize) -> Running {
    let config = Config {
        clock: ClockMode::Manual,
        seed_accounts: accounts,
        ..Config::default()
    };
    simulator::start(config).await.unwrap()
}

async fn mixed(requests: u64) {
    let simulator = started(1000).await;
    let client = Client::builder().no_proxy().build().unwrap();
    let mut senders = Vec::new();
    for number in 0..CALLERS {
        senders.push(Sender::new(client.clone(), &simulator, number).await);
    }
    let (mut all, begun, mut memory) = (Shown::default(), Instant::now(), Vec::new());
    for part in 1..=PARTS {
        let each = requests / PARTS / CALLERS;
        let tasks: Vec<_> = senders
            .drain(..)
            .map(|mut sender| {
                tokio::spawn(async move {
                    let shown = sender.send(each).await;
                    (sender, shown)
                })
            })
            .collect();
        for task in tasks {
            let (sender, shown) = task.await.unwrap();
            senders.push(sender);
            all.add(shown);
        }
        // What is measured is not part of it: 4 bytes for each request.
        let own = u64::try_from(all.durations.capacity() * 4 / 1024).unwrap();
        memory.push(resident().saturating_sub(own));
        println!(
            "{part}/{PARTS}: {} MB resident",
            memory.last().unwrap() / 1024
        );
    }
    let seconds = begun.elapsed().as_secs_f64();
    let count = all.durations.len();
    println!(
        "{count} requests in {seconds:.0} s; half within {:?}, 99% within {:?}",
        all.quantile(0.5),
        all.quantile(0.99)
    );
    for ((kind, status), count) in &all.answers {
        println!("  {kind}: {status}: {count}");
    }
    assert_eq!(all.failures(), 0);
    // The request log fills in the beginning; what comes after it does not count.
    let (half, last) = (memory[memory.len() / 2], memory[memory.len() - 1]);
    assert!(
        last <= half + half / 5,
        "memory grows: {half} KB at half of the requests, {last} KB at their end"
    );
    simulator.shutdown().await.unwrap();
}

/// Pages of others while identities are searched, and how long searches take.
async fn beside_searches(accounts: usize) {
    let simulator = started(accounts).await;
    let client = Client::builder().no_proxy().build().unwrap();
    let base = simulator.base_url();
    let credentials = simulator.admin_credentials();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &credentials.client_id),
        ("client_secret", credentials.client_secret.expose_secret()),
    ];
    let request = client.post(format!("{base}/oauth/token")).form(&form);
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    let token = answer["access_token"].as_str().unwrap().to_owned();
    println!("searches over {accounts} identities, with pages of 250 beside them:");
    for query in [
        "name:bulk000007",
        "bulk000007",
        "attributes.email:bulk000007",
        "name:bulk00000*",
        "@accounts(name:bulk000007)",
        "NOT name:bulk000007",
    ] {
        let (searcher, pager) = (client.clone(), client.clone());
        let (base, token) = (base.clone(), token.clone());
        let page = format!("{base}/accounts/v1?limit=250");
        let bearer = token.clone();
        let pages = tokio::spawn(async move {
            let mut took = Vec::new();
            let begun = Instant::now();
            while begun.elapsed() < Duration::from_secs(4) {
                let one = Instant::now();
                let request = pager.get(&page).bearer_auth(&bearer);
                request.send().await.unwrap().bytes().await.unwrap();
                took.push(one.elapsed());
            }
            took
        });
        let mut took = Vec::new();
        for number in 0_u32.. {
            if pages.is_finished() {
                break;
            }
            // Another text each time, so that no answer is remembered.
            let text = format!("{query} AND NOT name:x{number}");
            let body = json!({"indices": ["identities"], "query": {"query": text}});
            let one = Instant::now();
            let request = searcher.post(format!("{base}/search/v1?limit=1"));
            let answer = request
                .bearer_auth(&token)
                .json(&body)
                .send()
                .await
                .unwrap();
            answer.error_for_status().unwrap().bytes().await.unwrap();
            took.push(one.elapsed());
        }
        let mut pages = pages.await.unwrap();
        took.sort_unstable();
        pages.sort_unstable();
        println!(
            "  {query}: a search takes {:?} (median of {}); 99% of {} pages within {:?}",
            took[took.len() / 2],
            took.len(),
            pages.len(),
            pages[pages.len() * 99 / 100]
        );
    }
    simulator.shutdown().await.unwrap();
}

/// What the process holds in memory, in KB, where the system tells it so.
fn resident() -> u64 {
    let status = fs_err::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let size = line.and_then(|line| line.split_whitespace().next());
    size.and_then(|size| size.parse().ok()).unwrap_or_default()
}
