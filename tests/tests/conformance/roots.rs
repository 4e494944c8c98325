//! Which operations the older roots of the API have, as the simulator answers.

use std::collections::BTreeMap;

use catalog::Operation;
use tests::judge::recorder::Client;

use crate::tenant::SimulatedTenant;

/// The roots of ISC's paths before each service had a version of its own.
pub(crate) const ROOTS: [&str; 5] = ["v3", "beta", "v2024", "v2025", "v2026"];

/// The roots of each simulated operation, by its name.
pub(crate) async fn seen() -> Result<BTreeMap<String, Vec<&'static str>>, String> {
    let tenant = SimulatedTenant::start().await?;
    let client = Client::new(&tenant.base_url()).map_err(|error| error.to_string())?;
    let mut seen = BTreeMap::new();
    for operation in simulator::simulated_operations() {
        let mut roots = Vec::new();
        for root in ROOTS {
            if let Some(path) = older(operation, root) {
                // Who asks is looked at after the path: without a token, a path that is there is 401.
                let request = client.request(operation.method.as_str(), &path);
                let answer = client.send(request).await;
                match answer.map_err(|error| error.to_string())?.status {
                    401 => roots.push(root),
                    404 => {}
                    other => return Err(format!("{} {path}: {other}", operation.method)),
                }
            }
        }
        seen.insert(operation.to_string(), roots);
    }
    Ok(seen)
}

/// The path below an older root; second versions have none.
fn older(operation: &Operation, root: &str) -> Option<String> {
    let mut segments = operation.path.trim_start_matches('/').splitn(3, '/');
    let (service, version) = (segments.next()?, segments.next()?);
    let rest = segments.next().map(|rest| format!("/{rest}"));
    let path = format!("/{root}/{service}{}", rest.unwrap_or_default());
    (version == "v1").then(|| path.replace(['{', '}'], ""))
}
