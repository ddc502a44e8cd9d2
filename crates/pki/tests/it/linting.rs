//! pkilint has nothing to say at NOTICE or above, but for the documented allow-list.

use crate::common::{LONG_ADDRESS, NOW, issue, key, p384, profile, rsa, serial};
use crate::tools::python;
use domain::{KeyAlgorithm, RevocationReason};
use pki::{Planned, RevokedEntry, SigningAuthority};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use time::Duration;

/// A policy of our own is the point of a private authority: pkilint asks for a reserved one, which
/// would assert audits and hardware that are not there.
pub(crate) const ALLOWED: &str = "cabf.smime.no_required_reserved_policy_oid";

/// Runs pkilint's own commands in one process, which spares a second of start per command.
const SCRIPT: &str = r#"
import contextlib, importlib, io, json, sys
answers = []
for module, arguments in json.load(sys.stdin):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = importlib.import_module("pkilint.bin." + module).main(arguments)
    answers.append([code, out.getvalue(), err.getvalue()])
json.dump(answers, sys.stdout)
"#;

/// The codes pkilint reports for each command.
pub(crate) fn codes(folder: &Path, commands: &[Vec<String>]) -> Vec<Vec<String>> {
    let input: Vec<Value> = commands
        .iter()
        .map(|command| json!([command[0], command[1..]]))
        .collect();
    let answers = python(folder, SCRIPT, &Value::from(input).to_string());
    let answers: Vec<(i64, String, String)> = serde_json::from_str(&answers).unwrap();
    assert_eq!(answers.len(), commands.len());
    answers
        .into_iter()
        .zip(commands)
        .map(|((code, stdout, stderr), command)| {
            // An unreadable file also ends with 1; only the report tells.
            let report: Value = serde_json::from_str(&stdout)
                .unwrap_or_else(|_| panic!("{command:?}: no report: {stdout}{stderr}"));
            let results = report["results"].as_array().unwrap();
            let codes: Vec<String> = results
                .iter()
                .flat_map(|result| result["finding_descriptions"].as_array().unwrap())
                .map(|finding| finding["code"].as_str().unwrap().to_owned())
                .collect();
            assert_eq!(usize::try_from(code).unwrap(), codes.len(), "{command:?}");
            codes
        })
        .collect()
}

pub(crate) fn command(module: &str, arguments: &[&str]) -> Vec<String> {
    let lint = ["lint", "-s", "NOTICE", "-f", "JSON"];
    [&[module], &lint[..], arguments]
        .concat()
        .into_iter()
        .map(ToOwned::to_owned)
        .collect()
}

fn crl(authority: &SigningAuthority, revoked: &[RevokedEntry]) -> Vec<u8> {
    pki::create_crl(authority, 77, NOW, NOW + Duration::days(7), revoked).unwrap()
}

#[test]
fn pkilint_finds_nothing_to_mention() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, der: &[u8]| fs::write(folder.path().join(name), der).unwrap();
    let smime = |file: &str| {
        command(
            "lint_cabf_smime_cert",
            &["-t", "MAILBOX-MULTIPURPOSE", file],
        )
    };
    let chain = |issuer: &str, subject: &str| {
        command("lint_pkix_signer_signee_cert_chain", &[issuer, subject])
    };
    let mut commands = Vec::new();
    let mut expected: Vec<&[&str]> = Vec::new();
    for (label, hierarchy) in [("rsa", rsa()), ("p384", p384())] {
        let (root, issuing) = (format!("{label}-root.der"), format!("{label}-issuing.der"));
        write(&root, hierarchy.root.certificate().der());
        write(&issuing, hierarchy.issuing.certificate().der());
        commands.push(command("lint_pkix_cert", &[&root]));
        commands.push(command("lint_pkix_cert", &[&issuing]));
        commands.push(chain(&root, &issuing));
        expected.extend([&[] as &[&str]; 3]);

        for algorithm in KeyAlgorithm::ALL {
            for (kind, address) in [("short", "alice@example.com"), ("long", LONG_ADDRESS)] {
                let leaf = issue(&hierarchy.issuing, key(*algorithm), address);
                let (real, twin) = ["real", "twin"]
                    .map(|what| format!("{label}-{algorithm}-{kind}-{what}.der"))
                    .into();
                write(&real, leaf.der());
                write(
                    &twin,
                    &pki::lint_twin(&tbs(&leaf, &hierarchy.issuing)).unwrap(),
                );
                commands.extend([smime(&twin), smime(&real), chain(&issuing, &real)]);
                expected.extend([&[] as &[&str], &[ALLOWED], &[]]);
            }
        }

        let all = [
            RevocationReason::Unspecified,
            RevocationReason::KeyCompromise,
            RevocationReason::AffiliationChanged,
            RevocationReason::Superseded,
            RevocationReason::CessationOfOperation,
            RevocationReason::PrivilegeWithdrawn,
        ]
        .map(|reason| RevokedEntry {
            serial: serial(),
            revoked_at: NOW,
            reason,
        });
        for (kind, signer, file, entries) in [
            (
                "ARL",
                &hierarchy.root,
                format!("{label}-root.crl"),
                &all[..0],
            ),
            (
                "CRL",
                &hierarchy.issuing,
                format!("{label}-empty.crl"),
                &all[..0],
            ),
            (
                "CRL",
                &hierarchy.issuing,
                format!("{label}-full.crl"),
                &all[..],
            ),
        ] {
            write(&file, &crl(signer, entries));
            commands.push(command("lint_crl", &["-t", kind, "-p", "BR", &file]));
            expected.push(&[]);
        }
        // The rules for web servers know no holds; RFC 5280 does.
        let held = RevokedEntry {
            serial: serial(),
            revoked_at: NOW,
            reason: RevocationReason::CertificateHold,
        };
        let file = format!("{label}-held.crl");
        write(&file, &crl(&hierarchy.issuing, &[held]));
        commands.push(command("lint_crl", &["-t", "CRL", "-p", "PKIX", &file]));
        expected.push(&[]);
    }
    let found = codes(folder.path(), &commands);
    for ((command, found), expected) in commands.iter().zip(found).zip(expected) {
        assert_eq!(found, expected, "{command:?}");
    }
}

/// The to-be-signed bytes of a certificate, which the intent would have held.
fn tbs(leaf: &pki::Certificate, authority: &SigningAuthority) -> Vec<u8> {
    let planned = pki::prepare(
        &profile(),
        authority.certificate(),
        leaf.public_key(),
        leaf.mailbox().unwrap(),
        leaf.serial(),
        NOW,
    )
    .unwrap();
    let tbs = planned.intent().tbs_der.clone();
    assert!(leaf.der().windows(tbs.len()).any(|part| part == tbs));
    assert!(Planned::resume(&tbs, authority.certificate()).is_ok());
    tbs
}
