//! The problems of a spec, as people, programs and CI systems read them.

pub(crate) mod count;
pub(crate) mod excerpt;
pub(crate) mod terminal;
