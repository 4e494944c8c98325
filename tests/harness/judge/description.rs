//! The official description as JSON.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// The description cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DescriptionError {
    /// The file cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not JSON.
    #[error("{path} is not JSON")]
    Json {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// Something in the description is not what OpenAPI 3.0 says it is.
    #[error("the description has no usable {what}")]
    Structure {
        /// What was looked for.
        what: String,
    },
    /// A schema cannot be compiled.
    #[error("the schema of {place} cannot be compiled: {reason}")]
    Schema {
        /// Where the schema stands.
        place: String,
        /// Why.
        reason: String,
    },
}

/// The description, with its references resolved on demand.
pub(super) struct Description {
    root: Value,
}

impl Description {
    pub(super) fn load(folder: &Path) -> Result<Self, DescriptionError> {
        let path = folder.join("openapi-subset.json");
        let text = std::fs::read_to_string(&path).map_err(|source| DescriptionError::Read {
            path: path.clone(),
            source,
        })?;
        let root = serde_json::from_str(&text)
            .map_err(|source| DescriptionError::Json { path, source })?;
        Ok(Self::new(root))
    }

    pub(super) fn new(root: Value) -> Self {
        Self { root }
    }

    /// The operations: path, method in lower case, and the operation's object.
    pub(super) fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let methods = ["get", "post", "put", "patch", "delete"];
        let paths = self.root.get("paths").and_then(Value::as_object);
        paths.into_iter().flatten().flat_map(move |(path, item)| {
            methods.into_iter().filter_map(move |method| {
                item.get(method)
                    .map(|operation| (path.as_str(), method, operation))
            })
        })
    }

    /// The component schema of that name.
    pub(super) fn schema(&self, name: &str) -> Option<&Value> {
        self.root.get("components")?.get("schemas")?.get(name)
    }

    /// The value itself, or what it refers to.
    pub(super) fn resolved<'a>(&'a self, value: &'a Value) -> Result<&'a Value, DescriptionError> {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
            return Ok(value);
        };
        let found = reference
            .strip_prefix('#')
            .and_then(|pointer| self.root.pointer(pointer));
        found.ok_or_else(|| DescriptionError::Structure {
            what: reference.to_owned(),
        })
    }
}

/// The name of the component schema that a reference refers to.
pub(super) fn schema_name(value: &Value) -> Option<&str> {
    value
        .get("$ref")?
        .as_str()?
        .strip_prefix("#/components/schemas/")
}
