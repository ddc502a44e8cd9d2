//! API tokens: which programs act in my name, and how do I stop one?

use api::{ApiTokens, MadeToken, TokenCard, url};
use domain::{LONGEST_TOKEN_DAYS, MOST_TOKENS, TokenScope};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::{
    Badge, BadgeTone, Card, Empty, Loaded, PageHead, PortalForm, SelectField, Submit, TextField,
    Tone, When,
};
use crate::server_fns::read_tokens;
use crate::{PostOutcome, dates};

/// How long a token lives where nobody says otherwise, in days.
const USUAL_DAYS: u16 = 90;

/// Loads one's tokens.
#[component]
pub fn TokensPage() -> impl IntoView {
    let tokens = Resource::new(|| (), |()| read_tokens());
    let made = match use_context::<PostOutcome>() {
        Some(PostOutcome::Token(made)) => Some(made),
        _ => None,
    };
    view! {
        <PageHead
            title="API tokens"
            lead="With a token, a program of yours requests and fetches certificates in your name."
        />
        {made.map(just_made)}
        <Loaded resource=tokens view=|tokens| shown(tokens).into_any() />
    }
}

/// The token, on its only way past its owner's eyes.
fn just_made(made: MadeToken) -> impl IntoView {
    view! {
        <section class="card start-password" aria-labelledby="new-token">
            <h2 id="new-token">"Your new token: " {made.name}</h2>
            <div role="status">
                <p class="thumbprint">
                    <code translate="no">{made.token.expose().to_owned()}</code>
                </p>
            </div>
            <p>
                <strong>"It is shown only now."</strong>
                " Keep it where only your program can read it. If it gets lost or somebody else may \
                 have seen it, revoke it below and make another one."
            </p>
            <p>{format!("It works until {}.", dates::exact(made.expires_at))}</p>
        </section>
    }
}

fn shown(tokens: ApiTokens) -> impl IntoView {
    let now = tokens.now;
    let list = if tokens.tokens.is_empty() {
        view! {
            <Empty
                title="You have no token"
                text="You need one only for a program. In the browser you do everything without."
            />
        }
        .into_any()
    } else {
        let lines = tokens.tokens.into_iter().map(move |token| line(token, now));
        view! {
            <Card class="stack">
                <h2>"Your tokens"</h2>
                <ul class="lines">{lines.collect_view()}</ul>
            </Card>
        }
        .into_any()
    };
    view! {
        <div class="account">
            <div class="stack">{list}</div>
            {make(tokens.must_confirm)}
        </div>
    }
}

/// One token, and how it is stopped.
fn line(token: TokenCard, now: OffsetDateTime) -> impl IntoView {
    let id = token.id.to_string();
    let expired = token
        .is_expired
        .then(|| view! { <Badge text="Expired" tone=BadgeTone::Quiet /> });
    let ends = if token.is_expired {
        "expired "
    } else {
        "expires "
    };
    let used = match token.last_used_at {
        Some(at) => view! { "last used " <When at=at now=now /> }.into_any(),
        None => "never used".into_any(),
    };
    let (label, tone) = if token.is_expired {
        ("Remove", Tone::Quiet)
    } else {
        ("Revoke", Tone::Danger)
    };
    view! {
        <li>
            <span class="lines-text">
                <span>
                    <strong>{token.name}</strong>
                    " "
                    {expired}
                </span>
                <span class="hint">
                    {scope(token.scope)} ", made " <When at=token.made_at now=now /> ", " {ends}
                    <When at=token.expires_at now=now /> ", " {used}
                </span>
            </span>
            <span class="lines-end">
                <PortalForm action="/api/ui/revoke-token" id=format!("revoke-token-{id}")>
                    <input type="hidden" name="id" value=id />
                    <Submit label=label tone=tone />
                </PortalForm>
            </span>
        </li>
    }
}

fn make(must_confirm: bool) -> impl IntoView {
    let scopes = TokenScope::ALL
        .iter()
        .map(|one| (one.to_string(), scope(*one)));
    view! {
        <PortalForm action=url::MAKE_TOKEN native=true id="make-token" class="card stack">
            <h2>"Make a token"</h2>
            <p>
                {format!(
                    "One for each program, so that you can revoke it alone; at most {MOST_TOKENS}.",
                )}
            </p>
            <TextField
                name="name"
                label="Name"
                hint="What the program is, such as: mail gateway."
                autocomplete="off"
                required=true
            />
            <SelectField
                name="scope"
                label="What the program may do"
                options=scopes.collect()
                value=TokenScope::Read.to_string()
                hint="Choose no more than it needs. Whoever has a token for secrets has your keys."
            />
            <TextField
                name="days"
                label="Days until it expires"
                kind="number"
                value=USUAL_DAYS.to_string()
                hint=format!("1 to {LONGEST_TOKEN_DAYS}.")
                required=true
            />
            {must_confirm.then(confirmation)}
            <Submit label="Make token" />
        </PortalForm>
    }
}

/// Made inside of the form, so that it shows what was wrong with it.
fn confirmation() -> impl IntoView {
    view! {
        <TextField
            name="password"
            label="Your sign-in password"
            kind="password"
            hint="To confirm that it is you."
            autocomplete="current-password"
            required=true
        />
    }
}

/// What a scope allows, and its word in the API.
fn scope(scope: TokenScope) -> String {
    let mut label = scope.label().chars();
    let first: String = label
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{} ({scope})", label.as_str())
}
