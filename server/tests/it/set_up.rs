//! The first start of a real portal.

use crate::test_app::TestApp;

#[tokio::test]
async fn every_page_leads_to_set_up_and_the_link_works_once() {
    let app = TestApp::start_empty().await;
    let carol = app.anonymous();
    for path in ["/", "/sign-in", "/people"] {
        assert_eq!(carol.get(path).await.location(), "/set-up", "{path}");
    }
    carol.get("/set-up").await.expect(200);
    let token = app.portal.set_up_link_token().await.unwrap().unwrap();
    let token = token.expose().as_str();
    carol
        .get(&format!("/set-up?token={token}"))
        .await
        .expect(200);
    let fields = |token| {
        [
            ("token", token),
            ("organisation", "Example"),
            ("country", "DE"),
            ("mail_domains", "example.com, example.org"),
            ("name", "Carol Clark"),
            ("mailbox", "carol@example.com"),
            ("password", "quite-a-long-secret-for-carol-1"),
            ("password_again", "quite-a-long-secret-for-carol-1"),
        ]
    };
    carol
        .post_json("/api/ui/set-up", &fields("wrong"))
        .await
        .expect(409);
    let done = carol
        .post_json("/api/ui/set-up", &fields(token))
        .await
        .expect(200);
    assert_eq!(done.json()["next"], "/");
    assert!(
        carol
            .get("/people")
            .await
            .expect(200)
            .text()
            .contains("carol@example.com")
    );
    app.anonymous()
        .post_json("/api/ui/set-up", &fields(token))
        .await
        .expect(409);
    assert_eq!(app.anonymous().get("/").await.location(), "/sign-in");
}
