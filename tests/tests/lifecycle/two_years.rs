//! Twenty accounts over two years: `apply` each day, with weeks that are missed and runs
//! that fail. What uses a delivered secret never fails, as long as runs happen at least
//! every `before`.

use crate::life::Life;
use simulator::Fault;
use std::time::Instant;

const ROTATE: &str = "{before: 10d, overlap: {min: 24h, max: 4d}, window: \"Mon,Wed,Sat 10:00-16:00 UTC\", spread: 5d}";

/// The days of `before` of tokens, the shorter one.
const BEFORE: usize = 10;

/// What happens on a day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Day {
    /// Nobody runs anything.
    Missed,
    /// ISC creates no token.
    Refused,
    /// ISC creates tokens, and its responses are lost.
    Lost,
    /// ISC refuses the sign-in with each new token, and with each issuer.
    NoSignIn,
    Usual,
}

fn what_happens(day: usize) -> Day {
    match day {
        // A week every three months.
        day if day % 91 >= 84 => Day::Missed,
        day if day % 13 == 4 => Day::Refused,
        day if day % 17 == 9 => Day::Lost,
        day if day % 29 == 20 => Day::NoSignIn,
        _ => Day::Usual,
    }
}

#[expect(clippy::print_stdout, reason = "the counts are what it is run for")]
fn lives(accounts: usize, days: usize) {
    let began = Instant::now();
    let mut life = Life::new(accounts, ROTATE);
    life.begin();
    life.probe();
    let mut last_good = 0;
    for day in 1..=days {
        life.pass(1);
        life.count("days", 1);
        let fault = match what_happens(day) {
            Day::Missed => {
                life.count("missed runs", 1);
                life.probe();
                continue;
            }
            Day::Refused => Some(("createPersonalAccessTokenV1", Fault::Status { status: 500 })),
            Day::Lost => Some(("createPersonalAccessTokenV1", Fault::ResetAfter)),
            Day::NoSignIn => Some(("oauthToken", Fault::Status { status: 503 })),
            Day::Usual => None,
        };
        let is_faulty = fault.is_some();
        if let Some((operation, fault)) = fault {
            life.fail(operation, fault);
        }
        let run = life.apply();
        life.heal();
        life.count("runs", 1);
        if is_faulty {
            life.count("runs with failing requests", 1);
            life.count("failed runs", usize::from(run.code != 0));
        } else {
            let _ = run.exits(0);
            life.most("most days between good runs", day - last_good);
            last_good = day;
        }
        life.probe();
    }
    let _ = life.apply().exits(0);
    life.probe();
    life.nothing_is_left_over();
    let _ = life
        .world
        .steersman("plan spec --detailed-exitcode")
        .exits(0);
    let seconds = began.elapsed().as_secs();
    println!("{accounts} accounts, {days} days, in {seconds} s:");
    for (what, count) in &life.counts {
        println!("{count:7} {what}");
    }
    let counts = &life.counts;
    assert!(
        counts["most days between good runs"] <= BEFORE,
        "{counts:?}"
    );
    // A token lives 15 to 20 days until it is rotated, an issuer 45.
    let least = |days_of_one: usize| accounts * days / days_of_one;
    assert!(counts["rotations of tokens"] >= least(24), "{counts:?}");
    let issuers = counts.get("rotations of issuers").copied();
    assert!(issuers.unwrap_or_default() >= least(58), "{counts:?}");
    assert!(counts["most tokens of an identity"] <= 6, "{counts:?}");
}

#[test]
fn nine_weeks_of_three_accounts() {
    lives(3, 63);
}

#[test]
#[ignore = "takes long: docs/tokens.md has the command"]
fn two_years_of_twenty_accounts() {
    lives(20, 730);
}

/// Nothing ran for longer than any token lives: what uses them fails, and the next run
/// delivers what works, once the accounts are enrolled again.
#[test]
fn after_a_missed_month_the_next_run_delivers_what_works() {
    let mut life = Life::new(3, ROTATE);
    life.begin();
    life.probe();
    // The tokens have ended, the issuers have not.
    life.pass(40);
    let _ = life
        .world
        .steersman("status spec --expiring-within 1d")
        .exits(2)
        .says("expired");
    let _ = life.apply().exits(0);
    life.probe_from_new();
    life.pass(2);
    let _ = life.apply().exits(0);
    life.probe();
    life.nothing_is_left_over();
}
