//! Clients that were tried with the simulator, as `tests/clients/run` has written them down.

use serde_json::Value;

const RESULTS: &str = include_str!("../../clients/results.json");

/// A row for each client: its name, version, what was tried, what came of it, and the day.
pub(crate) fn rows() -> Result<Vec<[String; 5]>, String> {
    let results: Vec<Value> = serde_json::from_str(RESULTS).map_err(|error| error.to_string())?;
    let row = |result: &Value| {
        let field = |name: &str| {
            let text = result[name].as_str();
            text.map(str::to_owned)
                .ok_or_else(|| format!("a result has no {name}: {result}"))
        };
        Ok([
            field("client")?,
            field("version")?,
            field("tried")?,
            field("result")?,
            field("on")?,
        ])
    };
    results.iter().map(row).collect()
}
