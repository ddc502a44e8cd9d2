//! The configuration: defaults, then one TOML file, then the environment.
//!
//! Every key stands once in the table of its section (`KEYS`), with its default and its meaning;
//! reading, checking, printing and the reference all work from those tables.

mod caa;
mod data_folder;
mod database;
mod duration;
mod environment;
mod issuing;
mod key;
mod keys;
mod log;
mod mail;
mod print;
mod problem;
mod read;
mod reference;
mod retention;
mod server;
mod sessions;
mod values;

use std::path::Path;

pub use caa::CaaCheck;
pub use data_folder::DataFolder;
pub use database::Database;
pub use environment::Environment;
pub use issuing::Issuing;
pub use key::{Default as KeyDefault, Key};
pub use keys::Keys;
pub use log::{Format, Log};
pub use mail::{Mail, MailSecurity};
pub use print::print;
pub use problem::{Origin, Problem};
pub use reference::reference;
pub use retention::Retention;
pub use server::{Proxy, Server, Tls};
pub use sessions::Sessions;
pub use values::{Value, Values};

/// Name of the configuration file inside the data folder.
pub const FILE_NAME: &str = "certportal.toml";

/// Every section with its keys, in the order of the reference.
pub const SECTIONS: &[Section] = &[
    server::SECTION,
    database::SECTION,
    keys::SECTION,
    mail::SECTION,
    sessions::SECTION,
    issuing::SECTION,
    caa::SECTION,
    retention::SECTION,
    log::SECTION,
];

/// A section of the file.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// Name in brackets.
    pub name: &'static str,
    /// One sentence about it.
    pub meaning: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
}

/// The whole configuration, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the portal listens and under which name.
    pub server: Server,
    /// Where the data is.
    pub database: Database,
    /// What protects the secrets.
    pub keys: Keys,
    /// How mail is sent.
    pub mail: Mail,
    /// How long people stay signed in.
    pub sessions: Sessions,
    /// How certificates are made.
    pub issuing: Issuing,
    /// How the owners of domains are asked; nothing where they are not.
    pub caa: Option<CaaCheck>,
    /// How long what was issued is kept.
    pub retention: Retention,
    /// What is logged.
    pub log: Log,
}

impl Config {
    /// Reads the file, if there is one or one was asked for, and the environment.
    pub fn load(
        folder: &DataFolder,
        file: Option<&Path>,
        environment: &Environment,
    ) -> Result<(Self, Values), Problem> {
        let mut values = Values::defaults(SECTIONS);
        let in_folder = folder.path().join(FILE_NAME);
        match file {
            Some(file) => read::apply_file(&mut values, file)?,
            None if in_folder.is_file() => read::apply_file(&mut values, &in_folder)?,
            None => {}
        }
        read::apply_environment(&mut values, environment)?;
        Ok((Self::from_values(&values, folder)?, values))
    }

    /// Checks values and gives them their types.
    pub fn from_values(values: &Values, folder: &DataFolder) -> Result<Self, Problem> {
        Ok(Self {
            server: Server::from_values(values, folder)?,
            database: Database::from_values(values, folder)?,
            keys: Keys::from_values(values, folder)?,
            mail: Mail::from_values(values, folder)?,
            sessions: Sessions::from_values(values)?,
            issuing: Issuing::from_values(values)?,
            caa: CaaCheck::from_values(values)?,
            retention: Retention::from_values(values)?,
            log: Log::from_values(values)?,
        })
    }
}

#[cfg(test)]
mod tests;
