//! Tests over the whole command line.

mod help_texts;
