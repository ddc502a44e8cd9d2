//! The page of one's API tokens: each is shown once, in the page that answers, and nowhere else.

use time::Duration;

use crate::program::Program;
use crate::test_app::TestApp;

const PAGE: &str = "/account/tokens";
const MAKE: &str = "/account/tokens/make";

fn fields<'a>(scope: &'a str, days: &'a str) -> [(&'a str, &'a str); 3] {
    [("name", "Mail gateway"), ("scope", scope), ("days", days)]
}

#[tokio::test]
async fn a_token_is_made_shown_once_and_revoked_without_javascript() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    let account = alice.get("/account").await.expect(200);
    assert!(account.text().contains("href=\"/account/tokens\""));
    let empty = alice.get(PAGE).await.expect(200);
    assert!(empty.words().contains("You have no token"));
    assert!(
        !empty.text().contains("<script type=\"module\""),
        "a plain page"
    );

    let page = alice.post(MAKE, &fields("read", "90")).await.expect(200);
    assert_eq!(page.header("cache-control"), "no-store");
    let text = page.text();
    let token = text
        .split("cpt_")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap();
    let token = format!("cpt_{token}");
    assert_eq!((token.len(), text.matches(&token).count()), (47, 1));
    assert!(!format!("{:?}", page.headers).contains(&token[4..]));
    Program::with(&app, &token)
        .get("/api/v1/certificates")
        .await
        .expect(200);

    let page = alice.get(PAGE).await.expect(200);
    assert!(page.words().contains("Mail gateway") && page.words().contains("last used"));
    for path in [PAGE, "/account", "/"] {
        let page = alice.get(path).await;
        assert!(!page.text().contains(&token[4..]), "{path}");
        assert!(
            !format!("{:?}", page.headers).contains(&token[4..]),
            "{path}"
        );
    }
    assert!(
        alice
            .cookies
            .lock()
            .unwrap()
            .values()
            .all(|value| !value.contains(&token[4..]))
    );

    let tokens = alice.read("/api/ui/read/tokens").await.expect(200);
    assert!(!tokens.text().contains(&token[4..]));
    let id = tokens.json()["tokens"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let form = [("id", id.as_str()), ("back", PAGE)];
    let answer = alice.post("/api/ui/revoke-token", &form).await;
    assert_eq!(answer.location(), PAGE);
    let page = alice.get(PAGE).await.expect(200);
    assert!(page.words().contains("The token Mail gateway is revoked."));
    Program::with(&app, &token)
        .get("/api/v1/certificates")
        .await
        .expect(401);
}

#[tokio::test]
async fn identity_is_confirmed_before_a_token_is_made() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    app.advance(Duration::minutes(6));
    let page = alice.get(PAGE).await.expect(200);
    assert!(page.text().contains("Your sign-in password"));
    let page = alice.post(MAKE, &fields("secrets", "90")).await.expect(422);
    assert!(
        page.words()
            .contains("Please confirm with your sign-in password."),
        "{}",
        page.text()
    );
    assert!(
        page.text().contains("value=\"Mail gateway\""),
        "what was typed is still there"
    );
    let mut all = fields("secrets", "90").to_vec();
    all.push(("password", &app.passwords["alice"]));
    let page = alice.post(MAKE, &all).await.expect(200);
    assert!(page.text().contains("cpt_"));
    assert!(!page.text().contains(app.passwords["alice"].as_str()));
    // That counts for the next few minutes, as with showing a password.
    alice.post(MAKE, &fields("read", "1")).await.expect(200);
}

#[tokio::test]
async fn what_is_wrong_with_the_form_is_told_at_its_field() {
    let app = TestApp::start().await;
    let alice = app.alice().await;
    for (scope, days) in [("read", "0"), ("read", "366"), ("all", "90"), ("", "")] {
        let page = alice.post(MAKE, &fields(scope, days)).await.expect(422);
        assert!(
            page.text().contains("aria-invalid=\"true\""),
            "{scope} {days}"
        );
        assert!(!page.text().contains("cpt_"));
    }
    let visitor = app.anonymous();
    assert_eq!(
        visitor.post(MAKE, &fields("read", "90")).await.location(),
        "/sign-in"
    );
}

#[tokio::test]
async fn an_administrator_sees_how_many_and_revokes_them_all() {
    let app = TestApp::start().await;
    let (alice, carol) = (app.alice().await, app.carol().await);
    let program = Program::of(&alice, "read").await;
    let id = alice.read("/api/ui/read/site").await.json()["viewer"]["id"].clone();
    let id = id.as_str().unwrap();
    let page = carol.get(&format!("/people/{id}")).await.expect(200);
    assert!(page.words().contains("Revoke API tokens"));
    assert!(page.words().contains("1 API token is revoked"));
    let done = carol
        .post_json("/api/ui/revoke-tokens", &[("id", id)])
        .await;
    assert_eq!(
        done.expect(200).json()["message"],
        "The API token of Alice Adams is revoked."
    );
    program.get("/api/v1/certificates").await.expect(401);
    let log = carol.get("/audit?action=revoke-token").await.expect(200);
    assert!(log.words().contains("Revoked API tokens") && log.words().contains("Carol Clark"));
}
