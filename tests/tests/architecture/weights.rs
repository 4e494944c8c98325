//! What the pure crates may not carry, however deep: HTTP, TLS, async.

use crate::repository;
use crate::{assert_none, assert_one};
use cargo_metadata::{DependencyKind, Metadata};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The crates that compute and do nothing else.
const PURE: &[&str] = &["model", "catalog", "spec", "planner", "adopt", "render"];

/// Crates that a pure crate cannot need, by name. A name that ends with `*`
/// stands for all that begin so.
const TOO_HEAVY: &[&str] = &[
    // HTTP, whichever side.
    "actix*",
    "attohttpc",
    "axum*",
    "curl*",
    "h2",
    "h3",
    "http",
    "http-*",
    "httparse",
    "hyper*",
    "isahc",
    "minreq",
    "reqwest*",
    "surf",
    "tonic*",
    "tower*",
    "ureq*",
    "warp",
    // Sockets and TLS.
    "mio",
    "native-tls",
    "openssl*",
    "quinn*",
    "rustls*",
    "socket2",
    // Async runtimes and their plumbing.
    "async-*",
    "embassy*",
    "futures*",
    "pollster",
    "smol*",
    "tokio*",
];

/// A dependency graph by name: each crate with its normal dependencies.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// What is too heavy below the pure crates, each with one way down to it.
fn complaints(graph: &Graph) -> Vec<String> {
    PURE.iter()
        .flat_map(|pure| {
            ways_down(graph, pure)
                .into_iter()
                .filter(|way| way.last().is_some_and(|name| is_too_heavy(name)))
                .map(move |way| format!("{pure} is pure, but: {}", way.join(" -> ")))
        })
        .collect()
}

/// The shortest way to each crate below this one.
fn ways_down(graph: &Graph, from: &str) -> Vec<Vec<String>> {
    let mut seen = BTreeSet::from([from.to_owned()]);
    let mut waiting = VecDeque::from([vec![from.to_owned()]]);
    let mut ways = Vec::new();
    while let Some(way) = waiting.pop_front() {
        let below = way.last().and_then(|name| graph.get(name));
        for name in below.into_iter().flatten() {
            if seen.insert(name.clone()) {
                let mut further = way.clone();
                further.push(name.clone());
                ways.push(further.clone());
                waiting.push_back(further);
            }
        }
    }
    ways
}

fn is_too_heavy(name: &str) -> bool {
    TOO_HEAVY
        .iter()
        .any(|pattern| match pattern.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => name == *pattern,
        })
}

/// The normal dependencies of all crates, as resolved. Two versions of a crate
/// count as one, which can only find more.
fn graph(metadata: &Metadata) -> Graph {
    let name_of: BTreeMap<_, _> = metadata
        .packages
        .iter()
        .map(|package| (&package.id, package.name.to_string()))
        .collect();
    let mut graph = Graph::new();
    for node in metadata.resolve.iter().flat_map(|resolve| &resolve.nodes) {
        let Some(name) = name_of.get(&node.id) else {
            continue;
        };
        let below = node
            .deps
            .iter()
            .filter(|dependency| {
                dependency
                    .dep_kinds
                    .iter()
                    .any(|kind| kind.kind == DependencyKind::Normal)
            })
            .filter_map(|dependency| name_of.get(&dependency.pkg).cloned());
        graph.entry(name.clone()).or_default().extend(below);
    }
    graph
}

#[test]
fn nothing_below_the_pure_crates_speaks_http_or_is_async() {
    let graph = graph(&repository::metadata().unwrap());
    assert!(
        ways_down(&graph, "isc")
            .iter()
            .any(|way| way.last().is_some_and(|name| name == "hyper")),
        "the graph was not read: isc does speak HTTP"
    );
    for pure in PURE {
        assert!(graph.contains_key(*pure), "{pure} is not in the graph");
    }
    assert_none(&complaints(&graph));
}

#[test]
fn a_heavy_crate_is_found_however_deep() {
    let cases: &[(&[Edges], &str)] = &[
        (&[("model", &["reqwest"])], "model -> reqwest"),
        (&[("planner", &["tokio-util"])], "planner -> tokio-util"),
        (
            &[("spec", &["harmless"]), ("harmless", &["http"])],
            "spec -> harmless -> http",
        ),
        (
            &[
                ("catalog", &["one"]),
                ("one", &["two", "one"]),
                ("two", &["one", "async-trait"]),
            ],
            "catalog -> one -> two -> async-trait",
        ),
    ];
    for (edges, way) in cases {
        assert_one(&complaints(&graph_of(edges)), &[way]);
    }
}

#[test]
fn what_is_light_or_elsewhere_is_not_complained_of() {
    assert_none(&complaints(&graph_of(&[
        ("planner", &["serde", "jiff"]),
        ("serde", &["serde_derive"]),
        ("isc", &["reqwest"]),
        ("reqwest", &["tokio"]),
    ])));
}

/// A crate and what it depends on.
type Edges = (&'static str, &'static [&'static str]);

fn graph_of(edges: &[Edges]) -> Graph {
    edges
        .iter()
        .map(|(from, to)| {
            (
                (*from).to_owned(),
                to.iter().map(|name| (*name).to_owned()).collect(),
            )
        })
        .collect()
}
