//! Reads operations from an OpenAPI description in JSON.

use serde_json::Value;

use crate::corrections;
use crate::row::{Method, Row, Rows};

/// The header that experimental operations demand.
const EXPERIMENTAL_HEADER: &str = "X-SailPoint-Experimental";

/// Every operation of the description.
pub(crate) fn read(text: &str) -> Result<Rows, String> {
    let description: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let paths = description
        .get("paths")
        .and_then(Value::as_object)
        .ok_or("the description has no \"paths\"")?;
    let mut rows = Rows::new();
    for (path, item) in paths {
        let item = resolve(&description, item)?;
        let shared = parameters(item);
        for method in catalog::Method::ALL {
            let Some(operation) = item.get(method.as_str().to_ascii_lowercase()) else {
                continue;
            };
            let row = read_operation(&description, shared, operation)
                .map_err(|problem| format!("{method} {path}: {problem}"))?;
            rows.insert((path.clone(), method), with_id(row, method, path));
        }
    }
    Ok(rows)
}

/// The row with an id, made up where the description has none.
pub(crate) fn with_id(mut row: Row, method: Method, path: &str) -> Row {
    if row.id.is_empty() {
        row.id = corrections::id(method, path);
    }
    row
}

fn read_operation(
    description: &Value,
    shared_parameters: &[Value],
    operation: &Value,
) -> Result<Row, String> {
    let own = operation.get("security").and_then(Value::as_array);
    let requirements = own.map_or(&[][..], Vec::as_slice);
    let of_schemes = |wanted: &[&str]| -> Vec<&str> {
        requirements
            .iter()
            .filter_map(Value::as_object)
            .flatten()
            .filter(|(scheme, _)| wanted.contains(&scheme.as_str()))
            .filter_map(|(_, scopes)| scopes.as_array())
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    };
    let names_scheme = |wanted: &[&str]| {
        requirements
            .iter()
            .filter_map(Value::as_object)
            .any(|requirement| requirement.keys().any(|key| wanted.contains(&key.as_str())))
    };
    for scheme in requirements
        .iter()
        .filter_map(Value::as_object)
        .flat_map(|r| r.keys())
    {
        let known = scheme == corrections::APPLICATION_SCHEME
            || corrections::USER_SCHEMES.contains(&scheme.as_str());
        if !known {
            return Err(format!("unknown security scheme \"{scheme}\""));
        }
    }
    let application = &[corrections::APPLICATION_SCHEME][..];
    // The two schemes name different scopes at four operations. Personal access
    // tokens have a user context, so the user's scopes are the ones that count.
    let scopes = if names_scheme(corrections::USER_SCHEMES) {
        of_schemes(corrections::USER_SCHEMES)
    } else {
        of_schemes(application)
    };
    let published_levels: Vec<&str> = corrections::LEVEL_KEYS
        .iter()
        .filter_map(|key| operation.get(key).and_then(Value::as_array))
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut experimental = false;
    for parameter in shared_parameters.iter().chain(parameters(operation)) {
        let parameter = resolve(description, parameter)?;
        experimental |= parameter.get("name").and_then(Value::as_str) == Some(EXPERIMENTAL_HEADER);
    }
    Ok(Row {
        id: operation
            .get("operationId")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        scopes: corrections::scopes(scopes)?,
        levels: corrections::levels(published_levels.iter().copied())?,
        experimental,
        application_auth: names_scheme(application),
        deprecated: operation.get("deprecated").and_then(Value::as_bool) == Some(true),
        scopes_unstated: own.is_none(),
        levels_unstated: published_levels.is_empty(),
    })
}

fn parameters(item: &Value) -> &[Value] {
    item.get("parameters")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Follows a `$ref` inside the description; one to another file is an error.
fn resolve<'a>(description: &'a Value, value: &'a Value) -> Result<&'a Value, String> {
    let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
        return Ok(value);
    };
    reference
        .strip_prefix('#')
        .and_then(|pointer| description.pointer(pointer))
        .ok_or_else(|| {
            format!("\"{reference}\" leads out of the file; use a description in one piece")
        })
}
