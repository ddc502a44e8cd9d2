//! How to make devices trust the organisation's root. For everybody, also before signing in.

use api::{AuthorityHelp, RootFile, url};
use leptos::prelude::*;

use crate::components::{Card, Loaded, PageHead};
use crate::server_fns::read_authority_help;

/// Loads the roots.
#[component]
pub fn AuthorityHelpPage() -> impl IntoView {
    let help = Resource::new(|| (), |()| read_authority_help());
    view! {
        <PageHead
            title="Trust our certificates"
            lead="Once on each device, so that it knows certificates of this organisation."
        />
        <Loaded resource=help view=|help| shown(help).into_any() />
    }
}

fn shown(help: AuthorityHelp) -> impl IntoView {
    let roots = help.roots.into_iter().map(root).collect_view();
    let steps = help
        .steps
        .into_iter()
        .map(|(system, steps)| {
            let steps = steps
                .into_iter()
                .map(|step| view! { <li>{with_code(&step)}</li> })
                .collect_view();
            view! {
                <section class="help-system">
                    <h2>{system}</h2>
                    <ol class="help-steps">{steps}</ol>
                </section>
            }
        })
        .collect_view();
    view! {
        {roots}
        <div class="help-systems">{steps}</div>
    }
}

/// A sentence, in which what is typed stands between backticks.
fn with_code(step: &str) -> impl IntoView + use<> {
    step.split('`')
        .enumerate()
        .map(|(at, part)| match at % 2 {
            0 => part.to_owned().into_any(),
            _ => view! { <code translate="no">{part.to_owned()}</code> }.into_any(),
        })
        .collect_view()
}

fn root(root: RootFile) -> impl IntoView {
    let id = root.id;
    let link = move |ending: &str, label: &'static str| {
        view! {
            <a href=url::pki_file(id, ending) rel="external" download="">
                {label}
            </a>
            " "
        }
    };
    view! {
        <Card class="stack">
            <h2>{root.name}</h2>
            <p class="files">
                {link("crt", "Certificate (.crt)")} {link("pem", "PEM (.pem)")} {link("p7b", "Chain (.p7b)")}
            </p>
            <div>
                <p>"SHA-256, to compare with what your administrator tells you:"</p>
                <p class="thumbprint">
                    <code>{root.thumbprint}</code>
                </p>
            </div>
        </Card>
    }
}
