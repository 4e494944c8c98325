//! Problems as a JSON document; its schema is `schemas/diagnostics.schema.json`.

use spec::Loaded;

/// What checking the files came to.
pub(crate) fn render(loaded: &Loaded) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&loaded.report())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::testing::load;

    #[test]
    fn the_document_fits_its_schema() {
        let schema = serde_json::to_value(spec::diagnostics_schema()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for (text, valid, errors) in [
            ("steersman: v1\n", true, 0),
            ("steersman: v2\nnope: 1\n", false, 2),
        ] {
            let document = render(&load(&[("a.yaml", text)])).unwrap();
            let document: serde_json::Value = serde_json::from_str(&document).unwrap();
            validator.validate(&document).unwrap();
            assert_eq!(document["valid"], valid);
            assert_eq!(document["errors"], errors);
        }
    }
}
