//! What the owners of domains say about who may issue certificates for them: CAA records
//! (RFC 8659), for mail the property `issuemail` (RFC 9495).
//!
//! The rules are pure (`rule`, `value`); which records hold is found by climbing from a name to its
//! parents (`climb`) through a [`Lookup`], of which [`NameServers`] is the real one. Where there is
//! no trustworthy answer there is no permission. This crate knows no certificates and no requests.

mod check;
mod climb;
mod kept;
mod lookup;
mod name_servers;
mod question;
mod rule;
mod value;

pub use check::{Answer, Caa};
pub use lookup::{Lookup, LookupError, Property, RecordSet};
pub use name_servers::{NameServers, NameServersError};
pub use question::Question;
