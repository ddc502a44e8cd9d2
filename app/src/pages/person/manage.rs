//! What an administrator can change about a person. Everything that takes something away says
//! first what it takes, in numbers.

use api::{AddedPerson, CertificateCard, CertificateState, PersonView as Person, url};
use domain::{PersonId, PersonState, RequestState, Role};
use leptos::prelude::*;

use super::super::people::{ABOUT_ROLES, roles};
use crate::components::{Card, Confirm, PortalForm, SelectField, Submit, TextField, Tone};
use crate::words::count;

/// Role, password and account.
#[component]
pub(super) fn Manage(
    /// The person.
    person: Person,
    /// Gets their new start password.
    on_added: Callback<AddedPerson>,
) -> impl IntoView {
    let row = &person.row;
    let role = set_role(row.id, row.role);
    let names = set_name_parts(&person);
    let (record, remove) = (record_mailbox(row.id), remove_mailboxes(&person));
    let password = reset_password(&person, on_added);
    let tokens = (person.tokens > 0).then(|| revoke_tokens(&person));
    let account = match row.state {
        PersonState::Active => disable(&person),
        PersonState::Disabled => enable(&person),
    };
    view! {
        <Card class="manage">
            <h2>"Change"</h2>
            {role}
            {names}
            {record}
            {remove}
            <div class="ways">
                {password}
                {tokens}
                {account}
            </div>
        </Card>
    }
}

fn set_role(id: PersonId, role: Role) -> AnyView {
    view! {
        <PortalForm action="/api/ui/set-role" class="stack">
            <input type="hidden" name="id" value=id.to_string() />
            <SelectField
                name="role"
                label="Role"
                options=roles("")
                value=role.to_string()
                hint=ABOUT_ROLES
            />
            <div class="actions">
                <Submit label="Set role" tone=Tone::Quiet />
            </div>
        </PortalForm>
    }
    .into_any()
}

fn set_name_parts(person: &Person) -> AnyView {
    let id = person.row.id.to_string();
    let (given_name, surname) = (person.given_name.clone(), person.surname.clone());
    view! {
        <PortalForm action="/api/ui/set-name-parts" class="stack">
            <input type="hidden" name="id" value=id />
            <TextField
                name="given_name"
                label="Given name"
                value=given_name
                hint="For certificates that name the person: as it stands in their papers. Both or none."
                autocomplete="off"
            />
            <TextField
                name="surname"
                label="Surname"
                value=surname
                autocomplete="off"
            />
            <div class="actions">
                <Submit label="Set the names" tone=Tone::Quiet />
            </div>
        </PortalForm>
    }
    .into_any()
}

fn record_mailbox(id: PersonId) -> AnyView {
    view! {
        <PortalForm action="/api/ui/record-mailbox" class="stack">
            <input type="hidden" name="id" value=id.to_string() />
            <TextField
                name="mailbox"
                label="Another mail address"
                kind="email"
                hint="One whose mail the person reads, for example that of a department. They can have certificates for it."
                autocomplete="off"
                required=true
            />
            <div class="actions">
                <Submit label="Record the address" tone=Tone::Quiet />
            </div>
        </PortalForm>
    }
    .into_any()
}

/// One for each address that they do not sign in with.
fn remove_mailboxes(person: &Person) -> Option<AnyView> {
    let others = person.mailboxes.iter();
    let others: Vec<AnyView> = others
        .filter(|mailbox| **mailbox != person.row.mailbox)
        .map(|mailbox| {
            let valid = match certificates_for(person, mailbox) {
                0 => "No valid one is there.",
                1 => "One that is valid stays as it is until somebody revokes it.",
                count => {
                    &format!("{count} that are valid stay as they are until somebody revokes them.")
                }
            };
            let name = &person.row.name;
            let what_happens = format!("{name} can have no new certificate for it. {valid}");
            remove_mailbox(person.row.id, mailbox.clone(), what_happens)
        })
        .collect();
    (!others.is_empty()).then(|| view! { <div class="ways">{others}</div> }.into_any())
}

fn remove_mailbox(id: PersonId, mailbox: String, what_happens: String) -> AnyView {
    view! {
        <Confirm summary=format!("Remove {mailbox}")>
            <p>{what_happens}</p>
            <PortalForm action="/api/ui/remove-mailbox">
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="mailbox" value=mailbox />
                <Submit label="Remove the address" tone=Tone::Danger />
            </PortalForm>
        </Confirm>
    }
    .into_any()
}

/// How many are valid and name an address.
fn certificates_for(person: &Person, mailbox: &str) -> u64 {
    let names = |card: &&CertificateCard| {
        card.mailbox == mailbox || card.names.split_whitespace().any(|name| name == mailbox)
    };
    let is_valid = |card: &&CertificateCard| {
        !matches!(
            card.state,
            CertificateState::Revoked | CertificateState::Expired
        )
    };
    let found = person.certificates.iter().filter(is_valid).filter(names);
    found.count().try_into().unwrap_or(u64::MAX)
}

fn reset_password(person: &Person, on_added: Callback<AddedPerson>) -> AnyView {
    let action = format!("{}/reset-password", url::person(person.row.id));
    let on_json = Callback::new(move |json: String| {
        if let Ok(added) = serde_json::from_str(&json) {
            on_added.run(added);
        }
    });
    let what_happens = format!(
        "{} gets a new start password, which you see once. The old one stops working{}. \
         Certificates and keys stay as they are.",
        person.row.name,
        ended(person),
    );
    view! {
        <Confirm summary="Reset password">
            <p>{what_happens}</p>
            <PortalForm action=action on_json=on_json>
                <Submit label="Reset password" tone=Tone::Danger />
            </PortalForm>
        </Confirm>
    }
    .into_any()
}

fn revoke_tokens(person: &Person) -> AnyView {
    let id = person.row.id.to_string();
    let what_happens = format!(
        "{} revoked. Programs that use them are refused at once; certificates stay as they are.",
        count(person.tokens, "API token is", "API tokens are"),
    );
    view! {
        <Confirm summary="Revoke API tokens">
            <p>{what_happens}</p>
            <PortalForm action="/api/ui/revoke-tokens">
                <input type="hidden" name="id" value=id />
                <Submit label="Revoke all" tone=Tone::Danger />
            </PortalForm>
        </Confirm>
    }
    .into_any()
}

fn disable(person: &Person) -> AnyView {
    let id = person.row.id.to_string();
    let (what_happens, label) = (
        what_disabling_does(person),
        format!("Disable {}", person.row.name),
    );
    view! {
        <Confirm summary="Disable">
            <p>{what_happens}</p>
            <PortalForm action="/api/ui/disable-person">
                <input type="hidden" name="id" value=id />
                <Submit label=label tone=Tone::Danger />
            </PortalForm>
        </Confirm>
    }
    .into_any()
}

fn enable(person: &Person) -> AnyView {
    let id = person.row.id.to_string();
    let what_happens = format!(
        "{} can sign in again with the old password and use {}.",
        person.row.name,
        count(certificates(person), "certificate", "certificates"),
    );
    let label = format!("Enable {}", person.row.name);
    view! {
        <Confirm summary="Enable">
            <p>{what_happens}</p>
            <PortalForm action="/api/ui/enable-person">
                <input type="hidden" name="id" value=id />
                <Submit label=label />
            </PortalForm>
        </Confirm>
    }
    .into_any()
}

/// In words and numbers.
fn what_disabling_does(person: &Person) -> String {
    let name = &person.row.name;
    let waiting = person
        .requests
        .iter()
        .filter(|r| r.state == RequestState::Waiting)
        .count();
    let waiting = match u64::try_from(waiting).unwrap_or(u64::MAX) {
        0 => String::new(),
        number => format!(
            " {} in the queue.",
            count(number, "request stays", "requests stay")
        ),
    };
    let kept = match certificates(person) {
        0 => "There is no certificate to keep.".to_owned(),
        1 => "1 certificate is kept with its key.".to_owned(),
        number => format!("{number} certificates are kept with their keys."),
    };
    format!(
        "{name} can no longer sign in{}.{waiting} {kept} You can enable {name} again at any time.",
        ended(person)
    )
}

fn certificates(person: &Person) -> u64 {
    u64::try_from(person.certificates.len()).unwrap_or(u64::MAX)
}

/// What somebody else's new password or a disabled account takes away.
fn ended(person: &Person) -> String {
    let sessions = match person.sessions {
        0 => String::new(),
        number => format!(
            ", and {} at once",
            count(number, "session ends", "sessions end")
        ),
    };
    let tokens = match person.tokens {
        0 => String::new(),
        number => format!(
            ", and {} revoked",
            count(number, "API token is", "API tokens are")
        ),
    };
    sessions + &tokens
}
