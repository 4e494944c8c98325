//! What a kill leaves: all that was answered.
//!
//! `STEERSMAN_KILLS=20 STEERSMAN_KILL_ACCOUNTS=26000` kills it 20 times with a state of 26 MB.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::json;
use tests::world;

use crate::served::Served;

const WRITERS: usize = 6;

#[test]
fn d5_a_kill_under_six_writers_loses_nothing_that_was_answered() {
    let number = |name: &str, default: usize| {
        std::env::var(name).map_or(default, |text| text.parse().unwrap())
    };
    let kills = number("STEERSMAN_KILLS", 2);
    let accounts = number("STEERSMAN_KILL_ACCOUNTS", 0).to_string();
    let world = world!();
    let words = [
        "--state",
        "tenant.json",
        "--rate-limit",
        "off",
        "--seed-accounts",
        &accounts,
    ];
    let mut answered = Vec::new();
    let mut writing = Duration::ZERO;
    for kill in 0..kills {
        let served = Served::start(&world, &words);
        let (sender, receiver) = mpsc::channel();
        let begun = Instant::now();
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let client = served.client();
                let sender = sender.clone();
                std::thread::spawn(move || {
                    for number in 0.. {
                        let body = json!({
                            "name": format!("{kill} {writer} {number}"),
                            "description": "", "type": "CONFIDENTIAL", "accessType": "OFFLINE",
                            "enabled": true, "grantTypes": ["CLIENT_CREDENTIALS"],
                            "accessTokenValiditySeconds": 750, "scope": ["sp:scopes:default"],
                        });
                        let Some((status, client)) = client.post("/oauth-clients/v1", &body) else {
                            return;
                        };
                        assert_eq!(status, 200, "{client}");
                        let id = client["id"].as_str().unwrap().to_owned();
                        if sender.send(id).is_err() {
                            return;
                        }
                    }
                })
            })
            .collect();
        // Another moment each time, and the same ones in each run.
        let moment = 40 + (kill * 7919) % 120;
        answered.extend(receiver.iter().take(moment));
        drop(served.said());
        writing += begun.elapsed();
        drop(sender);
        for writer in writers {
            writer.join().unwrap();
        }
        answered.extend(receiver.iter());
    }
    let served = Served::start(&world, &words);
    let (_, _, state) = served.client().get("/_simulator/state");
    let lost = answered
        .iter()
        .filter(|id| state["oauth_clients"].get(id.as_str()).is_none())
        .count();
    let megabytes = state.to_string().len() / 1_000_000;
    println!(
        "{kills} kills at {megabytes} MB: {} writes answered in {:.1} s, {lost} of them lost",
        answered.len(),
        writing.as_secs_f64()
    );
    assert!(answered.len() >= kills * 40);
    assert_eq!(lost, 0);
    assert_eq!(served.ended(), Some(0));
    assert!(!world.path("tenant.json.log").exists());
}
