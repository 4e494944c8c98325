//! Text that a store returned, as a secret document.

use super::StoreError;
use super::limit::LARGEST_DOCUMENT;
use crate::document;
use model::SecretDocument;

/// The document in a text of this place.
pub(super) fn document_of(text: &[u8], place: String) -> Result<SecretDocument, StoreError> {
    if text.len() > LARGEST_DOCUMENT {
        return Err(StoreError::TooLarge { place });
    }
    document::read(text).map_err(|source| StoreError::Document {
        place,
        source: Box::new(source),
    })
}
