//! An authority that is confined to the organisation's mail domains.

use crate::common::{NOW, NOW_SECONDS, key, name, p384, profile, serial, urls};
use crate::linting::{codes, command};
use crate::tools::run;
use domain::{KeyAlgorithm, MailDomain, Mailbox};
use pki::{AuthorityPurpose, Holder, LintFacts, PrivateKey, SigningAuthority};
use std::fs;

/// The same authority, free and confined: name and key are the same, so what the free one signs
/// also chains to the confined one. This is what a stolen or careless authority would do.
struct Twins {
    free: SigningAuthority,
    confined: SigningAuthority,
}

fn twins(domains: &[&str]) -> Twins {
    let key = PrivateKey::generate(KeyAlgorithm::P384).unwrap();
    let public_key = key.public_key().unwrap();
    let make = |domains: &[MailDomain]| {
        let name = name("Example Confined");
        let root = &p384().root;
        let serial = serial();
        let purpose = AuthorityPurpose::Mail {
            domains: domains.to_vec(),
            has_client_auth: false,
        };
        let der =
            pki::create_issuing_for(&name, &public_key, root, &serial, NOW, &urls(), &purpose);
        SigningAuthority::new(&der.unwrap(), key.clone()).unwrap()
    };
    let domains: Vec<MailDomain> = domains
        .iter()
        .map(|domain| MailDomain::parse(domain).unwrap())
        .collect();
    Twins {
        free: make(&[]),
        confined: make(&domains),
    }
}

fn plan(authority: &SigningAuthority, address: &str) -> Result<pki::Planned, pki::Error> {
    pki::prepare_for(
        &profile(),
        authority.certificate(),
        &key(KeyAlgorithm::P256).public_key().unwrap(),
        &Holder::of(&Mailbox::parse_international(address).unwrap()),
        &serial(),
        NOW,
        &LintFacts::default(),
    )
}

#[test]
fn openssl_and_the_linter_refuse_foreign_domains() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let Twins { free, confined } = twins(&["example.com", "example.org"]);
    let write = |file: &str, der: &[u8]| {
        fs::write(path.join(file), pki::pem::certificates(&[der]).unwrap()).unwrap();
    };
    write("root.pem", p384().root.certificate().der());
    write("confined.pem", confined.certificate().der());
    write("free.pem", free.certificate().der());
    for (address, is_own) in [
        ("alice@example.com", true),
        ("bob@example.org", true),
        ("älice@example.com", true),
        ("alice@example.net", false),
        ("alice@mail.example.com", false),
        ("alice@notexample.com", false),
        ("älice@example.net", false),
    ] {
        let planned = plan(&confined, address);
        assert_eq!(planned.is_ok(), is_own, "{address}");
        if let Err(error) = planned {
            assert!(error.to_string().contains("L29: "), "{error}");
        }
        let leaf = pki::sign(plan(&free, address).unwrap(), &free).unwrap();
        write("leaf.pem", leaf.der());
        let verify = |issuing| {
            let arguments = [
                "verify",
                "-x509_strict",
                "-attime",
                NOW_SECONDS,
                "-CAfile",
                "root.pem",
                "-untrusted",
                issuing,
                "leaf.pem",
            ];
            run(path, "openssl", &arguments, "")
        };
        verify("free.pem").must_succeed(address);
        let answer = verify("confined.pem");
        assert_eq!(answer.is_success, is_own, "{address}: {}", answer.text);
        assert!(
            is_own || answer.text.contains("permitted subtree violation"),
            "{address}: {}",
            answer.text
        );
    }
}

#[test]
fn pkilint_finds_nothing_wrong_with_a_confined_authority() {
    let folder = tempfile::tempdir().unwrap();
    let confined = twins(&["example.com"]).confined;
    fs::write(
        folder.path().join("root.der"),
        p384().root.certificate().der(),
    )
    .unwrap();
    fs::write(
        folder.path().join("issuing.der"),
        confined.certificate().der(),
    )
    .unwrap();
    let commands = [
        command("lint_pkix_cert", &["issuing.der"]),
        command(
            "lint_pkix_signer_signee_cert_chain",
            &["root.der", "issuing.der"],
        ),
    ];
    for found in codes(folder.path(), &commands) {
        assert_eq!(found, [""; 0]);
    }
}
