//! The search for secrets in any form.

pub(crate) use tests::forms::found;
