//! Generated tenants: several sources, managed or not, identities shared by
//! accounts, any `uid` mapping, full token slots, stores in every state; each loaded
//! into the simulator, read by the client, planned and applied.

mod drawn;
mod made;
mod partial;
mod properties;
mod sampled;
mod setting;
