//! Fuzz targets: any bytes as input never panic and never hang.
//!
//! As tests they run the seed corpus, what was found before, and random inputs
//! for a second each; `BOLERO_RANDOM_TEST_TIME_MS=60000 cargo test -p spec --test
//! fuzz --release` runs them for a minute each, and `cargo bolero test` under a
//! coverage-guided engine. The corpus is in `__fuzz__/TARGET/corpus`.

mod reading;

use reading::{check, load};

/// The text as a YAML scalar of one line.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[test]
fn reader() {
    bolero::check!().for_each(|bytes: &[u8]| check(&load(bytes), bytes.len()));
}

#[test]
fn variables() {
    bolero::check!().with_type::<String>().for_each(|text| {
        let text = format!("steersman: v1\ntenant:\n  baseUrl: {}\n", quoted(text));
        check(&load(text.as_str()), text.len());
    });
}

#[test]
fn durations() {
    bolero::check!().with_type::<String>().for_each(|text| {
        let text = format!(
            "steersman: v1\npolicy:\n  maxTokenLifetime: {}\n",
            quoted(text)
        );
        check(&load(text.as_str()), text.len());
    });
}

#[test]
fn calls() {
    bolero::check!().with_type::<String>().for_each(|text| {
        // Neither finding a call nor suggesting another one may panic.
        if catalog::find_call(text).is_err() && text.len() < 200 {
            let _ = catalog::suggest_call(text);
        }
    });
}
