//! What several stories begin with, fill in or ask for.

pub(crate) mod authorities;
pub(crate) mod own_keys;
pub(crate) mod reader;
pub(crate) mod requests;
pub(crate) mod templates;
pub(crate) mod tokens;
