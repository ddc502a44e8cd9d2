//! What every verb stands on: the repository, the screen, other programs, the machine.

pub(crate) mod apt;
pub(crate) mod fingerprint;
pub(crate) mod needs;
pub(crate) mod node;
pub(crate) mod postgres;
pub(crate) mod program;
pub(crate) mod python;
pub(crate) mod repo;
pub(crate) mod screen;

pub(crate) use repo::Repo;
