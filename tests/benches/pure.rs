//! The pure functions between the files and the plan: how long they take, and
//! how that grows with the accounts.
//!
//! ```text
//! cargo bench -p tests --bench pure
//! ```

#![expect(clippy::unwrap_used, reason = "a benchmark is to fail loudly")]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use model::{Live, Spec};
use planner::Allowances;
use spec::{Options, SourceFile};
use std::hint::black_box;
use tests::scale;

const NOW: Timestamp = Timestamp::constant(1_767_225_600, 0);

fn files(accounts: usize) -> Vec<SourceFile> {
    scale::repository(accounts, 40)
        .into_iter()
        .map(|(path, text)| SourceFile {
            path: path.into(),
            bytes: text.into_bytes(),
        })
        .collect()
}

fn spec(accounts: usize) -> Spec {
    spec::load(files(accounts), &Options::default())
        .spec
        .unwrap()
}

/// A tenant in which every level differs and every token is gone.
fn all_different(spec: &Spec) -> Live {
    let mut live = scale::live(spec, NOW);
    for levels in live.levels.values_mut() {
        *levels = model::Collection::Complete(std::iter::once("HELPDESK".into()).collect());
    }
    if let model::Collection::Complete(tokens) = &mut live.tokens {
        tokens.retain(|token| token.name.as_str() == "issuer");
    }
    live
}

fn load(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("load 40 files");
    group.sample_size(10);
    for accounts in [1_000, 10_000] {
        group.throughput(Throughput::Elements(accounts as u64));
        let files = files(accounts);
        group.bench_with_input(
            BenchmarkId::from_parameter(accounts),
            &files,
            |bencher, files| {
                bencher.iter_with_large_drop(|| spec::load(files.clone(), &Options::default()));
            },
        );
    }
    group.finish();
}

fn plan(criterion: &mut Criterion) {
    for (name, tenant) in [
        (
            "plan, nothing to do",
            scale::live as fn(&Spec, Timestamp) -> Live,
        ),
        ("plan, all to do", |spec, _| all_different(spec)),
        ("plan, all new", scale::nothing_there),
    ] {
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10);
        for accounts in [1_000, 10_000, 100_000] {
            group.throughput(Throughput::Elements(accounts as u64));
            let spec = spec(accounts);
            let live = tenant(&spec, NOW);
            group.bench_function(BenchmarkId::from_parameter(accounts), |bencher| {
                bencher.iter_with_large_drop(|| {
                    planner::plan(black_box(&spec), &live, NOW, &Allowances::default())
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, load, plan);
criterion_main!(benches);
