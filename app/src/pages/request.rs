//! Requesting a certificate: everything that is known is filled in.

mod choices;

use api::{RequestFor, RequestForm, TemplateChoice, url};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use self::choices::{advanced, hosts, mailboxes, templates};
use crate::components::{ButtonLink, Card, Empty, Loaded, PageHead, PortalForm, Submit, TextArea};
use crate::server_fns::read_request_form;

/// The request page.
#[component]
pub fn RequestPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let get = |name: &str| query.get(name).unwrap_or_default();
            RequestFor {
                person: get("for"),
                copy: get("copy"),
            }
        })
    });
    let form = Resource::new(move || asked.get(), read_request_form);
    view! {
        <PageHead
            title="Request a certificate"
            lead="One certificate works on all your devices."
        />
        <Loaded resource=form view=|form| request_view(form).into_any() />
    }
}

/// The form, or why there is none.
pub(crate) fn request_view(form: RequestForm) -> impl IntoView {
    if form.mailboxes.is_empty() || form.templates.is_empty() {
        return view! {
            <Empty
                title="There is nothing to request yet"
                text="Your account has no confirmed mail address, or there is no certificate for your role. An administrator can change that."
            >
                <ButtonLink href=url::HOME label="My certificates" />
            </Empty>
        }
        .into_any();
    }
    let next = next_steps(&form.templates);
    // A signing request may come as a file.
    let upload = form.templates.iter().any(|template| template.takes_own_key);
    let person = form.person.as_ref().map(|person| {
        view! {
            <div class="field">
                <p class="label">"For"</p>
                <p class="given">{person.name.clone()}</p>
                <input type="hidden" name="person" value=person.id.to_string() />
            </div>
        }
    });
    view! {
        <PortalForm action=url::REQUEST_CERTIFICATE upload=upload class="request-form">
            <input type="hidden" name="idempotency_key" value=form.idempotency_key />
            <Card class="stack">
                {person} {mailboxes(form.mailboxes, &form.mailbox)}
                {templates(&form.templates, form.template)} {hosts(&form.templates, form.names, form.device)}
                {reason(&form.templates)} {advanced(&form.templates, form.key_algorithm)}
            </Card>
            {next}
            <Submit label="Request the certificate" />
        </PortalForm>
    }
    .into_any()
}

/// Why; only where somebody will read it.
fn reason(templates: &[TemplateChoice]) -> Option<impl IntoView + use<>> {
    let asked = templates
        .iter()
        .filter(|template| template.needs_approval)
        .count();
    (asked > 0).then(|| {
        view! {
            <div class="request-reason">
                <TextArea
                    name="reason"
                    label="What do you need it for?"
                    hint="One sentence for the person who decides."
                    required=asked == templates.len()
                />
            </div>
        }
    })
}

/// What happens after the button. Where some templates need a decision and others do not, the style
/// sheet shows what fits the chosen one; who decides stands beside it.
fn next_steps(templates: &[TemplateChoice]) -> impl IntoView + use<> {
    let is_decided = templates.iter().any(|template| template.needs_approval);
    let is_at_once = templates.iter().any(|template| !template.needs_approval);
    let decided = is_decided.then(|| {
        view! {
            <li class="next-decided">
                "Your request is looked at. You get a mail as soon as it is decided."
            </li>
        }
    });
    let at_once = is_at_once.then(|| {
        view! {
            <li class="next-at-once">
                "Nobody has to decide: the portal starts at once and needs about a minute."
            </li>
        }
    });
    view! {
        <section class="next-steps">
            <h2>"What happens next"</h2>
            <ol>
                {decided} {at_once}
                <li>"The portal makes your certificate. You can close the page while it does."</li>
                <li>"You download it for your device and open it with a password that only you can see."</li>
            </ol>
        </section>
    }
}
