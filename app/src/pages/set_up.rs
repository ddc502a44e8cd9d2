//! The first start: what the first administrator enters.

use api::{SetUpForm, SiteState, url};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{
    ButtonLink, Card, Empty, Loaded, PageHead, PortalForm, SelectField, Submit, TextField,
};
use crate::context::use_site;
use crate::server_fns::read_set_up_form;

/// The set-up page.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let query = use_query_map();
    let token = Memo::new(move |_| query.with(|query| query.get("token")).unwrap_or_default());
    let form = Resource::new(move || token.get(), read_set_up_form);
    view! {
        <div class="narrow">
            <PageHead
                title="Set up the portal"
                lead="Two minutes, once. Afterwards the portal has its own certification authority and you are its first administrator."
            />
            <Loaded
                resource=form
                view=move |form| set_up_view(&form, token.get_untracked()).into_any()
            />
        </div>
    }
}

/// Whether the portal has no administrator yet.
fn is_waiting() -> bool {
    use_site().is_some_and(|site| site.state == SiteState::NeedsSetUp)
}

/// The form, or why there is none.
pub(crate) fn set_up_view(form: &SetUpForm, token: String) -> impl IntoView + use<> {
    if !form.is_valid && token.is_empty() && is_waiting() {
        return view! {
            <Empty
                title="Open the link from the server's log"
                text="This portal has been started but not set up. The link opens this page with its form; whoever can read the log becomes the first administrator. If it is used up, restart the portal and it writes a new one."
            />
        }
        .into_any();
    }
    if !form.is_valid {
        return view! {
            <Empty
                title="This link does not work any more"
                text="It was used already or is too old. If the portal is not set up yet, restart it: it writes a new link to the server's log."
            >
                <ButtonLink href=url::HOME label="To the portal" />
            </Empty>
        }
        .into_any();
    }
    view! {
        <PortalForm action="/api/ui/set-up" class="stack">
            <input type="hidden" name="token" value=token />
            <Card class="stack">
                <h2>"Your organisation"</h2>
                <TextField
                    name="organisation"
                    label="Name of the organisation"
                    hint="As it will stand in every certificate. It cannot be changed later without a new authority."
                    autocomplete="organization"
                    required=true
                />
                <TextField
                    name="country"
                    label="Country"
                    hint="Two letters, for example DE, FR or GB."
                    autocomplete="country"
                    required=true
                />
                <TextField
                    name="mail_domains"
                    label="Mail domains"
                    hint="What comes after the @ in your people's addresses. Several are separated by blanks. Certificates are issued for these domains only."
                    required=true
                />
                <SelectField
                    name="confine"
                    label="Confine the mail authority to these domains"
                    options=vec![
                        ("yes".to_owned(), "Yes: it is worth nothing for other domains".to_owned()),
                        ("no".to_owned(), "No: I will add mail domains later".to_owned()),
                    ]
                />
            </Card>
            <Card class="stack">
                <h2>"You"</h2>
                <TextField name="name" label="Your name" autocomplete="name" required=true />
                <TextField
                    name="mailbox"
                    label="Your mail address"
                    kind="email"
                    hint="In one of the domains above. You sign in with it."
                    autocomplete="username"
                    required=true
                />
                <TextField
                    name="password"
                    label="Choose a password"
                    kind="password"
                    hint="At least 12 characters. Length helps more than odd signs: four unrelated words are good."
                    autocomplete="new-password"
                    required=true
                />
                <TextField
                    name="password_again"
                    label="The same password again"
                    kind="password"
                    autocomplete="new-password"
                    required=true
                />
            </Card>
            <Submit label="Set up the portal" />
        </PortalForm>
    }
    .into_any()
}
