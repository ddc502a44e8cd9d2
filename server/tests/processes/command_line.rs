//! The command line: the main job without a browser, people, and clear words for what is wrong.

use crate::node::{Node, PROGRAM, Setting, assert_healthy, certportal};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

#[test]
fn a_certificate_without_a_browser() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let people = folder.path().join("people.json");
    drop(Node::start(&Setting {
        data: data.clone(),
        people: Some(&people),
        ..Setting::default()
    }));

    let pfx = folder.path().join("alice.p12");
    let password = folder.path().join("alice.password");
    let paths = [pfx.to_str().unwrap(), password.to_str().unwrap()];
    let issue = [
        "issue",
        "alice@example.com",
        "--out",
        paths[0],
        "--password-file",
        paths[1],
    ];
    let (code, text) = certportal(&data, None, &issue);
    assert_eq!(code, 0, "{text}");
    let opened = Command::new("openssl")
        .args([
            "pkcs12",
            "-noout",
            "-in",
            paths[0],
            "-passin",
            &format!("file:{}", paths[1]),
        ])
        .output()
        .unwrap();
    assert!(
        opened.status.success(),
        "{}",
        String::from_utf8_lossy(&opened.stderr)
    );
    for path in [&pfx, &password] {
        assert_eq!(
            std::fs::metadata(path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    // Nothing is overwritten.
    let (code, text) = certportal(&data, None, &issue);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("exists already"), "{text}");
    assert_healthy(&data, None);
}

#[test]
fn people_are_added_listed_and_disabled() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let people = folder.path().join("people.json");
    drop(Node::start(&Setting {
        data: data.clone(),
        people: Some(&people),
        ..Setting::default()
    }));
    let fred = folder.path().join("fred");
    let add = [
        "person",
        "add",
        "fred@example.com",
        "--name",
        "Fred Fox",
        "--role",
        "approver",
        "--password-file",
        fred.to_str().unwrap(),
    ];
    let (code, text) = certportal(&data, None, &add);
    assert_eq!(code, 0, "{text}");
    let (code, text) = certportal(&data, None, &["person", "list"]);
    assert_eq!(code, 0);
    assert!(
        text.contains("fred@example.com") && text.contains("approver"),
        "{text}"
    );
    std::fs::remove_file(&fred).unwrap();
    let (code, text) = certportal(&data, None, &add);
    assert_eq!(code, 1, "twice: {text}");
    let (code, text) = certportal(&data, None, &["person", "disable", "fred@example.com"]);
    assert_eq!(code, 0, "{text}");
    let (code, text) = certportal(&data, None, &["person", "disable", "nobody@example.com"]);
    assert_eq!(code, 1, "{text}");
}

#[test]
fn help_needs_no_data_and_has_examples() {
    for command in [
        "serve",
        "setup",
        "migrate",
        "person",
        "issue",
        "audit",
        "doctor",
        "config",
        "completions",
    ] {
        let output = Command::new(PROGRAM)
            .args([command, "--help"])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success() && text.contains("Usage:"),
            "{command}: {text}"
        );
        assert!(text.contains("Example"), "{command} has no example: {text}");
    }
    let script = Command::new(PROGRAM)
        .args(["completions", "bash"])
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&script.stdout).contains("complete -F"));
}

#[test]
fn a_changed_row_of_the_audit_log_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let people = folder.path().join("people.json");
    drop(Node::start(&Setting {
        data: data.clone(),
        people: Some(&people),
        ..Setting::default()
    }));
    assert_healthy(&data, None);
    let script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
                  db.execute(\"UPDATE audit_entry SET subject_label = 'somebody else' WHERE number = 2\"); db.commit()";
    let changed = Command::new("python3")
        .args(["-c", script])
        .arg(data.join("portal.sqlite"))
        .status()
        .unwrap();
    assert!(changed.success());
    let (code, text) = certportal(&data, None, &["audit", "verify"]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains('2'), "{text}");
    let (code, text) = certportal(&data, None, &["doctor"]);
    assert_eq!(code, 3, "{text}");
}
