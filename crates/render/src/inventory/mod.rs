//! The inventory for auditors: who may do what, since when, and who approved it.

mod build;
mod csv;
mod document;
mod html;

pub use csv::csv;
pub use document::{
    AccountRecord, Approval, InventoryDocument, Management, TokenAllows, TokenRecord,
};
pub use html::html;
