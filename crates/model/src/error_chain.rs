//! Error chain as one line of text: an error and its causes.

use std::error::Error;

/// The error and all its causes, joined by colons.
///
/// A cause whose text is already there is left out: some errors repeat the
/// text of their cause in their own.
pub fn error_chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let part = error.to_string();
        if !text.contains(&part) {
            text.push_str(": ");
            text.push_str(&part);
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::error_chain;
    use std::error::Error;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Link {
        text: &'static str,
        source: Option<Box<dyn Error>>,
    }

    fn chain(texts: &[&'static str]) -> String {
        let error = texts.iter().rev().fold(None, |source, text| {
            Some(Box::new(Link { text, source }) as Box<dyn Error>)
        });
        error_chain(&*error.unwrap())
    }

    #[test]
    fn causes_follow_and_are_not_repeated() {
        assert_eq!(chain(&["cannot read"]), "cannot read");
        assert_eq!(
            chain(&["cannot read", "no answer", "refused"]),
            "cannot read: no answer: refused"
        );
        assert_eq!(
            chain(&["cannot read (refused)", "refused", "by peer"]),
            "cannot read (refused): by peer"
        );
    }
}
