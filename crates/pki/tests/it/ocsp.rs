//! OCSP answers, as OpenSSL, pkilint and pyca read them; `GnuTLS`, which knows no other time than
//! the system's, reads those of a whole portal.

use crate::common::{Hierarchy, NOW, NOW_SECONDS, issue, key, p384, rsa, serial};
use crate::tools::{python, run};
use domain::KeyAlgorithm;
use pki::ocsp::{CertStatus, IssuerId, OcspError, OcspRequest, Responder, ResponderPlan};
use pki::{Certificate, Error, IssuingCertificate, PrivateKey};
use std::fs;
use std::path::Path;
use time::Duration;

fn responder(hierarchy: &Hierarchy) -> Responder {
    let key = PrivateKey::generate(KeyAlgorithm::P256).unwrap();
    let authority = hierarchy.issuing.certificate();
    let plan = ResponderPlan::new(authority, &key.public_key().unwrap(), &serial(), NOW).unwrap();
    let plan = ResponderPlan::resume(plan.tbs_der(), authority).unwrap();
    let certificate = plan.sign(&hierarchy.issuing).unwrap();
    Responder::new(&certificate, key, authority).unwrap()
}

fn write_chain(folder: &Path, hierarchy: &Hierarchy) {
    let [issuing, root] = hierarchy.chain().try_into().unwrap();
    for (name, der) in [("issuing", issuing), ("root", root)] {
        let pem = pki::pem::certificates(&[der]).unwrap();
        fs::write(folder.join(format!("{name}.pem")), pem).unwrap();
    }
}

/// The request that OpenSSL makes for a certificate.
fn request(folder: &Path, leaf: &Certificate, options: &[&str]) -> Vec<u8> {
    let pem = pki::pem::certificates(&[leaf.der()]).unwrap();
    fs::write(folder.join("leaf.pem"), pem).unwrap();
    let mut arguments = vec!["ocsp", "-issuer", "issuing.pem"];
    arguments.extend(options);
    arguments.extend(["-cert", "leaf.pem", "-reqout", "request.der"]);
    run(folder, "openssl", &arguments, "").must_succeed("openssl ocsp");
    fs::read(folder.join("request.der")).unwrap()
}

/// What OpenSSL says to an answer.
fn read(folder: &Path, options: &[&str]) -> String {
    let mut arguments = vec![
        "ocsp",
        "-no_nonce",
        "-respin",
        "answer.der",
        "-reqin",
        "request.der",
        "-issuer",
        "issuing.pem",
    ];
    arguments.extend(options);
    arguments.extend([
        "-cert",
        "leaf.pem",
        "-CAfile",
        "root.pem",
        "-verify_other",
        "issuing.pem",
        "-attime",
        NOW_SECONDS,
        "-validity_period",
        "999999999",
    ]);
    let answer = run(folder, "openssl", &arguments, "").must_succeed("openssl ocsp");
    assert!(
        answer.text.contains("Response verify OK"),
        "{}",
        answer.text
    );
    answer.stdout
}

#[test]
fn openssl_pkilint_and_python_read_every_status() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for hierarchy in [p384(), rsa()] {
        write_chain(path, hierarchy);
        let (responder, authority) = (responder(hierarchy), hierarchy.issuing.certificate());
        let issuer = IssuerId::of(authority).unwrap();
        let leaf = issue(
            &hierarchy.issuing,
            key(KeyAlgorithm::P256),
            "alice@example.com",
        );
        let revoked = |reason| CertStatus::Revoked {
            at: NOW - Duration::HOUR,
            reason,
        };
        for (options, status, word) in [
            (&["-sha1", "-no_nonce"][..], CertStatus::Good, "good"),
            (&["-sha256", "-no_nonce"], CertStatus::Good, "good"),
            (&["-sha1", "-nonce"], CertStatus::Good, "good"),
            (&["-sha256", "-nonce"], revoked(Some(1)), "revoked"),
            (&["-sha256", "-no_nonce"], revoked(None), "revoked"),
            (&["-sha256", "-no_nonce"], CertStatus::Unknown, "unknown"),
        ] {
            let asked = OcspRequest::parse(&request(path, &leaf, options)).unwrap();
            assert_eq!(asked.nonce.is_some(), options[1] == "-nonce");
            assert!(issuer.is_issuer_of(&asked.ids[0]));
            assert_eq!(asked.ids[0].serial(), leaf.serial().as_bytes());
            let statuses: Vec<_> = asked.ids.iter().map(|id| (id.clone(), status)).collect();
            let der = responder
                .answer(&statuses, asked.nonce.as_deref(), NOW, NOW + Duration::DAY)
                .unwrap();
            fs::write(path.join("answer.der"), &der).unwrap();

            let said = read(path, &options[..1]);
            assert!(said.contains(&format!("leaf.pem: {word}")), "{said}");
            if status == revoked(Some(1)) {
                assert!(said.contains("Reason: keyCompromise"), "{said}");
            }
            let findings = pkilint(path);
            assert_eq!(findings, "[]", "{options:?}");
            assert_eq!(
                python(path, PYCA, ""),
                format!("{word} {}\n", leaf.serial())
            );
        }
    }
}

const PYCA: &str = "
from cryptography.x509 import ocsp
from cryptography import x509
answer = ocsp.load_der_ocsp_response(open('answer.der', 'rb').read())
assert answer.response_status == ocsp.OCSPResponseStatus.SUCCESSFUL
assert answer.responder_key_hash and len(answer.certificates) == 1
signer = answer.certificates[0]
issuer = x509.load_pem_x509_certificate(open('issuing.pem', 'rb').read())
signer.verify_directly_issued_by(issuer)
signer.extensions.get_extension_for_class(x509.OCSPNoCheck)
from cryptography.hazmat.primitives.asymmetric import ec
signer.public_key().verify(answer.signature, answer.tbs_response_bytes,
    ec.ECDSA(answer.signature_hash_algorithm))
print(answer.certificate_status.name.lower(), '%032x' % answer.serial_number)
";

/// What pkilint finds from NOTICE on; an unreadable file fails the test.
fn pkilint(folder: &Path) -> String {
    python(folder, PKILINT, "").trim().to_owned()
}

const PKILINT: &str = "
import json, os, subprocess, sys
tool = os.path.join(os.path.dirname(sys.executable), 'lint_ocsp_response')
done = subprocess.run([tool, 'lint', '-s', 'NOTICE', '-f', 'JSON', 'answer.der'],
    capture_output=True, text=True)
print(json.loads(done.stdout)['results'] if done.stdout else done.stderr)
";

#[test]
fn several_certificates_get_one_answer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    write_chain(path, p384());
    let leaf = issue(
        &p384().issuing,
        key(KeyAlgorithm::P256),
        "alice@example.com",
    );
    let asked = request(path, &leaf, &["-serial", "1234"]);
    let asked = OcspRequest::parse(&asked).unwrap();
    let statuses: Vec<_> = asked
        .ids
        .iter()
        .map(|id| {
            let is_leaf = id.serial() == leaf.serial().as_bytes();
            let status = if is_leaf {
                CertStatus::Good
            } else {
                CertStatus::Unknown
            };
            (id.clone(), status)
        })
        .collect();
    assert_eq!(statuses.len(), 2);
    let nonce = asked.nonce.as_deref();
    let der = responder(p384())
        .answer(&statuses, nonce, NOW, NOW + Duration::DAY)
        .unwrap();
    fs::write(path.join("answer.der"), der).unwrap();
    let said = read(path, &["-serial", "1234"]);
    assert!(
        said.contains("leaf.pem: good") && said.contains("1234: unknown"),
        "{said}"
    );
}

#[test]
fn other_issuers_are_not_ours() {
    let folder = tempfile::tempdir().unwrap();
    write_chain(folder.path(), rsa());
    let leaf = issue(&rsa().issuing, key(KeyAlgorithm::P256), "alice@example.com");
    let ours = IssuerId::of(p384().issuing.certificate()).unwrap();
    for hash in ["-sha1", "-sha256", "-sha384"] {
        let asked = OcspRequest::parse(&request(folder.path(), &leaf, &[hash])).unwrap();
        assert!(!ours.is_issuer_of(&asked.ids[0]), "{hash}");
    }
    write_chain(folder.path(), p384());
    let asked = OcspRequest::parse(&request(folder.path(), &leaf, &["-sha384"])).unwrap();
    assert!(!ours.is_issuer_of(&asked.ids[0]), "an unknown hash");
}

#[test]
fn errors_are_what_openssl_calls_them() {
    let folder = tempfile::tempdir().unwrap();
    for (error, word) in [
        (OcspError::MalformedRequest, "malformedrequest (1)"),
        (OcspError::InternalError, "internalerror (2)"),
        (OcspError::TryLater, "trylater (3)"),
        (OcspError::Unauthorized, "unauthorized (6)"),
    ] {
        fs::write(folder.path().join("answer.der"), error.to_der()).unwrap();
        let arguments = ["ocsp", "-respin", "answer.der", "-resp_text", "-noverify"];
        let said = run(folder.path(), "openssl", &arguments, "").text;
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn only_a_responder_of_the_authority_answers() {
    let key = PrivateKey::generate(KeyAlgorithm::P256).unwrap();
    let public_key = key.public_key().unwrap();
    let plan =
        |authority: &IssuingCertificate| ResponderPlan::new(authority, &public_key, &serial(), NOW);
    let authority = p384().issuing.certificate();
    let other = rsa().issuing.certificate();
    assert!(matches!(
        plan(authority).unwrap().sign(&rsa().issuing),
        Err(Error::OtherAuthority)
    ));
    assert!(
        plan(p384().root.certificate()).is_ok(),
        "a root has a responder for the authorities below it"
    );
    let strong = PrivateKey::generate(KeyAlgorithm::P384).unwrap();
    let wrong_kind = ResponderPlan::new(authority, &strong.public_key().unwrap(), &serial(), NOW);
    assert!(wrong_kind.is_err(), "responders use P-256");

    let certificate = plan(authority).unwrap().sign(&p384().issuing).unwrap();
    let open = |der: &[u8], key: &PrivateKey, authority| {
        Responder::new(der, key.clone(), authority).map(|_| ())
    };
    open(&certificate, &key, authority).unwrap();
    assert!(open(&certificate, &strong, authority).is_err());
    assert!(open(&certificate, &key, other).is_err());
    let leaf = issue(&p384().issuing, &key, "alice@example.com");
    assert!(
        open(leaf.der(), &key, authority).is_err(),
        "not a responder"
    );
    let leaf_tbs = pki::prepare(
        &crate::common::profile(),
        authority,
        &public_key,
        &crate::common::mailbox("alice@example.com"),
        &serial(),
        NOW,
    )
    .unwrap();
    assert!(ResponderPlan::resume(&leaf_tbs.intent().tbs_der, authority).is_err());
}

#[test]
fn a_responders_certificate_holds_what_the_standard_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    let key = PrivateKey::generate(KeyAlgorithm::P256).unwrap();
    let authority = p384().issuing.certificate();
    let plan = ResponderPlan::new(authority, &key.public_key().unwrap(), &serial(), NOW).unwrap();
    assert_eq!(
        plan.not_after(),
        NOW.replace_nanosecond(0).unwrap() + Duration::days(30)
            - Duration::minutes(5)
            - Duration::SECOND
    );
    let certificate = plan.sign(&p384().issuing).unwrap();
    fs::write(folder.path().join("responder.der"), certificate).unwrap();
    let arguments = [
        "x509",
        "-inform",
        "DER",
        "-in",
        "responder.der",
        "-noout",
        "-text",
    ];
    let text = run(folder.path(), "openssl", &arguments, "")
        .must_succeed("openssl x509")
        .stdout;
    for line in [
        "Subject: CN = OCSP responder",
        "X509v3 Key Usage: critical\n                Digital Signature\n",
        "X509v3 Extended Key Usage: \n                OCSP Signing\n",
        "OCSP No Check: \n",
    ] {
        assert!(text.contains(line), "{line:?} is not in\n{text}");
    }
}
