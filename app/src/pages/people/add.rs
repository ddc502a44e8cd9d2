//! The form to add a person, folded away.

use api::AddedPerson;
use leptos::prelude::*;

use super::{ABOUT_ROLES, roles};
use crate::components::{Fold, PortalForm, SelectField, Submit, TextField};

/// Where the form goes.
const ADD: &str = "/people/add";

/// Adds a person; the answer holds their start password.
#[component]
pub(super) fn AddForm(
    /// Gets the person that was added.
    on_added: Callback<AddedPerson>,
) -> impl IntoView {
    let on_json = Callback::new(move |json: String| {
        if let Ok(added) = serde_json::from_str(&json) {
            on_added.run(added);
        }
    });
    view! {
        <Fold summary="Add a person" class="card people-add">
            <PortalForm action=ADD class="stack" on_json=on_json>
                <TextField
                    name="name"
                    label="Name"
                    hint="As it should stand in certificates."
                    autocomplete="off"
                    required=true
                />
                <TextField
                    name="mailbox"
                    label="Mail address"
                    kind="email"
                    hint="To sign in with. They can request a certificate for it at once."
                    autocomplete="off"
                    required=true
                />
                <SelectField
                    name="role"
                    label="Role"
                    options=roles("")
                    value="employee"
                    hint=ABOUT_ROLES
                />
                <p>"The portal makes a start password and shows it to you once."</p>
                <div class="actions">
                    <Submit label="Add" />
                </div>
            </PortalForm>
        </Fold>
    }
}
