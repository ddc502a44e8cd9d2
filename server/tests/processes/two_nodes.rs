//! Two processes on one PostgreSQL: one queue, sessions that work on both, nothing done twice.

use crate::demo::Demo;
use crate::node::{Node, Setting, assert_healthy, eventually, postgres_database};

#[test]
fn two_processes_share_queue_and_sessions() {
    let Some(database) = postgres_database("two_nodes") else {
        return;
    };
    let demo = Demo::new(Some(database.clone()));
    let one = demo.start();
    // Another machine, with a copy of the key ring.
    let second = demo.file("second");
    std::fs::create_dir(&second).unwrap();
    std::fs::copy(demo.data.join("keyring.toml"), second.join("keyring.toml")).unwrap();
    let two = Node::start(&Setting {
        data: second.clone(),
        people: None,
        ..demo.setting()
    });

    let alice = demo.sign_in(&one, "alice");
    let erin = demo.sign_in(&two, "erin");
    let bob = demo.sign_in(&one, "bob");
    // Alice signed in on one and works on both.
    let wanted = alice.request(&two.url, true);
    assert!(bob.get(&two.url, "/queue").text().contains("Alice Adams"));
    let id = wanted.rsplit('/').next().unwrap().to_owned();
    let answer = bob.send(&two.url, "/queue", "/api/ui/approve", &[("requests[]", id)]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let at_once = erin.request(&one.url, false);

    eventually("both certificates are ready", || {
        alice.certificate(&one.url, &wanted).is_some()
            && erin.certificate(&two.url, &at_once).is_some()
    });
    let certificate = alice.certificate(&one.url, &wanted).unwrap();
    let (password, pfx) = alice.fetch(&one.url, &certificate);
    let (same_password, same_pfx) = alice.fetch(&two.url, &certificate);
    assert_eq!((&password, &pfx), (&same_password, &same_pfx));
    pki::verify_opens(&pfx, &domain::Secret::new(password)).unwrap();

    // Signing out on one node ends the session on the other.
    assert_eq!(
        alice
            .send(&one.url, "/account", "/api/ui/sign-out", &[])
            .status,
        303
    );
    let page = alice.get(&two.url, "/");
    assert_eq!(
        (page.status, page.location.as_str()),
        (303, "/sign-in"),
        "{}",
        page.text()
    );
    demo.assert_healthy();
    assert_healthy(&second, Some(&database));
}
