//! A smaller sample of the mixed load that `cargo bench -p simulator --bench load` runs.

#[path = "support/mix.rs"]
mod mix;
#[expect(dead_code, reason = "other tests use more of it")]
mod support;

use std::time::Duration;

use mix::{Sender, Shown};
use simulator::{ClockMode, Config};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn load_mixed_requests_meet_no_error_of_the_server() {
    let simulator = simulator::start(Config {
        clock: ClockMode::Manual,
        seed_accounts: 300,
        ..Config::default()
    })
    .await
    .unwrap();
    let client = support::client();
    let mut tasks = Vec::new();
    for number in 0..4 {
        let mut sender = Sender::new(client.clone(), &simulator, number).await;
        tasks.push(tokio::spawn(async move { sender.send(150).await }));
    }
    let mut shown = Shown::default();
    for task in tasks {
        shown.add(task.await.unwrap());
    }
    assert_eq!(shown.failures(), 0, "{:?}", shown.answers);
    assert_eq!(shown.answers.values().sum::<u64>(), 600);
    for (kind, status) in [
        ("page", 200),
        ("search", 200),
        ("create", 200),
        ("delete", 204),
        ("sign-in", 200),
        ("not simulated", 501),
        ("not there", 404),
        ("bad body", 400),
        ("no token", 401),
    ] {
        assert!(
            shown.answers.contains_key(&(kind, status)),
            "{kind} {status}: {:?}",
            shown.answers
        );
    }
    assert!(shown.quantile(0.5) > Duration::ZERO);
    simulator.shutdown().await.unwrap();
}
