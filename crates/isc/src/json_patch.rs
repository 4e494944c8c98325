//! JSON Patch documents for ISC's `PATCH` operations.

use serde_json::{Value, json};

/// A list of changes, made by leaf path: replacing a whole branch of an object
/// makes ISC complain about the members that it keeps for itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct JsonPatch(Vec<Value>);

impl JsonPatch {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Lets the patch be applied only where a field has this value.
    pub(crate) fn test(mut self, path: &str, value: impl Into<Value>) -> Self {
        self.push("test", path, &value.into());
        self
    }

    /// Sets a field that ISC's objects have.
    pub(crate) fn replace(mut self, path: &str, value: impl Into<Value>) -> Self {
        self.push("replace", path, &value.into());
        self
    }

    /// Sets a member that may be absent as yet; one that is there is replaced.
    pub(crate) fn set(mut self, path: &str, value: impl Into<Value>) -> Self {
        self.push("add", path, &value.into());
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_json(self) -> Value {
        Value::Array(self.0)
    }

    fn push(&mut self, op: &str, path: &str, value: &Value) {
        self.0
            .push(json!({ "op": op, "path": path, "value": value }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_keep_their_order() {
        let patch = JsonPatch::new()
            .test("/a", 0)
            .replace("/a", 1)
            .set("/b/c", "x");
        assert!(!patch.is_empty());
        assert_eq!(
            patch.into_json(),
            json!([
                {"op": "test", "path": "/a", "value": 0},
                {"op": "replace", "path": "/a", "value": 1},
                {"op": "add", "path": "/b/c", "value": "x"},
            ])
        );
        assert!(JsonPatch::new().is_empty());
    }
}
