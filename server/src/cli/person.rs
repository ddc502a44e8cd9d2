//! `certportal person`.

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use api::{AddPerson, PeopleFilter};
use clap::{Args, Subcommand};
use domain::{Mailbox, PersonId, Secret};
use portal::{Actor, Portal};

use super::context::told;
use super::issue::hand_over;
use super::{Context, Outcome, screen};

/// Add people and change them
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  certportal person add alice@example.com --name \"Alice Adams\" --role employee
  certportal person list
  certportal person set-role bob@example.com approver
  certportal person add-address alice@example.com sales@example.com
  certportal person disable alice@example.com
  certportal person set-password alice@example.com --password-file new-password")]
pub(super) struct Person {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Add a person; prints their start password to a terminal, or writes it to a file
    Add {
        /// Address to sign in with
        mailbox: String,
        /// Name
        #[arg(long)]
        name: String,
        /// employee, approver, admin or auditor
        #[arg(long, default_value = "employee")]
        role: String,
        /// File for the start password; it must not exist yet
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// Record another mail address of a person, for certificates
    AddAddress {
        /// Address that they sign in with
        mailbox: String,
        /// The other address
        address: String,
    },
    /// Take another mail address from a person
    RemoveAddress {
        /// Address that they sign in with
        mailbox: String,
        /// The other address
        address: String,
    },
    /// List all people
    List,
    /// Disable a person and end their sessions
    Disable {
        /// Address that they sign in with
        mailbox: String,
    },
    /// Let a disabled person in again
    Enable {
        /// Address that they sign in with
        mailbox: String,
    },
    /// Set a person's password and end their sessions
    SetPassword {
        /// Address that they sign in with
        mailbox: String,
        /// File that holds the new password; without it, it is read from standard input
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// Change a person's role
    SetRole {
        /// Address that they sign in with
        mailbox: String,
        /// employee, approver, admin or auditor
        role: String,
    },
}

impl Person {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<Outcome> {
        let portal = context.portal().await?;
        let actor = Actor::command_line();
        let done = match self.verb {
            Verb::Add {
                mailbox,
                name,
                role,
                password_file,
            } => {
                let form = AddPerson {
                    name,
                    mailbox,
                    role,
                };
                return add(&portal, &actor, form, password_file.as_deref()).await;
            }
            Verb::List => return list(&portal, &actor).await,
            Verb::AddAddress { mailbox, address } => {
                let id = find(&portal, &actor, &mailbox).await?;
                portal.record_mailbox(&actor, id, address).await
            }
            Verb::RemoveAddress { mailbox, address } => {
                let id = find(&portal, &actor, &mailbox).await?;
                portal.remove_mailbox(&actor, id, address).await
            }
            Verb::Disable { mailbox } => {
                let id = find(&portal, &actor, &mailbox).await?;
                portal.disable_person(&actor, id).await
            }
            Verb::Enable { mailbox } => {
                let id = find(&portal, &actor, &mailbox).await?;
                portal.enable_person(&actor, id).await
            }
            Verb::SetRole { mailbox, role } => {
                let id = find(&portal, &actor, &mailbox).await?;
                portal.set_role(&actor, id, role).await
            }
            Verb::SetPassword {
                mailbox,
                password_file,
            } => {
                let password = read_password(password_file.as_deref())?;
                let mailbox = Mailbox::parse(&mailbox)?;
                told(
                    &portal,
                    portal.set_password(&actor, &mailbox, password).await,
                )?;
                screen::line("The password is set, and the person signed out everywhere.");
                return Ok(Outcome::Done);
            }
        };
        screen::line(&told(&portal, done)?.message);
        Ok(Outcome::Done)
    }
}

async fn find(portal: &Portal, actor: &Actor, mailbox: &str) -> anyhow::Result<PersonId> {
    let parsed = Mailbox::parse(mailbox)?;
    portal
        .find_person(actor, &parsed)
        .await
        .map_err(|error| match error {
            portal::Error::NotFound => anyhow::anyhow!("nobody signs in with {mailbox}"),
            other => anyhow::anyhow!("{}", portal.explain(other).message),
        })
}

async fn add(
    portal: &Portal,
    actor: &Actor,
    form: AddPerson,
    file: Option<&Path>,
) -> anyhow::Result<Outcome> {
    if file.is_none() && !screen::is_terminal() {
        anyhow::bail!("name a file for the start password with --password-file");
    }
    if let Some(file) = file.filter(|file| file.exists()) {
        anyhow::bail!("{} exists already; choose another name", file.display());
    }
    let added = told(portal, portal.add_person(actor, form).await)?;
    screen::note(&format!("added {} <{}>", added.name, added.mailbox));
    hand_over(&added.start_password.into_secret(), file)?;
    Ok(Outcome::Done)
}

async fn list(portal: &Portal, actor: &Actor) -> anyhow::Result<Outcome> {
    let mut filter = PeopleFilter::default();
    loop {
        let page = told(portal, portal.people(actor, filter.clone()).await)?;
        for row in &page.rows {
            let (mailbox, role, state, name) = (&row.mailbox, row.role, row.state, &row.name);
            screen::line(&format!("{mailbox}\t{role}\t{state}\t{name}"));
        }
        if page.next.is_none() {
            return Ok(Outcome::Done);
        }
        filter.after = page.next;
    }
}

/// Reads a password that nobody else sees: from a file, or from what is piped in.
fn read_password(file: Option<&Path>) -> anyhow::Result<Secret<String>> {
    let mut text = String::new();
    match file {
        Some(file) => {
            text = std::fs::read_to_string(file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
        }
        None if std::io::stdin().is_terminal() => {
            anyhow::bail!(
                "a terminal would show it: name a file with --password-file, or pipe it in"
            );
        }
        None => {
            std::io::stdin()
                .read_to_string(&mut text)
                .context("standard input cannot be read")?;
        }
    }
    let text = Secret::new(text);
    Ok(Secret::new(
        text.expose().trim_end_matches(['\r', '\n']).to_owned(),
    ))
}
