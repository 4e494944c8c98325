//! Twenty accounts over two years: `apply` each day, with weeks that are missed and runs
//! that fail. What uses a delivered secret never fails, as long as runs happen at least
//! every `before`.

use crate::life::Life;
use simulator::Fault;

const ROTATE: &str = "{before: 10d, overlap: {min: 24h, max: 4d}, window: \"Mon,Wed,Sat 10:00-16:00 UTC\", spread: 5d}";

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
    let mut life = Life::new(accounts, ROTATE);
    life.begin();
    life.probe();
    let mut documents: Vec<_> = (0..accounts).map(|number| life.document(number)).collect();
    for day in 1..=days {
        life.pass(1);
        let fault = match what_happens(day) {
            Day::Missed => {
                life.count("missed days", 1);
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
        }
        life.probe();
        for (number, known) in documents.iter_mut().enumerate() {
            let document = life.document(number);
            if document["clientId"] != known["clientId"] {
                life.count("rotations", 1);
                *known = document;
            }
        }
    }
    let _ = life.apply().exits(0);
    let _ = life
        .world
        .steersman("plan spec --detailed-exitcode")
        .exits(0);
    println!("{accounts} accounts, {days} days: {:?}", life.counts);
    // A token lives 15 to 20 days until it is rotated.
    let least = accounts * days / 24;
    assert!(life.counts["rotations"] >= least, "{:?}", life.counts);
    assert!(life.counts["most tokens of an identity"] <= 5);
}

#[test]
fn seven_weeks_of_three_accounts() {
    lives(3, 49);
}

#[test]
#[ignore = "takes half an hour: docs/tokens.md has the command"]
fn two_years_of_twenty_accounts() {
    lives(20, 730);
}
