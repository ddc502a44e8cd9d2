//! What `serve` tells the person who started it, on standard output: where the portal is, how to
//! set it up, and in a demonstration how to sign in.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use domain::Secret;
use portal::{DemoPerson, Portal};
use serde_json::json;

use crate::private_file;

/// Prepares the demonstration and shows its people with their passwords, which are new each time.
pub(super) async fn demo(portal: &Portal, file: Option<&Path>) -> anyhow::Result<()> {
    let people = portal
        .seed_demo()
        .await
        .context("the demonstration could not be prepared")?;
    let mut table = String::from("Demonstration: these people can sign in until the next start.\n");
    for person in &people {
        use std::fmt::Write as _;
        let DemoPerson {
            name,
            mailbox,
            role,
            password,
            ..
        } = person;
        let (name, mailbox, role) = (name.as_str(), mailbox.as_str(), role.as_str());
        let password = password.expose();
        let _ = writeln!(table, "  {name:<14} {mailbox:<22} {role:<10} {password}");
    }
    say(&table);
    if let Some(file) = file {
        let json = people_as_json(&people);
        private_file::replace(file, &json)
            .with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(())
}

/// Shows the one-time link of a portal that has no administrator yet.
pub(super) async fn set_up_link(portal: &Portal, base_url: &str) -> anyhow::Result<()> {
    if let Some(token) = portal.set_up_link_token().await? {
        let path = api::url::SET_UP;
        let token = token.expose();
        say(&format!(
            "Set the portal up, once: {base_url}{path}?token={token}\n"
        ));
    }
    Ok(())
}

/// Says that the portal answers.
pub(super) fn ready(base_url: &str, took: Duration) {
    let ms = took.as_millis();
    say(&format!(
        "CertPortal is ready at {base_url} (started in {ms} ms)\n"
    ));
    tracing::info!(base_url, ms, "ready");
}

fn people_as_json(people: &[DemoPerson]) -> Secret<Vec<u8>> {
    let people: BTreeMap<_, _> = people
        .iter()
        .map(|person| {
            let value = json!({
                "name": person.name.as_str(),
                "mailbox": person.mailbox.as_str(),
                "role": person.role.as_str(),
                "password": person.password.expose(),
            });
            (person.key, value)
        })
        .collect();
    Secret::new(serde_json::to_vec_pretty(&people).unwrap_or_default())
}

fn say(text: &str) {
    // Nobody may be listening; the portal works all the same.
    let mut out = std::io::stdout().lock();
    drop(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}
