//! Whatever is typed into a form or an address, the portal has an answer that is not "internal
//! error".

use http::header;
use server::http::{Kind, ROUTES};

use crate::test_app::TestApp;

const NAMES: &[&str] = &[
    "id",
    "requests[0]",
    "requests[]",
    "requests",
    "reason",
    "device",
    "password",
    "password_again",
    "current",
    "name",
    "mailbox",
    "role",
    "template",
    "key_algorithm",
    "idempotency_key",
    "token",
    "next",
    "organisation",
    "country",
    "mail_domains",
    "back",
    "search",
    "after",
    "actor",
    "action",
    "subject",
    "from",
    "to",
    "state",
    "ends_from",
    "ends_to",
];

pub(crate) fn values() -> Vec<String> {
    [
        "",
        " ",
        "\0",
        "x",
        "-1",
        "99999999999999999999",
        "null",
        "[]",
        "{}",
        "%",
        "'; DROP TABLE person; --",
        "<script>alert(1)</script>",
        "\u{202e}txt.exe",
        "😀",
        "a\r\nSet-Cookie: x=1",
        "../../etc/passwd",
        "alice@example.com",
        "00000000-0000-0000-0000-000000000000",
        "9999-99-99",
        "2026-13-01",
        "2026-02-30",
        "+999999-01-01",
        "\u{feff}",
        "é@example.com",
        "a@b@c",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain([" ".repeat(500), "x".repeat(1500)])
    .collect()
}

#[tokio::test]
async fn no_form_field_makes_a_fault() {
    let app = TestApp::start().await;
    let carol = app.carol().await;
    let routes = ROUTES
        .iter()
        .filter(|route| matches!(route.kind, Kind::Write | Kind::Form));
    let routes = routes.filter(|route| !route.path.ends_with("sign-out"));
    for route in routes {
        for value in values() {
            let fields: Vec<_> = NAMES.iter().map(|name| (*name, value.as_str())).collect();
            let path = route
                .path
                .replace("{id}", "00000000-0000-0000-0000-000000000000");
            for answer in [
                carol.post(&path, &fields).await,
                carol.post_json(&path, &fields).await,
            ] {
                let status = answer.status.as_u16();
                assert!(status < 500, "{path} {value:?}: {status} {}", answer.text());
                assert!(!answer.header("set-cookie").contains("x=1"));
            }
            carol.post(&path, &[]).await;
        }
    }
}

#[tokio::test]
async fn no_path_or_query_makes_a_fault() {
    let app = TestApp::start().await;
    let carol = app.carol().await;
    for route in ROUTES
        .iter()
        .filter(|route| !matches!(route.kind, Kind::Report | Kind::Open))
    {
        for value in values() {
            let escaped: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            let path = route.path.replace("{id}", &escaped.replace('+', "%20"));
            let query: Vec<_> = NAMES
                .iter()
                .map(|name| format!("{name}={escaped}"))
                .collect();
            let path = format!("{path}?{}", query.join("&"));
            let answer = match route.kind {
                Kind::Write | Kind::Form => carol.post_json(&path, &[]).await,
                Kind::Page => carol.get(&path).await,
                _ => carol.read(&path).await,
            };
            let status = answer.status.as_u16();
            assert!(status < 500, "{path}: {status} {}", answer.text());
            if route.path.ends_with("sign-out") {
                carol.sign_in("carol").await;
            }
        }
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_no_fault() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let token = alice.csrf().await;
    for body in [
        format!("csrf={token}&mailbox=%ff%fe&template=%c3%28"),
        format!("csrf={token}&&&==&=&%"),
        format!("csrf={token}&requests[a][b][c][d][e][f]=1"),
        format!("csrf={token}&{}", "a=1&".repeat(5000)),
    ] {
        for path in ["/api/ui/request", "/api/ui/approve", "/people/add"] {
            let request = alice
                .form_request(path)
                .header(header::ACCEPT, "application/json");
            let request = request.body(axum::body::Body::from(body.clone())).unwrap();
            let status = alice.send(request).await.status.as_u16();
            assert!(status < 500, "{path} {body:.80}: {status}");
        }
    }
}
