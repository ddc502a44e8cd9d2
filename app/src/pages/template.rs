//! A template: what it says, its versions, and the editor. The same page without a template is the
//! form for a new one.

mod editor;
mod preview;

use api::{Error, TemplateRow, TemplateVersionView, TemplateView, url};
use domain::TemplateId;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;

use self::editor::editor;
use crate::Failure;
use crate::components::{
    Badge, BadgeTone, Card, Confirm, Facts, Loaded, PageHead, PortalForm, Submit, Tone, When,
};
use crate::context::use_site;
use crate::server_fns::read_template;
use crate::words::count;

/// Loads a template.
#[component]
pub fn TemplatePage() -> impl IntoView {
    let params = use_params_map();
    let template = Resource::new(
        move || params.with(|params| params.get("id").unwrap_or_default()),
        |id| async move {
            let id = match id.as_str() {
                "new" => None,
                id => {
                    let id = id.parse::<TemplateId>();
                    Some(id.map_err(|_| Failure(Error::not_found()))?)
                }
            };
            read_template(id).await
        },
    );
    view! {
        <Loaded
            resource=template
            view=|template| {
                use_site().map(|site| template_view(template, site.now)).into_any()
            }
        />
    }
}

fn template_view(template: TemplateView, now: OffsetDateTime) -> AnyView {
    let TemplateView {
        row,
        facts,
        versions,
        editor: sections,
    } = template;
    let seen = row.as_ref().map(|row| (row.id, row.version));
    let editor = (!sections.is_empty()).then(|| editor(seen, sections));
    let may_manage = editor.is_some();
    let Some(row) = row else {
        return (view! { <PageHead title="New template" /> }, editor).into_any();
    };
    view! {
        <PageHead title=row.name.clone() />
        <div class="template">
            <Card class="stack">
                <h2>"What it says now"</h2>
                <p>{offered(row.is_offered)}</p>
                <Facts rows=words(facts) />
                {may_manage.then(|| offer(&row))}
            </Card>
            <Card class="stack">
                <h2>"Versions"</h2>
                <ol class="belongings" reversed=true>
                    {versions.into_iter().map(|one| version(one, now)).collect_view()}
                </ol>
            </Card>
            {editor}
        </div>
    }
    .into_any()
}

/// Facts that are words on both sides.
fn words(facts: Vec<(String, String)>) -> Vec<(String, AnyView)> {
    let facts = facts.into_iter();
    facts
        .map(|(name, words)| (name, words.into_any()))
        .collect()
}

/// Offers it again, or no longer.
fn offer(row: &TemplateRow) -> AnyView {
    let id = row.id.to_string();
    if !row.is_offered {
        return view! {
            <PortalForm action="/api/ui/offer-template">
                <input type="hidden" name="id" value=id />
                <Submit label="Offer it again" tone=Tone::Quiet />
            </PortalForm>
        }
        .into_any();
    }
    let what_happens = format!(
        "Nobody can request a certificate with {} any more. What was requested goes on, and {} \
         good until the end. You can offer it again at any time.",
        row.name,
        match row.certificates {
            1 => "1 valid certificate stays".to_owned(),
            number => format!(
                "{} stay",
                count(number, "valid certificate", "valid certificates")
            ),
        },
    );
    view! {
        <Confirm summary="Withdraw">
            <p>{what_happens}</p>
            <PortalForm action="/api/ui/withdraw-template">
                <input type="hidden" name="id" value=id />
                <Submit label="Withdraw the template" tone=Tone::Danger />
            </PortalForm>
        </Confirm>
    }
    .into_any()
}

fn version(version: TemplateVersionView, now: OffsetDateTime) -> AnyView {
    let changes = version.changes.into_iter();
    let changes = changes
        .map(|change| view! { <p>{change}</p> })
        .collect_view();
    view! {
        <li>
            <div>
                <strong>{format!("Version {}", version.number)}</strong>
                <p>"by " {version.by} ", " <When at=version.at now=now /></p>
                {changes}
            </div>
        </li>
    }
    .into_any()
}

/// Where the editor's form goes.
fn action(seen: Option<(TemplateId, i64)>) -> String {
    seen.map_or_else(
        || url::ADD_TEMPLATE.to_owned(),
        |(id, _)| url::change_template(id),
    )
}

/// Whether it is offered, as a badge.
pub(super) fn offered(is_offered: bool) -> AnyView {
    let (text, tone) = if is_offered {
        ("Offered", BadgeTone::Good)
    } else {
        ("Not offered", BadgeTone::Quiet)
    };
    view! { <Badge text=text tone=tone /> }.into_any()
}
