//! What has nothing to do with a person.

use crate::test_app::TestApp;

#[tokio::test]
async fn probes() {
    let app = TestApp::start().await;
    let visitor = app.anonymous();
    assert_eq!(visitor.read("/healthz").await.expect(200).text(), "ok\n");
    assert_eq!(visitor.read("/readyz").await.expect(200).text(), "ready\n");
    app.shutdown.send_replace(true);
    visitor.read("/healthz").await.expect(200);
    visitor.read("/readyz").await.expect(503);
    assert!(visitor.cookies.lock().unwrap().is_empty(), "no cookies");
}

#[tokio::test]
async fn files_outside_of_the_folder_are_not_there() {
    let app = TestApp::start().await;
    let visitor = app.anonymous();
    for path in [
        "/pkg/",
        "/pkg/../Cargo.toml",
        "/pkg/%2e%2e/Cargo.toml",
        "/pkg/%2fetc%2fpasswd",
    ] {
        visitor.read(path).await.expect(404);
    }
    assert!(visitor.cookies.lock().unwrap().is_empty(), "no cookies");
}
