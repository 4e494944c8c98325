//! Declares the attributes of an account schema, or gives the reasons against it.

use model::{AccountAttribute, AttributeSpec, LiveSchema, ManagedSource};

/// The attributes beyond the four of SailPoint's guide.
///
/// # Errors
/// Every difference from a schema that a file can declare.
pub(crate) fn attributes(schema: &LiveSchema) -> Result<Vec<AttributeSpec>, Vec<String>> {
    let mut reasons = Vec::new();
    let is = |attribute: &Option<AccountAttribute>, name: &str| {
        attribute.as_ref().map(AsRef::as_ref) == Some(name)
    };
    if !is(&schema.identity_attribute, "id") {
        reasons.push("accounts are not identified by the attribute `id`".to_owned());
    }
    if !is(&schema.display_attribute, "name") {
        reasons.push("accounts are not named by the attribute `name`".to_owned());
    }
    let guide = ManagedSource::GUIDE_ATTRIBUTES.map(|(name, _)| name);
    let missing: Vec<&str> = guide
        .into_iter()
        .filter(|name| {
            !schema
                .attributes
                .iter()
                .any(|attribute| attribute.name.as_str() == *name)
        })
        .collect();
    if !missing.is_empty() {
        reasons.push(format!(
            "its account schema has no attributes {}",
            missing.join(", ")
        ));
    }
    let odd: Vec<&str> = schema
        .attributes
        .iter()
        .filter(|attribute| attribute.multi || !attribute.kind.eq_ignore_ascii_case("STRING"))
        .map(|attribute| attribute.name.as_str())
        .collect();
    if !odd.is_empty() {
        reasons.push(format!(
            "attributes of its account schema are not single strings: {}",
            odd.join(", ")
        ));
    }
    if !reasons.is_empty() {
        return Err(reasons);
    }
    Ok(schema
        .attributes
        .iter()
        .filter(|attribute| !guide.contains(&attribute.name.as_str()))
        .map(|attribute| AttributeSpec {
            name: attribute.name.clone(),
            description: attribute.description.clone(),
        })
        .collect())
}
