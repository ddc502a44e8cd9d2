//! Every address of the portal, tried as everybody. The table must name every page and server
//! function that there is.

use std::collections::BTreeSet;

use domain::Role;
use http::Method;
use server::http::{Kind, ROUTES, Route, Who};

use crate::actor::Actor;
use crate::program::Program;
use crate::test_app::TestApp;

fn paths(kinds: &[Kind]) -> BTreeSet<String> {
    let routes = ROUTES.iter().filter(|route| kinds.contains(&route.kind));
    routes
        .map(|route| format!("{} {}", route.method(), route.path))
        .collect()
}

#[tokio::test]
async fn the_table_names_every_page() {
    let pages = server::http::app_pages().iter();
    let pages: BTreeSet<_> = pages.map(|page| format!("GET {page}")).collect();
    assert_eq!(paths(&[Kind::Page]), pages);
}

#[tokio::test]
async fn the_table_names_every_server_function() {
    let functions: BTreeSet<_> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, method)| format!("{method} {path}"))
        .collect();
    assert_eq!(paths(&[Kind::Read, Kind::Write]), functions);
}

#[tokio::test]
async fn every_other_row_has_a_handler() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let has_its_own = [
        Kind::Form,
        Kind::File,
        Kind::Open,
        Kind::ApiRead,
        Kind::ApiWrite,
    ];
    for route in ROUTES
        .iter()
        .filter(|route| has_its_own.contains(&route.kind))
    {
        let path = route.path.replace("{id}", "x").replace("{*name}", "x");
        let wrong = if route.method() == Method::GET {
            Method::POST
        } else {
            Method::GET
        };
        let request = alice
            .browser(wrong, &path)
            .body(axum::body::Body::empty())
            .unwrap();
        let answer = alice.send(request).await.expect(405);
        assert!(
            answer.header("allow").contains(route.method().as_str()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn strangers_are_not_told_what_is_missing() {
    let app = TestApp::start().await;
    let visitor = app.anonymous();
    for route in ROUTES.iter().filter(|route| route.who != Who::Anyone) {
        let nobody = uuid::Uuid::nil().to_string();
        let path = route.path.replace("{id}", &nobody);
        let answer = match route.kind {
            Kind::Page => continue,
            Kind::Write | Kind::Form | Kind::ApiWrite => visitor.post_json(&path, &[]).await,
            _ => visitor.read(&path).await,
        };
        let (kind, status) = (route.kind, answer.status.as_u16());
        assert_eq!(status, 401, "{kind:?} {path}: {}", answer.text());
    }
    // Without JavaScript the way leads to the sign-in page.
    let sent = visitor.post("/api/ui/change-password", &[]).await;
    assert_eq!(sent.location(), "/sign-in");
}

#[tokio::test]
async fn nothing_at_an_address_is_a_page_for_browsers_and_a_problem_for_programs() {
    let app = TestApp::start().await;
    let (alice, visitor) = (app.alice().await, app.anonymous());
    for path in ["/nowhere", "/people/x/y", "/api/ui/read/nothing"] {
        let page = alice.get(path).await.expect(404);
        assert!(page.words().contains("There is no such page"), "{path}");
        assert!(page.text().contains("aria-label=\"Main\""), "{path}");
        let page = visitor.get(path).await.expect(404);
        assert!(page.words().contains("There is no such page"), "{path}");
        assert!(!page.text().contains("aria-label=\"Main\""), "{path}");
        let problem = alice.read(path).await.expect(404);
        assert_eq!(problem.header("content-type"), "application/problem+json");
        assert_eq!(problem.json()["kind"], "not_found");
        alice.post(path, &[]).await.expect(404);
    }
    // What is no visit leaves no cookie, so that it cannot replace the one of a form.
    let stranger = app.anonymous();
    stranger.read("/favicon.ico").await.expect(404);
    assert!(stranger.cookies.lock().unwrap().is_empty());
    // What the last form had to say is said once.
    let fields = [("id", "x")];
    alice.post("/api/ui/withdraw", &fields).await;
    alice.get("/nowhere").await.expect(404);
    assert!(alice.cookie("__Host-flash").is_none());
}

/// What alice has: a certificate and a request that waits.
struct Things {
    certificate: String,
    request: String,
}

/// Somebody in relation to what alice has.
struct Principal {
    key: &'static str,
    role: Option<Role>,
    is_owner: bool,
}

const PRINCIPALS: [Principal; 6] = [
    Principal {
        key: "",
        role: None,
        is_owner: false,
    },
    Principal {
        key: "erin",
        role: Some(Role::Employee),
        is_owner: false,
    },
    Principal {
        key: "alice",
        role: Some(Role::Employee),
        is_owner: true,
    },
    Principal {
        key: "bob",
        role: Some(Role::Approver),
        is_owner: false,
    },
    Principal {
        key: "carol",
        role: Some(Role::Admin),
        is_owner: false,
    },
    Principal {
        key: "dave",
        role: Some(Role::Auditor),
        is_owner: false,
    },
];

#[tokio::test]
async fn everybody_gets_what_the_table_says() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let id = |path: String| path.rsplit('/').next().unwrap().to_owned();
    let things = Things {
        certificate: id(alice.certificate().await),
        request: id(alice.request_certificate("Secure mail").await),
    };
    for principal in &PRINCIPALS {
        for route in ROUTES {
            let actor = app.anonymous();
            if !principal.key.is_empty() {
                actor.sign_in(principal.key).await;
            }
            let expected = expected(principal, route.who);
            let status = attempt(&actor, route, &things).await;
            let (kind, path) = (route.kind, route.path);
            let who = if principal.key.is_empty() {
                "anonymous"
            } else {
                principal.key
            };
            match expected {
                Some(refusal) if route.kind == Kind::Page && refusal == 401 => {
                    assert_eq!(status, 303, "{who} {kind:?} {path}");
                }
                Some(refusal) => assert_eq!(status, refusal, "{who} {kind:?} {path}"),
                None => {
                    assert!(
                        ![401, 403].contains(&status),
                        "{who} {kind:?} {path}: {status}"
                    );
                    assert!(status < 500, "{who} {kind:?} {path}: {status}");
                    let is_found =
                        status != 404 || !path.contains("{id}") || might_be_missing(path);
                    assert!(is_found, "{who} {kind:?} {path}: {status}");
                }
            }
        }
    }
}

/// The refusal that is expected, or nothing.
fn expected(principal: &Principal, who: Who) -> Option<u16> {
    let role = match (who, principal.role) {
        (Who::Anyone, _) => return None,
        (_, None) => return Some(401),
        (_, Some(role)) => role,
    };
    match who {
        Who::Anyone | Who::SignedIn => None,
        Who::Owner => (!principal.is_owner).then_some(404),
        Who::OwnerOr(permission) => {
            (!principal.is_owner && !domain::may(role, permission)).then_some(404)
        }
        Who::May(permission) => (!domain::may(role, permission)).then_some(403),
        Who::MayEither(one, other) => {
            (!domain::may(role, one) && !domain::may(role, other)).then_some(403)
        }
    }
}

/// Paths that are tried with an identifier of nobody, so that trying them changes nothing.
fn might_be_missing(path: &str) -> bool {
    [
        "/people/",
        "/imported/",
        "/admin/authorities/",
        "/admin/templates/",
    ]
    .iter()
    .any(|start| path.starts_with(start))
}

/// Uses an address in a way that changes little, and gives the status.
async fn attempt(actor: &Actor<'_>, route: &Route, things: &Things) -> u16 {
    let nobody = uuid::Uuid::nil().to_string();
    let path = route.path;
    let ends_certificate = [
        "/report-lost",
        "/renew",
        "/hold",
        "/reactivate",
        "/revoke",
        "/deliver",
        "/delete-secrets",
    ]
    .iter()
    .any(|verb| path.ends_with(verb));
    let is_certificate =
        (path.contains("certificate") && !path.contains("my-")) || ends_certificate;
    let id = match path {
        _ if is_certificate => &things.certificate,
        _ if path.contains("person") || path.contains("people") || path.contains("session") => {
            &nobody
        }
        _ => &things.request,
    };
    let path = path.replace("{id}", id).replace("{*name}", "nothing.js");
    if route.kind == Kind::Events {
        actor.app.shutdown.send_replace(true);
    }
    let fields = [
        ("id", id.as_str()),
        ("requests[0]", id),
        ("reason", "a reason"),
        ("device", "windows"),
        ("role", "king"),
        // What functions cannot be called without; none of it is right.
        ("current", "x"),
        ("password", "x"),
        ("password_again", "x"),
        ("template", "x"),
        ("mailbox", "x"),
        ("idempotency_key", "x"),
        ("token", "x"),
        ("organisation", "x"),
        ("country", "x"),
        ("mail_domains", "x"),
        ("name", ""),
    ];
    let answer = match route.kind {
        Kind::Page | Kind::Open => actor.get(&path).await,
        Kind::ApiRead | Kind::ApiWrite => {
            let program = if actor.cookie("__Host-sid").is_some() {
                Program::of(actor, "secrets").await
            } else {
                Program::with(actor.app, "cpt_nobody")
            };
            if route.kind == Kind::ApiRead {
                program.get(&path).await
            } else {
                program
                    .post(&path, &serde_json::json!({"template": "x"}))
                    .await
            }
        }
        Kind::Read | Kind::Events | Kind::File => {
            let filter = "token=x&filter[actor]=";
            actor.read(&format!("{path}?id={id}&{filter}")).await
        }
        Kind::Write | Kind::Form | Kind::Report => actor.post_json(&path, &fields).await,
    };
    actor.app.shutdown.send_replace(false);
    answer.status.as_u16()
}
