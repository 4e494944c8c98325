//! What to write in place of an invalid reference to a variable.

use super::is_name;
use super::unset::Use;

/// Names of scopes that other tools write before the name of a variable.
const FOREIGN: [&str; 7] = [
    "env.", "env:", "var.", "vars.", "secrets.", "local.", "data.",
];

/// Longer references are not repeated.
const LONGEST: usize = 64;

const GENERAL: &str =
    "use only letters, digits and `_` in the name, or write `$${` for a literal `${`";

/// What to write in place of a reference, as it is written in the file.
pub(super) fn instead(reference: &str, purpose: Use) -> String {
    let Some(inner) = reference
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
    else {
        return "close the reference with `}`, or write `$${` for a literal `${`".to_owned();
    };
    if inner.len() > LONGEST {
        return GENERAL.to_owned();
    }
    let is_tenant = matches!(purpose, Use::Tenant | Use::TenantSecret);
    let lower = inner.to_lowercase();
    let foreign = FOREIGN
        .iter()
        .filter_map(|scope| inner.get(lower.strip_prefix(scope).map(|_| scope.len())?..))
        .find(|name| is_name(name));
    if let Some(name) = foreign {
        return if is_tenant {
            format!("write `${{{name}}}`, which reads the environment variable `{name}`")
        } else {
            format!(
                "write `${{{name}}}`, and set the environment variable `STEERSMAN_VAR_{name}`: a file cannot read `{name}` of the environment itself"
            )
        };
    }
    if is_name(inner.trim()) {
        let name = inner.trim();
        return format!("remove the spaces: `${{{name}}}`");
    }
    // What follows a name may be a default, and so a secret.
    let is_shown = matches!(purpose, Use::Value | Use::Tenant);
    let end = inner
        .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .unwrap_or(inner.len());
    let (name, rest) = inner.split_at(end);
    let underscored = inner.replace(['-', '.'], "_");
    if rest.starts_with('-') && is_name(&underscored) && is_shown {
        return format!(
            "use only letters, digits and `_` in the name, as in `${{{underscored}}}`; a default is written after `:-`"
        );
    }
    if is_name(name) && rest.starts_with(['-', ':', '=', '?', '+']) {
        return format!("write a default as `${{{name}:-default}}`; other forms are not supported");
    }
    if is_name(&underscored) && is_shown {
        return format!("use only letters, digits and `_` in the name, as in `${{{underscored}}}`");
    }
    GENERAL.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_another_tool_is_recognized() {
        for (reference, purpose, expected) in [
            (
                "${env.MAIL}",
                Use::Value,
                "write `${MAIL}`, and set the environment variable `STEERSMAN_VAR_MAIL`",
            ),
            ("${env:MAIL}", Use::Value, "write `${MAIL}`, and set"),
            (
                "${ENV.SAIL_BASE_URL}",
                Use::Tenant,
                "write `${SAIL_BASE_URL}`, which reads",
            ),
            ("${var.owner}", Use::Value, "write `${owner}`, and set"),
            ("${ OWNER }", Use::Value, "remove the spaces: `${OWNER}`"),
            (
                "${my-tenant}",
                Use::Tenant,
                "use only letters, digits and `_` in the name, as in `${my_tenant}`",
            ),
            (
                "${PASS-hunter2}",
                Use::Secret,
                "write a default as `${PASS:-default}`",
            ),
            (
                "${A:?unset}",
                Use::Value,
                "write a default as `${A:-default}`",
            ),
            (
                "${a.b}",
                Use::Value,
                "use only letters, digits and `_` in the name, as in `${a_b}`",
            ),
            ("${A", Use::Value, "close the reference"),
            ("${}", Use::Value, GENERAL),
            ("${1X}", Use::Value, GENERAL),
            ("${é}", Use::Value, GENERAL),
        ] {
            let found = instead(reference, purpose);
            assert!(found.starts_with(expected), "{reference}: {found}");
        }
        assert!(!instead("${PASS-hunter2}", Use::Secret).contains("hunter2"));
    }
}
