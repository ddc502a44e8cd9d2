//! What the configuration lets the program hear of the world: CAA records through a real resolver, and
//! lists of keys that are never certified.

use crate::demo::Demo;
use crate::unbound::Unbound;
use std::process::Command;

fn configure(demo: &Demo, text: &str) {
    std::fs::write(demo.data.join("certportal.toml"), text).unwrap();
}

#[tokio::test]
async fn the_owner_of_a_domain_is_asked() {
    let others = r#"example.com. 60 IN CAA 0 issuemail "other-ca.example""#;
    let ours = r#"example.com. 60 IN CAA 0 issuemail "ca.example.com""#;
    let mut resolver = Unbound::start(others).await;
    let demo = Demo::prepared();
    let address = resolver.address();
    configure(
        &demo,
        &format!(
            "[caa]\ncheck = true\nidentities = [\"ca.example.com\"]\nresolver = \"{address}\"\n"
        ),
    );
    let (pfx, password) = (demo.file("alice.p12"), demo.file("alice.password"));
    let issue = [
        "issue",
        "alice@example.com",
        "--out",
        pfx.to_str().unwrap(),
        "--password-file",
        password.to_str().unwrap(),
    ];
    let (code, text) = demo.certportal(&issue);
    assert_eq!(code, 1, "{text}");
    for words in [
        "L26",
        "only other-ca.example",
        "issuemail \"ca.example.com\"",
    ] {
        assert!(text.contains(words), "{text}");
    }
    assert!(!pfx.exists());
    resolver.change(ours).await;
    let (code, text) = demo.certportal(&issue);
    assert_eq!(code, 0, "{text}");
    demo.assert_healthy();
}

#[test]
fn a_listed_key_is_not_certified() {
    let demo = Demo::prepared();
    let script =
        "openssl req -new -newkey rsa:3072 -nodes -keyout own.key -subj /CN=alice -out own.csr
        openssl pkey -in own.key -pubout -outform DER | sha256sum | cut -d ' ' -f 1 > spki
        openssl req -in own.csr -noout -modulus | sha1sum | cut -c 21-40 > debian";
    let made = Command::new("sh")
        .args(["-e", "-c", script])
        .current_dir(demo.folder())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{told}");
    let (csr, out) = (demo.file("own.csr"), demo.file("own.pem"));
    let issue = [
        "issue",
        "alice@example.com",
        "--csr",
        csr.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ];
    for (list, word) in [("spki", "compromised"), ("debian", "Debian")] {
        let path = demo.file(list);
        configure(&demo, &format!("[keys]\nblocklists = [{path:?}]\n"));
        let (code, text) = demo.certportal(&issue);
        assert_eq!(code, 1, "{text}");
        assert!(text.contains(word), "{text}");
    }
    for (list, word) in [("nowhere", "nowhere"), ("own.csr", "hexadecimal")] {
        let path = demo.file(list);
        configure(&demo, &format!("[keys]\nblocklists = [{path:?}]\n"));
        let (code, text) = demo.certportal(&issue);
        assert_ne!(code, 0, "{text}");
        assert!(
            text.contains("keys.blocklists") && text.contains(word),
            "{text}"
        );
    }
    configure(&demo, "");
    let (code, text) = demo.certportal(&issue);
    assert_eq!(code, 0, "{text}");
    demo.assert_healthy();
}
