//! Secrets at rest, and the passwords of people.
//!
//! What must not lie readable in the database is sealed into an [envelope](KeyRing::seal) under a
//! [`KeyRing`], bound to the exact table, row, column and owner it belongs to. The crate also
//! hashes sign-in passwords, judges new ones, and makes the passwords and tokens that the portal
//! hands out. It does no I/O but for the key ring's file, and never asks for time or randomness.

mod envelope;
mod error;
mod key_check;
mod keyring;
mod keyring_file;
mod keyring_text;
mod password;
mod password_rule;
mod pfx_password;
mod token;

pub use domain::Secret;
pub use envelope::Place;
pub use error::Error;
pub use keyring::{KeyId, KeyRing};
pub use keyring_file::KeyRingError;
pub use password::{PasswordCost, PasswordHasher, generate_salt};
pub use password_rule::{PasswordProblem, check_new_password};
pub use pfx_password::{generate_pfx_password, generate_start_password};
pub use token::{hash_token, is_same, random_token};
