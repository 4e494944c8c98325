//! Creates, changes, uploads and deletes schemas of sources.

use serde_json::{Value, json};

use super::Tenant;
use super::fields::{illegal_change, required_text};
use super::records::{Schema, SchemaAttribute, Source};
use crate::clock::says_the_same;
use crate::errors::Refusal;

impl Tenant {
    pub(crate) fn schema(&self, source: &str, schema: &str) -> Result<&Schema, Refusal> {
        let source = self.schema_source(source)?;
        source
            .schemas
            .iter()
            .find(|found| found.id == schema)
            .ok_or_else(|| {
                Refusal::not_found(format!("Schema {schema} of the source {}", source.id))
            })
    }

    /// The source, if it is one whose schemas work: those of a half-made delimited file source do not.
    pub(crate) fn schema_source(&self, source: &str) -> Result<&Source, Refusal> {
        let source = self.source(source)?;
        if source.kind == "Delimited File" {
            return Err(Refusal::bad_request(format!(
                "The source {:?} of the type {:?} has no schemas: it was created without provisionAsCsv=true.",
                source.name, source.kind
            )));
        }
        Ok(source)
    }

    /// Adds a schema to a source.
    pub(crate) fn create_schema(&mut self, source: &str, body: &Value) -> Result<String, Refusal> {
        let found = self.schema_source(source)?;
        let name = required_text(body, "name")?;
        if found.schemas.iter().any(|schema| schema.name == name) {
            return Err(Refusal::illegal_value(format!(
                "The source has a schema {name:?} already."
            )));
        }
        let id = self.ids.hex();
        let schema = Schema::from_wire(body, id.clone(), self.now, None)?;
        if let Some(found) = self.sources.get_mut(source) {
            found.schemas.push(schema);
        }
        self.touch();
        Ok(id)
    }

    /// Makes a schema what `wanted` says; `wanted` is the whole representation.
    pub(crate) fn change_schema(
        &mut self,
        source: &str,
        schema: &str,
        wanted: &Value,
    ) -> Result<(), Refusal> {
        let found = self.schema(source, schema)?;
        if wanted.get("id").is_none() {
            return Err(Refusal::missing("id"));
        }
        let current = found.wire();
        for field in ["id", "name", "created", "modified"] {
            if let Some(value) = wanted.get(field)
                && !says_the_same(value, &current[field])
            {
                return Err(illegal_change(field));
            }
        }
        let mut wanted = wanted.clone();
        wanted["name"] = current["name"].clone();
        let changed = Schema::from_wire(&wanted, schema.to_owned(), found.created, Some(self.now))?;
        if let Some(place) = self
            .sources
            .get_mut(source)
            .and_then(|source| source.schemas.iter_mut().find(|found| found.id == schema))
        {
            *place = changed;
        }
        self.touch();
        Ok(())
    }

    /// Replaces the attributes of the account schema by the columns of a file.
    pub(crate) fn upload_schema(
        &mut self,
        source: &str,
        name: &str,
        columns: &[String],
    ) -> Result<String, Refusal> {
        let found = self.schema_source(source)?;
        let schema = found
            .schemas
            .iter()
            .find(|schema| schema.name == name)
            .ok_or_else(|| Refusal::not_found(format!("The schema {name:?}")))?;
        let mut wanted = schema.wire();
        let known = schema.attributes.clone();
        let attributes: Vec<SchemaAttribute> = columns
            .iter()
            .map(|column| {
                known
                    .iter()
                    .find(|attribute| attribute.name == *column)
                    .cloned()
                    .unwrap_or_else(|| SchemaAttribute::text(column, ""))
            })
            .collect();
        wanted["attributes"] = json!(attributes);
        let id = schema.id.clone();
        self.change_schema(source, &id, &wanted)?;
        Ok(id)
    }

    /// Removes a schema from a source.
    pub(crate) fn delete_schema(&mut self, source: &str, schema: &str) -> Result<(), Refusal> {
        let name = self.schema(source, schema)?.name.clone();
        if name == "account" {
            return Err(Refusal::bad_request(
                "The account schema of a source cannot be deleted.",
            ));
        }
        if let Some(source) = self.sources.get_mut(source) {
            source.schemas.retain(|found| found.id != schema);
        }
        self.touch();
        Ok(())
    }
}
