//! Serialization of short maps as objects, the empty one too.
//!
//! `LiteMap` writes itself as an object only if its first key is a text, so that an empty
//! one would be a list.

use litemap::LiteMap;
use serde::{Serialize, Serializer};

/// Writes a map that may be there as an object or null, for `serialize_with`.
///
/// # Errors
///
/// Those of the serializer.
pub fn as_object<K: Serialize, V: Serialize, S: Serializer>(
    map: &Option<LiteMap<K, V>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match map {
        None => serializer.serialize_none(),
        Some(map) => serializer.serialize_some(&Object(map)),
    }
}

struct Object<'a, K, V>(&'a LiteMap<K, V>);

impl<K: Serialize, V: Serialize> Serialize for Object<'_, K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Serialize)]
    struct Holder {
        #[serde(serialize_with = "as_object")]
        map: Option<LiteMap<String, u8>>,
    }

    #[test]
    fn an_empty_map_is_an_object() {
        let holder = |map: Option<&[(&str, u8)]>| {
            let map = map.map(|pairs| {
                let pairs = pairs.iter();
                pairs
                    .map(|(key, value)| ((*key).to_owned(), *value))
                    .collect()
            });
            serde_json::to_value(Holder { map }).unwrap()
        };
        assert_eq!(holder(None), json!({"map": null}));
        assert_eq!(holder(Some(&[])), json!({"map": {}}));
        assert_eq!(
            holder(Some(&[("b", 1), ("a", 2)])),
            json!({"map": {"a": 2, "b": 1}})
        );
    }
}
