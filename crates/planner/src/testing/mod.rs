//! Test support of the planner: fixtures, generators, an oracle of apply, and the cases over whole plans.

mod classified;
mod deliveries;
mod differences;
mod doubts;
pub(crate) mod fixtures;
pub(crate) mod generators;
mod growth;
pub(crate) mod guard_cases;
mod guard_facts;
mod guard_reports;
mod imports;
mod invitations;
mod mutations;
mod names;
mod owners;
mod ownership;
mod partial;
mod properties;
mod reading_list;
mod realized;
mod renames;
pub(crate) mod scenarios;
mod selection_properties;
mod selection_scenarios;
mod shared_identities;
mod store_properties;
mod store_scenarios;
