//! `certportal revoke` beside a running portal, and what mail programs then learn from it.

use std::path::Path;
use std::process::Command;

use crate::demo::Demo;

#[test]
fn a_certificate_revoked_on_the_command_line_is_on_the_list() {
    let demo = Demo::prepared();
    let leaf = issue(&demo);
    let node = demo.start();
    let fetch = |leaf: &str| {
        let (_, path) = leaf
            .split_once("CRL Distribution Points")
            .and_then(|(_, rest)| rest.split_once("/pki/"))
            .unwrap();
        let name = path.split_whitespace().next().unwrap();
        let url = format!("{}/pki/{name}", node.pki);
        let out = demo.file("list.crl");
        let args = ["-s", "--fail", "--max-time", "30", "-o"];
        run(Command::new("curl").args(args).arg(out).arg(url));
    };
    fetch(&leaf.text);
    let check =
        "verify -crl_check -CRLfile list.crl -CAfile root.pem -untrusted issuing.pem leaf.pem";
    openssl(&demo, check);

    let with = |reason| ["revoke", leaf.serial.as_str(), "--reason", reason];
    let (code, text) = demo.certportal(&with("certificateHold"));
    assert_eq!(code, 1, "a hold is not for good: {text}");
    let (code, text) = demo.certportal(&with("boredom"));
    assert_eq!(code, 2, "{text}");
    let nobody = ["revoke", "00ff", "--reason", "superseded"];
    let (code, text) = demo.certportal(&nobody);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("no certificate has the serial number"),
        "{text}"
    );
    fetch(&leaf.text);
    openssl(&demo, check);

    let mut arguments = with("keyCompromise").to_vec();
    arguments.extend(["--comment", "The laptop was stolen."]);
    let (code, text) = demo.certportal(&arguments);
    assert_eq!(code, 0, "{text}");
    fetch(&leaf.text);
    let refused = tried(
        Command::new("openssl").args(check.split(' ')),
        demo.folder(),
    );
    assert!(refused.contains("certificate revoked"), "{refused}");
    let list = openssl(&demo, "crl -in list.crl -noout -text");
    assert!(list.contains("Key Compromise"), "{list}");
    let (code, text) = demo.certportal(&with("superseded"));
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("already revoked"), "{text}");

    // Its owner sees what the command line did.
    let alice = demo.sign_in(&node, "alice");
    let page = alice.get(&node.url, "/").text();
    assert!(page.contains("Revoked"), "{page}");
    demo.assert_healthy();
}

struct Leaf {
    serial: String,
    text: String,
}

/// Issues a certificate, and writes `leaf.pem`, `issuing.pem` and `root.pem`.
fn issue(demo: &Demo) -> Leaf {
    demo.issue();
    let open = "pkcs12 -in alice.p12 -passin file:alice.password -nokeys";
    openssl(demo, &format!("{open} -clcerts -out leaf.pem"));
    let chain = openssl(demo, &format!("{open} -cacerts"));
    for pem in chain.split_inclusive("-----END CERTIFICATE-----") {
        std::fs::write(demo.file("one.pem"), pem).unwrap();
        if pem.contains("BEGIN") {
            let names = openssl(demo, "x509 -in one.pem -noout -subject -issuer");
            let (subject, issuer) = names.trim().split_once('\n').unwrap();
            let is_root = subject.strip_prefix("subject=") == issuer.strip_prefix("issuer=");
            let name = if is_root { "root.pem" } else { "issuing.pem" };
            std::fs::write(demo.file(name), pem).unwrap();
        }
    }
    let serial = openssl(demo, "x509 -in leaf.pem -noout -serial");
    Leaf {
        serial: serial.trim().trim_start_matches("serial=").to_owned(),
        text: openssl(demo, "x509 -in leaf.pem -noout -text"),
    }
}

fn openssl(demo: &Demo, arguments: &str) -> String {
    let mut command = Command::new("openssl");
    run(command
        .args(arguments.split(' '))
        .current_dir(demo.folder()))
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {told}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a program says that must fail.
fn tried(command: &mut Command, folder: &Path) -> String {
    let output = command.current_dir(folder).output().unwrap();
    assert!(!output.status.success(), "{command:?}");
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}
