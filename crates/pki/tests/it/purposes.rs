//! Authorities for mail and for TLS, and what each may and may not issue.

use crate::common::{NOW, NOW_SECONDS, below, key, mailbox, name, p384, profile, serial};
use crate::common::{tls_profile, urls};
use crate::linting::{codes, command};
use crate::tls_leaves::hosts;
use crate::tools::{Answer, run};
use domain::{KeyAlgorithm, MailDomain, Name};
use pki::{
    AuthorityPurpose, Certificate, CommonName, Error, Generation, Holder, IssuerPurpose,
    KeyPurpose, LintFacts, OrganisationIdentifier, Planned, Policy, PrivateKey, PublicKey,
    SigningAuthority, SmimeProfile, SponsoredPerson, TlsHolder,
};
use std::fs;
use std::path::Path;

fn for_mail(domains: &[&str], has_client_auth: bool) -> AuthorityPurpose {
    let domains = domains.iter().map(|one| MailDomain::parse(one).unwrap());
    AuthorityPurpose::Mail {
        domains: domains.collect(),
        has_client_auth,
    }
}

fn for_tls(domains: &[&str]) -> AuthorityPurpose {
    AuthorityPurpose::Tls {
        domains: hosts(domains),
    }
}

pub(crate) fn plan_mail(
    profile: &SmimeProfile,
    authority: &SigningAuthority,
    holder: &Holder,
) -> Result<Planned, Error> {
    let public_key = key(KeyAlgorithm::P256).public_key().unwrap();
    let (issuer, facts) = (authority.certificate(), LintFacts::default());
    pki::prepare_for(profile, issuer, &public_key, holder, &serial(), NOW, &facts)
}

pub(crate) fn plan_tls(
    authority: &SigningAuthority,
    public_key: &PublicKey,
    holder: &TlsHolder,
) -> Result<Planned, Error> {
    let (issuer, facts) = (authority.certificate(), LintFacts::default());
    pki::prepare_tls(
        &tls_profile(),
        issuer,
        public_key,
        holder,
        &serial(),
        NOW,
        &facts,
    )
}

fn server(names: &[&str]) -> TlsHolder {
    TlsHolder::Server {
        hosts: hosts(names),
        common_name: CommonName::Alternative,
    }
}

fn client() -> TlsHolder {
    TlsHolder::Client {
        mailbox: mailbox("alice@example.com"),
        more: Vec::new(),
        common_name: CommonName::Alternative,
    }
}

fn alice() -> Holder {
    Holder::of(&mailbox("alice@example.com"))
}

fn multipurpose() -> SmimeProfile {
    SmimeProfile {
        has_client_auth: true,
        ..profile()
    }
}

fn write(folder: &Path, file: &str, der: &[u8]) {
    fs::write(folder.join(file), pki::pem::certificates(&[der]).unwrap()).unwrap();
}

/// `openssl verify` of a leaf below an issuing authority of the usual root.
fn verify(folder: &Path, purpose: &str, issuing: &SigningAuthority, leaf: &Certificate) -> Answer {
    write(folder, "root.pem", p384().root.certificate().der());
    write(folder, "issuing.pem", issuing.certificate().der());
    write(folder, "leaf.pem", leaf.der());
    let start = ["verify", "-x509_strict", "-attime", NOW_SECONDS];
    let chain = [
        "-CAfile",
        "root.pem",
        "-untrusted",
        "issuing.pem",
        "leaf.pem",
    ];
    let arguments = [&start[..], &["-purpose", purpose], &chain].concat();
    run(folder, "openssl", &arguments, "")
}

#[test]
fn authorities_say_what_they_are_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("root.der"), p384().root.certificate().der()).unwrap();
    let mut commands = Vec::new();
    for (number, (purpose, kind, allows_client_auth, lines)) in [
        (
            for_mail(&["example.com"], false),
            IssuerPurpose::Mail,
            false,
            &["E-mail Protection\n", "email:example.com"][..],
        ),
        (
            for_mail(&["example.com"], true),
            IssuerPurpose::Mail,
            true,
            &["E-mail Protection, TLS Web Client Authentication\n"],
        ),
        (
            for_tls(&["example.com", "bücher.example"]),
            IssuerPurpose::Tls,
            true,
            &[
                "TLS Web Server Authentication, TLS Web Client Authentication\n",
                "X509v3 Name Constraints: critical",
                "DNS:example.com",
                "DNS:xn--bcher-kva.example",
                "CA:TRUE, pathlen:0",
            ],
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let authority = below(&p384().root, "Example Purpose", &purpose);
        assert_eq!(authority.certificate().purpose(), kind);
        let allows = authority.certificate().allows_client_auth();
        assert_eq!(allows, allows_client_auth, "{purpose:?}");
        let file = format!("{number}.der");
        fs::write(path.join(&file), authority.certificate().der()).unwrap();
        let show = ["x509", "-inform", "DER", "-in", &file, "-noout", "-text"];
        let text = run(path, "openssl", &show, "").must_succeed("x509").stdout;
        for line in lines {
            assert!(text.contains(line), "{line:?} is not in\n{text}");
        }
        commands.push(command("lint_pkix_cert", &[&file]));
        commands.push(command(
            "lint_pkix_signer_signee_cert_chain",
            &["root.der", &file],
        ));
    }
    for (command, found) in commands.iter().zip(codes(path, &commands)) {
        assert_eq!(found, [""; 0], "{command:?}");
    }
    let key = PrivateKey::generate(KeyAlgorithm::P384).unwrap();
    for bad in ["*.example.com", "192.0.2.1"] {
        let error = pki::create_issuing_for(
            &name("X"),
            &key.public_key().unwrap(),
            &p384().root,
            &serial(),
            NOW,
            &urls(),
            &for_tls(&[bad]),
        );
        assert!(matches!(error, Err(Error::Input(_))), "{bad}");
    }
}

/// One name and key under two purposes: what one signs chains to the other as well. The linter and
/// OpenSSL refuse the same.
#[test]
fn mail_and_tls_stay_apart() {
    let folder = tempfile::tempdir().unwrap();
    let key = PrivateKey::generate(KeyAlgorithm::P384).unwrap();
    let make = |purpose: &AuthorityPurpose| {
        let (name, public_key) = (name("Example Twin"), key.public_key().unwrap());
        let root = &p384().root;
        let der =
            pki::create_issuing_for(&name, &public_key, root, &serial(), NOW, &urls(), purpose);
        SigningAuthority::new(&der.unwrap(), key.clone()).unwrap()
    };
    let p256 = crate::common::key(KeyAlgorithm::P256).public_key().unwrap();
    let (mail, both) = (make(&for_mail(&[], false)), make(&for_mail(&[], true)));
    let tls = make(&for_tls(&[]));
    let refused = |planned: Result<Planned, Error>| {
        let error = planned.unwrap_err().to_string();
        assert!(error.contains("L30: "), "{error}");
    };

    let leaf = pki::sign(plan_mail(&profile(), &mail, &alice()).unwrap(), &mail).unwrap();
    verify(folder.path(), "smimesign", &mail, &leaf).must_succeed("mail");
    refused(plan_mail(&profile(), &tls, &alice()));
    assert!(!verify(folder.path(), "smimesign", &tls, &leaf).is_success);

    let leaf = pki::sign(plan_mail(&multipurpose(), &both, &alice()).unwrap(), &both).unwrap();
    verify(folder.path(), "smimesign", &both, &leaf).must_succeed("mail");
    verify(folder.path(), "sslclient", &both, &leaf).must_succeed("signing in");
    refused(plan_mail(&multipurpose(), &mail, &alice()));
    assert!(!verify(folder.path(), "sslclient", &mail, &leaf).is_success);

    let device = TlsHolder::Device {
        hosts: hosts(&["www.example.com"]),
        common_name: CommonName::Alternative,
    };
    for (holder, purpose) in [
        (server(&["www.example.com"]), "sslserver"),
        (client(), "sslclient"),
        (device, "sslclient"),
    ] {
        let leaf = pki::sign(plan_tls(&tls, &p256, &holder).unwrap(), &tls).unwrap();
        verify(folder.path(), purpose, &tls, &leaf).must_succeed(purpose);
        refused(plan_tls(&mail, &p256, &holder));
        refused(plan_tls(&both, &p256, &holder));
        assert!(!verify(folder.path(), purpose, &mail, &leaf).is_success);
    }
}

#[test]
fn openssl_and_the_linter_refuse_foreign_hosts() {
    let folder = tempfile::tempdir().unwrap();
    let key = PrivateKey::generate(KeyAlgorithm::P384).unwrap();
    let make = |domains: &[&str]| {
        let (name, public_key) = (name("Example Confined TLS"), key.public_key().unwrap());
        let (root, purpose) = (&p384().root, for_tls(domains));
        let der =
            pki::create_issuing_for(&name, &public_key, root, &serial(), NOW, &urls(), &purpose);
        SigningAuthority::new(&der.unwrap(), key.clone()).unwrap()
    };
    let p256 = crate::common::key(KeyAlgorithm::P256).public_key().unwrap();
    let (free, confined) = (make(&[]), make(&["example.com", "intern"]));
    let device = |common_name: &str| TlsHolder::Device {
        hosts: Vec::new(),
        common_name: CommonName::Checked(Name::parse(common_name).unwrap()),
    };
    for (holder, purpose, is_own) in [
        (server(&["example.com"]), "sslserver", true),
        (
            server(&["www.example.com", "a.b.example.com"]),
            "sslserver",
            true,
        ),
        (server(&["*.example.com"]), "sslserver", true),
        (server(&["mail.intern", "192.0.2.1"]), "sslserver", true),
        (server(&["192.0.2.1"]), "sslserver", true),
        (server(&["www.example.net"]), "sslserver", false),
        (
            server(&["www.example.com", "www.example.net"]),
            "sslserver",
            false,
        ),
        (server(&["notexample.com"]), "sslserver", false),
        (server(&["*.example.net"]), "sslserver", false),
        (client(), "sslclient", true),
        (device("Printer 4711"), "sslclient", true),
        (device("printer.example.com"), "sslclient", true),
        (device("printer.example.net"), "sslclient", false),
    ] {
        let planned = plan_tls(&confined, &p256, &holder);
        assert_eq!(planned.is_ok(), is_own, "{holder:?}: {planned:?}");
        if let Err(error) = planned {
            assert!(error.to_string().contains("L29: "), "{error}");
        }
        let leaf = pki::sign(plan_tls(&free, &p256, &holder).unwrap(), &free).unwrap();
        verify(folder.path(), purpose, &free, &leaf).must_succeed("free");
        let answer = verify(folder.path(), purpose, &confined, &leaf);
        assert_eq!(answer.is_success, is_own, "{holder:?}: {}", answer.text);
    }
}

/// Every kind for mail that a profile can ask for, against the linter of the requirements that its
/// policy claims: without a twin where the policy is the reserved one.
#[test]
fn pkilint_accepts_signing_in_and_reserved_policies() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let authority = below(&p384().root, "Example Both", &for_mail(&[], true));
    let person = SponsoredPerson {
        given_name: Name::parse("Jürgen").unwrap(),
        surname: Name::parse("Müller").unwrap(),
        organisation: Name::parse("Beispiel GmbH").unwrap(),
        identifier: OrganisationIdentifier::parse("NTRDE-DER3306.HRB12345").unwrap(),
    };
    let mut commands = Vec::new();
    for sponsored in [None, Some(person)] {
        for purpose in [KeyPurpose::Both, KeyPurpose::Sign, KeyPurpose::Encrypt] {
            for (policy, generation, has_client_auth) in [
                (Policy::Own("1.2.3.4".to_owned()), "MULTIPURPOSE", true),
                (
                    Policy::Reserved(Generation::Multipurpose),
                    "MULTIPURPOSE",
                    true,
                ),
                (
                    Policy::Reserved(Generation::Multipurpose),
                    "MULTIPURPOSE",
                    false,
                ),
                (Policy::Reserved(Generation::Strict), "STRICT", false),
            ] {
                let is_own = matches!(policy, Policy::Own(_));
                let level = if sponsored.is_some() {
                    "SPONSORED"
                } else {
                    "MAILBOX"
                };
                let profile = SmimeProfile {
                    policy,
                    has_client_auth,
                    ..profile()
                };
                let holder = Holder {
                    common_name: sponsored
                        .as_ref()
                        .map_or_else(CommonName::default, SponsoredPerson::common_name),
                    sponsored: sponsored.clone(),
                    purpose,
                    ..alice()
                };
                let planned = plan_mail(&profile, &authority, &holder).unwrap();
                let tbs = planned.intent().tbs_der.clone();
                let issuer = authority.certificate();
                let facts = LintFacts {
                    kind: holder.kind(&profile),
                    ..LintFacts::default()
                };
                assert!(Planned::resume_with(&tbs, issuer, &facts).is_ok());
                assert!(Planned::resume(&tbs, issuer).is_err());
                let der = if is_own {
                    pki::lint_twin(&tbs).unwrap()
                } else {
                    pki::sign(planned, &authority).unwrap().der().to_vec()
                };
                let file = format!("{}.der", commands.len());
                fs::write(path.join(&file), der).unwrap();
                let kind = format!("{level}-{generation}");
                commands.push(command("lint_cabf_smime_cert", &["-t", &kind, &file]));
            }
        }
    }
    assert_eq!(commands.len(), 24);
    for (command, found) in commands.iter().zip(codes(path, &commands)) {
        assert_eq!(found, [""; 0], "{command:?}");
    }
    let strict = SmimeProfile {
        policy: Policy::Reserved(Generation::Strict),
        ..multipurpose()
    };
    let error = plan_mail(&strict, &authority, &alice()).unwrap_err();
    assert!(error.to_string().contains("L20: "), "{error}");
}
