//! People edit the tenant between plan and apply, and while an apply runs. Each edit is kept,
//! or exactly the step that would overwrite it is refused; no account is removed.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test prints what it counts, and is to fail loudly"
)]

mod accounts;
mod case;
mod edit;
mod levels;
mod settings;
mod site;
mod tokens;
