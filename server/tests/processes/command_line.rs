//! The command line: the main job without a browser, people, and clear words for what is wrong.

use crate::demo::Demo;
use crate::node::PROGRAM;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

#[test]
fn a_certificate_without_a_browser() {
    let demo = Demo::prepared();

    let issue = demo.issue();
    let (pfx, password) = (demo.file("alice.p12"), demo.file("alice.password"));
    let opened = Command::new("openssl")
        .args([
            "pkcs12",
            "-noout",
            "-in",
            "alice.p12",
            "-passin",
            "file:alice.password",
        ])
        .current_dir(demo.folder())
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
    let (code, text) = demo.run(&issue);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("exists already"), "{text}");
    demo.assert_healthy();
}

#[test]
fn a_certificate_for_a_key_that_stays_where_it_is() {
    let demo = Demo::prepared();
    let openssl = |arguments: &str| {
        let mut command = Command::new("openssl");
        command
            .args(arguments.split(' '))
            .current_dir(demo.folder());
        let output = command.output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments}: {told}");
        output.stdout
    };
    openssl(
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout own.key \
         -subj /CN=alice -out own.csr",
    );
    let (csr, out) = (demo.file("own.csr"), demo.file("own.pem"));
    let (csr, out) = (csr.to_str().unwrap(), out.to_str().unwrap());
    let with = |template, csr| {
        let arguments = ["--template", template, "--csr", csr, "--out", out];
        [["issue", "alice@example.com"].as_slice(), &arguments].concat()
    };
    let (code, text) = demo.certportal(&with("Secure mail", csr));
    assert_eq!(code, 1, "four eyes: {text}");
    assert!(text.contains("asks for approval"), "{text}");
    let (code, text) = demo.certportal(&with("Secure mail, at once", "/dev/zero"));
    assert_ne!(code, 0, "{text}");
    let (code, text) = demo.certportal(&with("Secure mail, at once", csr));
    assert_eq!(code, 0, "{text}");
    assert!(!text.contains("password"), "{text}");
    let of_key = openssl("pkey -in own.key -pubout");
    assert_eq!(openssl("x509 -in own.pem -noout -pubkey"), of_key);
    demo.assert_healthy();
}

#[test]
fn people_are_added_listed_and_disabled() {
    let demo = Demo::prepared();
    let fred = demo.file("fred");
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
    let (code, text) = demo.certportal(&add);
    assert_eq!(code, 0, "{text}");
    let (code, text) = demo.certportal(&["person", "list"]);
    assert_eq!(code, 0);
    assert!(
        text.contains("fred@example.com") && text.contains("approver"),
        "{text}"
    );
    std::fs::remove_file(&fred).unwrap();
    let (code, text) = demo.certportal(&add);
    assert_eq!(code, 1, "twice: {text}");
    let (code, text) = demo.certportal(&["person", "disable", "fred@example.com"]);
    assert_eq!(code, 0, "{text}");
    let (code, text) = demo.certportal(&["person", "disable", "nobody@example.com"]);
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
        "revoke",
        "template",
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
    let demo = Demo::prepared();
    demo.assert_healthy();
    let script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
                  db.execute(\"UPDATE audit_entry SET subject_label = 'somebody else' WHERE number = 2\"); db.commit()";
    let changed = Command::new("python3")
        .args(["-c", script])
        .arg(demo.data.join("portal.sqlite"))
        .status()
        .unwrap();
    assert!(changed.success());
    let (code, text) = demo.certportal(&["audit", "verify"]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains('2'), "{text}");
    let (code, text) = demo.certportal(&["doctor"]);
    assert_eq!(code, 3, "{text}");
}
