//! What a value is called in messages: by its key.

use std::fmt;

/// The value that is being read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ValueName {
    /// The whole file.
    #[default]
    File,
    /// The value of a key.
    Key(&'static str),
    /// An item of the list under a key.
    Item(&'static str),
    /// A value below a name of the person's own, in the mapping under a key.
    Entry(&'static str),
}

impl ValueName {
    /// An item of the list that has this name.
    pub(crate) fn item(self) -> Self {
        match self {
            Self::Key(key) => Self::Item(key),
            Self::File | Self::Item(_) | Self::Entry(_) => self,
        }
    }

    /// A value in the mapping that has this name.
    pub(crate) fn entry(self) -> Self {
        match self {
            Self::Key(key) => Self::Entry(key),
            Self::File | Self::Item(_) | Self::Entry(_) => self,
        }
    }

    /// How to write this value: with its key where it has one.
    pub(crate) fn written(self, value: &str) -> String {
        match self {
            Self::Key(key) => format!("`{key}: {value}`"),
            Self::File | Self::Item(_) | Self::Entry(_) => format!("`{value}`"),
        }
    }
}

impl fmt::Display for ValueName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => formatter.write_str("spec file"),
            Self::Key(key) => write!(formatter, "`{key}`"),
            Self::Item(key) => write!(formatter, "item of `{key}`"),
            Self::Entry(key) => write!(formatter, "entry of `{key}`"),
        }
    }
}
