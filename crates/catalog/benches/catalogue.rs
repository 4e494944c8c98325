//! Benchmarks of the catalog: building the index, and answering questions.
//!
//! The table of operations is compiled in; what is built at run time is the
//! index, once for each process, at the first question. So each measurement of
//! it starts a process of its own: the benchmark runs itself with an argument.

use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group};

/// With this argument the benchmark measures the first question, prints the
/// nanoseconds it took, and ends.
const FIRST_QUESTION: &str = "--first-question";

#[expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a benchmark needs a clock and, here, fresh processes"
)]
fn first_question(criterion: &mut Criterion) {
    let program = std::env::current_exe().unwrap();
    criterion.bench_function("first question of a process, index included", |bencher| {
        bencher.iter_custom(|times| {
            let once = || -> u64 {
                let run = Command::new(&program).arg(FIRST_QUESTION).output();
                let output = String::from_utf8(run.unwrap().stdout).unwrap();
                output.trim().parse().unwrap()
            };
            (0..times).map(|_| Duration::from_nanos(once())).sum()
        });
    });
}

fn answers(criterion: &mut Criterion) {
    let find = |text| catalog::find_call(text).map(|call| call.operation);
    let job: Vec<_> = [
        "POST /search/v1",
        "GET /sources/v1",
        "POST /sources/v1/{id}/load-accounts",
        "GET /task-status/v1/{id}",
        "GET /identities/v1",
    ]
    .into_iter()
    .flat_map(find)
    .collect();
    let everything: Vec<_> = catalog::operations()
        .iter()
        .filter(|operation| operation.scopes != [catalog::SCOPE_ALL])
        .collect();
    criterion.bench_function("find a call", |bencher| {
        bencher.iter(|| catalog::find_call(black_box("GET /sources/v1/2c91/schemas")));
    });
    criterion.bench_function("suggest a call", |bencher| {
        bencher.iter(|| catalog::suggest_call(black_box("GET /soruces/v1/2c91/schema")));
    });
    criterion.bench_function("least scopes of five calls", |bencher| {
        bencher.iter(|| catalog::least_scopes(black_box(&job)));
    });
    criterion.bench_function("least scopes of all calls", |bencher| {
        bencher.iter(|| catalog::least_scopes(black_box(&everything)));
    });
    criterion.bench_function("effect of a scope", |bencher| {
        bencher.iter(|| catalog::scope_effect(black_box("idn:sources:read"), &["SOURCE_ADMIN"]));
    });
}

criterion_group!(benches, first_question, answers);

#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark needs a clock and reports to the process that started it"
)]
fn main() {
    if std::env::args().any(|argument| argument == FIRST_QUESTION) {
        let start = Instant::now();
        black_box(catalog::known_scope(black_box("sp:search:read")));
        println!("{}", start.elapsed().as_nanos());
        return;
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}
