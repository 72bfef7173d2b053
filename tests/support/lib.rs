//! Actors and places for the journeys: real servers on port 0, real files in temporary folders, named
//! people. Nothing here pretends.

mod device;
mod digest;
mod fixture;
mod phone;
pub mod records;
mod rows;
mod server;
mod view;
mod wire;

pub use device::Device;
pub use digest::{Digest, mirror_digest, server_digest};
pub use fixture::{Truth, TruthMessage, fixture, message_text};
pub use phone::{Manner, Phone};
pub use rows::{Held, Rows, assert_at_cursor, assert_same, held_rows, server_rows};
pub use server::TestServer;
pub use view::{in_view, wanted_view};
pub use wire::Wire;
