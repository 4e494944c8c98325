//! The simulator, held against ISC's official description: a walk over every simulated operation,
//! with a success and every error that it can give, judged exchange by exchange.
//!
//! The description is found through `STEERSMAN_ISC_DESCRIPTION`, the folder of
//! `openapi-subset.json`; where it is not set the tests say so and pass.

mod call;
mod clients;
mod roots;
mod story;
mod table;
mod tenant;
mod walk;

use std::sync::{LazyLock, Mutex, PoisonError};

use serde_json::Value;
use tests::judge::recorder::Client;
use tests::judge::{DEVIATIONS, Exchange, Judge, description_folder};

use crate::tenant::SimulatedTenant;
use crate::walk::{Outcome, Walk};

/// What came of the walk; it is made once, and every test looks at it.
struct Walked {
    judge: Judge,
    failures: Vec<String>,
    outcome: Outcome,
    exchanges: Vec<Exchange>,
}

static WALKED: LazyLock<Option<Result<Walked, String>>> = LazyLock::new(|| {
    let folder = description_folder()?;
    Some(
        std::thread::spawn(move || walked(&folder))
            .join()
            .unwrap_or_else(|_| Err("the walk panicked".to_owned())),
    )
});

fn walked(folder: &std::path::Path) -> Result<Walked, String> {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let judge = || Judge::load(folder).map_err(|error| error.to_string());
        let mut walk = new_walk(SimulatedTenant::start().await?, judge()?)?;
        story::walk(&mut walk).await;
        story::rest(&mut walk).await;

        let mut limited = new_walk(SimulatedTenant::start_with_rate_limit().await?, judge()?)?;
        story::too_many(&mut limited, &walk.succeeded).await;

        let mut outcome = walk.judged();
        outcome.add(limited.judged());
        walk.failures.append(&mut limited.failures);
        Ok(Walked {
            exchanges: walk.exchanges(),
            judge: walk.judge,
            failures: walk.failures,
            outcome,
        })
    })
}

fn new_walk(tenant: SimulatedTenant, judge: Judge) -> Result<Walk, String> {
    let client = Client::new(&tenant.base_url()).map_err(|error| error.to_string())?;
    Ok(Walk::new(tenant, judge, client))
}

/// The walk, or `None` with a printed line where the description is not at hand.
macro_rules! walked_or_skip {
    () => {
        match &*WALKED {
            Some(walked) => walked.as_ref().expect("the walk"),
            None => {
                println!("skipped: STEERSMAN_ISC_DESCRIPTION does not name the description");
                return;
            }
        }
    };
}

#[test]
fn every_operation_answers_as_the_walk_expects() {
    let walked = walked_or_skip!();
    assert!(walked.failures.is_empty(), "{}", walked.failures.join("\n"));
}

#[test]
fn every_exchange_fits_the_description() {
    let walked = walked_or_skip!();
    let mut complaints: Vec<_> = walked
        .outcome
        .complaints
        .iter()
        .map(ToString::to_string)
        .collect();
    complaints.sort_unstable();
    complaints.dedup();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn a_renamed_field_is_noticed_in_every_answer() {
    let walked = walked_or_skip!();
    let mut noticed = 0;
    for exchange in walked
        .exchanges
        .iter()
        .filter(|exchange| exchange.response.status == 200)
    {
        for name in field_names(&exchange.response.json()) {
            let complaints = walked.judge.judge(&renamed(exchange, &name)).complaints;
            let path = &exchange.request.path;
            assert!(
                !complaints.is_empty(),
                "{path}: {name} was renamed, and nobody minded"
            );
            noticed += 1;
        }
    }
    assert!(noticed > 500, "{noticed}");
}

#[test]
fn a_dropped_id_is_noticed_in_every_answer() {
    let walked = walked_or_skip!();
    let mut noticed = 0;
    for exchange in &walked.exchanges {
        let mut body = exchange.response.json();
        if first_row(&mut body)
            .and_then(|row| row.remove("id"))
            .is_some()
        {
            let mut changed = exchange.clone();
            changed.response.body = body.to_string().into_bytes();
            let complaints = walked.judge.judge(&changed).complaints;
            let (method, path) = (&exchange.request.method, &exchange.request.path);
            assert!(
                !complaints.is_empty(),
                "{method} {path}: the id is gone, and nobody minded"
            );
            noticed += 1;
        }
    }
    assert!(noticed > 40, "{noticed}");
}

#[test]
fn no_deviation_is_listed_that_nobody_shows() {
    let walked = walked_or_skip!();
    let unused: Vec<_> = DEVIATIONS
        .iter()
        .filter(|deviation| deviation.expected_of_simulator)
        .filter(|deviation| !walked.outcome.deviations.contains(deviation.name))
        .map(|deviation| deviation.name)
        .collect();
    assert_eq!(unused, [""; 0]);
}

#[test]
fn the_table_of_conformance_is_current() {
    let walked = walked_or_skip!();
    let table = table::markdown(&walked.judge, &walked.outcome);
    compare(|_, rest| table + rest);
}

#[test]
fn the_roots_and_clients_of_the_table_are_current() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let roots = runtime.block_on(roots::seen()).expect("the roots");
    let clients = clients::rows().expect("the results of clients");
    compare(|first, _| first.to_owned() + &table::roots_and_clients(&roots, &clients));
}

/// Compares the table with what it is to be, made of its two parts; writes it where that is asked for.
fn compare(expected: impl FnOnce(&str, &str) -> String) {
    // The two parts have a test each, which may run at the same time.
    static WRITING: Mutex<()> = Mutex::new(());
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/simulator-conformance.md");
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let second = committed.find(table::WITHOUT_DESCRIPTION);
    let (first, rest) = committed.split_at(second.unwrap_or(committed.len()));
    let expected = expected(first, rest);
    let is_current = committed == expected;
    if !is_current && std::env::var_os("STEERSMAN_UPDATE_TABLE").is_some() {
        let written = std::fs::write(&path, &expected);
        assert!(written.is_ok(), "the table cannot be written: {written:?}");
    } else {
        assert!(
            is_current,
            "docs/simulator-conformance.md is not current: run this test with STEERSMAN_UPDATE_TABLE=1"
        );
    }
}

/// The names of the fields of a body, of the first row where it is a list.
fn field_names(body: &Value) -> Vec<String> {
    let row = body
        .as_array()
        .and_then(|rows| rows.first())
        .unwrap_or(body);
    row.as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect()
}

/// The exchange with one field of its answer under another name.
fn renamed(exchange: &Exchange, name: &str) -> Exchange {
    let mut body = exchange.response.json();
    if let Some(row) = first_row(&mut body)
        && let Some(value) = row.remove(name)
    {
        row.insert(format!("{name}Renamed"), value);
    }
    let mut changed = exchange.clone();
    changed.response.body = body.to_string().into_bytes();
    changed
}

fn first_row(body: &mut Value) -> Option<&mut serde_json::Map<String, Value>> {
    if body.is_array() {
        body.get_mut(0)?.as_object_mut()
    } else {
        body.as_object_mut()
    }
}
