//! Stories of the use cases, on both databases, without HTTP.

mod crash;
mod decide;
mod ledger;
mod secrets;
mod setting;
