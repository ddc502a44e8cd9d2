//! One's account: is it really me, and where am I signed in?

use api::{AccountView, SessionView, url};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::{
    Badge, BadgeTone, Card, Confirm, Facts, Loaded, PageHead, PortalForm, Submit, TextField, Tone,
    When,
};
use crate::server_fns::read_account;
use crate::{use_site, words};

/// The account page.
#[component]
pub fn AccountPage() -> impl IntoView {
    let account = Resource::new(|| (), |()| read_account());
    view! {
        <PageHead title="Account" />
        <Loaded
            resource=account
            view=|account| {
                let now = use_site().map_or(account.password_changed_at, |site| site.now);
                account_view(account, now).into_any()
            }
        />
    }
}

/// Who one is, the password, and the sessions.
pub(crate) fn account_view(account: AccountView, now: OffsetDateTime) -> impl IntoView {
    let addresses = account
        .mailboxes
        .into_iter()
        .map(|mailbox| view! { <li>{mailbox}</li> })
        .collect_view();
    let rows = vec![
        ("Name".to_owned(), account.name.into_any()),
        (
            "You sign in with".to_owned(),
            account.mailbox.clone().into_any(),
        ),
        (
            "Addresses for certificates".to_owned(),
            view! { <ul class="plain">{addresses}</ul> }.into_any(),
        ),
        (
            "Password changed".to_owned(),
            view! { <When at=account.password_changed_at now=now /> }.into_any(),
        ),
    ];
    view! {
        <div class="account">
            <div class="stack">
                <Card class="stack">
                    <h2>"You"</h2>
                    <Facts rows=rows />
                </Card>
                {sessions(account.sessions, now)}
                <Card class="stack">
                    <h2>"API tokens"</h2>
                    <p>"With a token, a program of yours requests and fetches certificates for you."</p>
                    <p>
                        <a href=url::TOKENS>"Your API tokens"</a>
                    </p>
                </Card>
            </div>
            {change_password(account.mailbox)}
        </div>
    }
}

fn change_password(mailbox: String) -> impl IntoView {
    view! {
        <PortalForm action="/api/ui/change-password" class="card stack">
            <h2>"Change password"</h2>
            <p>"Afterwards you stay signed in here and are signed out everywhere else."</p>
            // Tells password managers whose password this is.
            <input type="text" name="username" autocomplete="username" value=mailbox hidden />
            <TextField
                name="current"
                label="Current password"
                kind="password"
                autocomplete="current-password"
                required=true
            />
            <TextField
                name="password"
                label="New password"
                kind="password"
                hint="At least 12 characters. Length helps more than odd signs."
                autocomplete="new-password"
                required=true
            />
            <TextField
                name="password_again"
                label="New password again"
                kind="password"
                autocomplete="new-password"
                required=true
            />
            <Submit label="Change password" />
        </PortalForm>
    }
}

fn sessions(sessions: Vec<SessionView>, now: OffsetDateTime) -> impl IntoView {
    let others =
        u64::try_from(sessions.iter().filter(|s| !s.is_current).count()).unwrap_or_default();
    let lines = sessions
        .into_iter()
        .map(|line| session(line, now))
        .collect_view();
    let end_all = (others > 1).then(|| {
        view! {
            <Confirm summary="End all other sessions">
                <p>
                    {format!(
                        "{} ended at once. You stay signed in here.",
                        words::count(others, "other session is", "other sessions are"),
                    )}
                </p>
                <PortalForm action="/api/ui/end-other-sessions">
                    <Submit label="End them" tone=Tone::Danger />
                </PortalForm>
            </Confirm>
        }
    });
    view! {
        <Card class="stack">
            <h2>"Where you are signed in"</h2>
            <ul class="lines">{lines}</ul>
            {end_all}
        </Card>
    }
}

fn session(session: SessionView, now: OffsetDateTime) -> impl IntoView {
    let id = session.id.to_string();
    let end = if session.is_current {
        view! { <Badge text="This one" tone=BadgeTone::Good /> }.into_any()
    } else {
        view! {
            <PortalForm action="/api/ui/end-session" id=format!("end-session-{id}")>
                <input type="hidden" name="id" value=id />
                <Submit label="End" tone=Tone::Quiet />
            </PortalForm>
        }
        .into_any()
    };
    view! {
        <li>
            <span class="lines-text">
                <strong>{session.browser}</strong>
                <span class="hint">
                    {session.address} ", used " <When at=session.last_used_at now=now />
                    ", signed in " <When at=session.signed_in_at now=now />
                </span>
            </span>
            <span class="lines-end">{end}</span>
        </li>
    }
}
