//! The authorities: each below its root, with how it is doing and what can be done with it.

mod forms;

use api::{AuthoritiesView, AuthorityView, url};
use domain::AuthorityPurpose;
use leptos::prelude::*;

use self::forms::{Import, New, Waiting, verbs};
use crate::components::{Badge, BadgeTone, Facts, Loaded, Notice, PageHead};
use crate::server_fns::read_authorities;

/// Loads the authorities.
#[component]
pub fn AuthoritiesPage() -> impl IntoView {
    let authorities = Resource::new(|| (), |()| read_authorities());
    view! {
        <PageHead
            title="Authorities"
            lead="Whose signature stands under the certificates. Of those in use the newest signs."
        />
        <Loaded resource=authorities view=|view| shown(view).into_any() />
    }
}

fn shown(view: AuthoritiesView) -> impl IntoView {
    let AuthoritiesView {
        authorities,
        requests,
        roots,
        mail_domains,
        may_manage,
    } = view;
    let list = authorities
        .into_iter()
        .map(|one| authority(one, may_manage))
        .collect_view();
    let requests = requests
        .into_iter()
        .map(|request| view! { <Waiting request=request may_manage=may_manage /> })
        .collect_view();
    let forms = may_manage.then(|| {
        view! {
            <div class="ways">
                <New roots=roots mail_domains=mail_domains />
                <Import />
            </div>
        }
    });
    view! {
        <ul class="plain authorities">{list} {requests}</ul>
        <p>
            <a href=url::AUTHORITY_HELP>"How to make devices trust the root"</a>
        </p>
        {forms}
    }
}

fn authority(one: AuthorityView, may_manage: bool) -> impl IntoView {
    let files = files(&one);
    let verbs = may_manage.then(|| verbs(&one));
    let class = format!("card stack depth-{}", one.depth.min(3));
    let state = (!one.is_active).then(|| view! { <Badge text="Retired" tone=BadgeTone::Quiet /> });
    let warnings = one
        .warnings
        .into_iter()
        .map(|text| view! { <Notice tone=BadgeTone::Warn>{text}</Notice> })
        .collect_view();
    let facts = one
        .facts
        .into_iter()
        .map(|(name, value)| {
            let value = if name == "SHA-256" {
                view! { <code>{value}</code> }.into_any()
            } else {
                value.into_any()
            };
            (name, value)
        })
        .collect();
    view! {
        <li class=class>
            <div>
                <h2>{one.name}</h2>
                <p>
                    <Badge text=purpose(one.purpose) tone=BadgeTone::Wait />
                    " "
                    {state}
                </p>
            </div>
            {warnings}
            <Facts rows=facts />
            {files}
            {verbs}
        </li>
    }
}

/// What an authority is for.
fn purpose(purpose: AuthorityPurpose) -> &'static str {
    match purpose {
        AuthorityPurpose::Root => "Signs authorities",
        AuthorityPurpose::Mail => "Signs for mail",
        AuthorityPurpose::Tls => "Signs for TLS",
    }
}

/// Links to an authority's files.
fn files(one: &AuthorityView) -> impl IntoView + use<> {
    let link = |ending: &'static str, label: &'static str| {
        view! {
            <a href=url::pki_file(one.id, ending) rel="external" download="">
                {label}
            </a>
            " "
        }
    };
    let list = one.has_list.then(|| link("crl", "Revocation list"));
    view! {
        <p class="files">
            {link("crt", "Certificate (.crt)")} {link("pem", "PEM")} {link("p7b", "Chain (.p7b)")}
            {list}
        </p>
    }
}
