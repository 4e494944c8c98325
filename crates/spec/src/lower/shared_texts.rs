//! Texts that many objects have, each kept once: user levels, scopes, stores and names of
//! tokens.

use foldhash::HashSet;
use std::sync::Arc;

/// How many texts are shared. Texts that are all different are not kept twice.
const MOST: usize = 2_000;

/// The texts so far.
#[derive(Default)]
pub(crate) struct SharedTexts(HashSet<Arc<str>>);

impl SharedTexts {
    /// The text, in the one place where it is kept.
    pub(crate) fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        if self.0.len() < MOST {
            self.0.insert(Arc::clone(&new));
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_once_up_to_a_number() {
        let mut texts = SharedTexts::default();
        let first = texts.shared("REPORT_ADMIN");
        for number in 0..2 * MOST {
            assert_eq!(&*texts.shared(&number.to_string()), number.to_string());
        }
        assert!(Arc::ptr_eq(&first, &texts.shared("REPORT_ADMIN")));
        assert_eq!(texts.0.len(), MOST);
    }
}
