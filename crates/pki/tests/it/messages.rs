//! Files that other programs install: certificates as `.p7b`, profiles for Apple's devices.

use crate::common::{Hierarchy, NOW, NOW_SECONDS, issue, key, p384, rng, rsa};
use crate::tools::{python, run};
use domain::{KeyAlgorithm, PfxFlavour, Secret};
use pki::mobileconfig::{MobileCertificate, MobileConfig, MobilePfx};
use pki::{BundleInput, Certificate, mobileconfig::mobileconfig};
use std::fs;
use std::path::Path;

fn pem_of(folder: &Path, name: &str, ders: &[Vec<u8>]) {
    fs::write(folder.join(name), pki::pem::certificates(ders).unwrap()).unwrap();
}

#[test]
fn openssl_and_gnutls_read_certificates_from_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut all = p384().chain();
    all.extend(rsa().chain());
    let twice: Vec<&Vec<u8>> = all.iter().chain(&all).collect();
    fs::write(folder.join("all.p7b"), pki::p7b(&twice).unwrap()).unwrap();
    let arguments = ["pkcs7", "-inform", "DER", "-in", "all.p7b", "-print_certs"];
    let printed = run(folder, "openssl", &arguments, "").must_succeed("openssl pkcs7");
    let mut read = pki::pem::read_certificates(printed.stdout.as_bytes()).unwrap();
    read.sort();
    all.sort();
    assert_eq!(read, all);
    let arguments = [
        "cms", "-cmsout", "-print", "-inform", "DER", "-in", "all.p7b",
    ];
    let text = run(folder, "openssl", &arguments, "")
        .must_succeed("openssl cms")
        .text;
    assert!(text.contains("pkcs7-signedData"), "{text}");
    let arguments = ["--p7-info", "--inder", "--infile", "all.p7b"];
    let text = run(folder, "certtool", &arguments, "")
        .must_succeed("certtool")
        .text;
    assert!(text.contains("Number of certificates: 4"), "{text}");

    assert!(pki::p7b::<Vec<u8>>(&[]).is_err());
    assert!(pki::p7b(&[b"no certificate"]).is_err());
}

/// A display name with everything that XML gives a meaning to.
const NAME: &str = "Älice <O'Neil> & \"Söhne\" ]]> 🔑";

fn profile(
    hierarchy: &Hierarchy,
    leaf: &Certificate,
    algorithm: KeyAlgorithm,
) -> (String, Vec<u8>) {
    let pfx = pki::bundle(
        &BundleInput {
            key: key(algorithm),
            leaf_der: leaf.der(),
            chain: &hierarchy.chain(),
            friendly_name: "alice@example.com (2026-10)",
            password: &Secret::new("ABCD-EFGH-JKLM-NPQR-STUV-WXYZ".to_owned()),
            flavour: PfxFlavour::Compatible,
            iterations: 2048,
        },
        &mut rng(),
    )
    .unwrap();
    let chain = hierarchy.chain();
    let authorities = [
        MobileCertificate {
            uuid: "3F2504E0-4F89-41D3-9A0C-0305E82C3301",
            display_name: "Issuing",
            der: &chain[0],
        },
        MobileCertificate {
            uuid: "3F2504E0-4F89-41D3-9A0C-0305E82C3302",
            display_name: "Root",
            der: &chain[1],
        },
    ];
    let made = mobileconfig(&MobileConfig {
        display_name: NAME,
        organisation: "Beispiel & Söhne GmbH",
        description: "S/MIME for alice@example.com",
        identifier: "com.example.certportal.alice",
        uuid: "3F2504E0-4F89-41D3-9A0C-0305E82C3303",
        pfx: MobilePfx {
            uuid: "3F2504E0-4F89-41D3-9A0C-0305E82C3304",
            display_name: NAME,
            file_name: "alice@example.com.p12",
            bytes: pfx.expose(),
        },
        authorities: &authorities,
    });
    (made.unwrap(), pfx.expose().clone())
}

const READ_PLIST: &str = r"
import plistlib, sys
p = plistlib.load(open('profile.mobileconfig', 'rb'), fmt=plistlib.FMT_XML)
print(p['PayloadType'], p['PayloadVersion'], p['PayloadUUID'], p['PayloadIdentifier'])
print(p['PayloadDisplayName'])
print(p['PayloadOrganization'])
for one in p['PayloadContent']:
    keys = [k for k in one if k not in ('PayloadContent',)]
    print(one['PayloadType'], one['PayloadVersion'], one['PayloadUUID'], one['PayloadIdentifier'])
    print(one['PayloadContent'].hex())
    print('Password' in one)
print(p['PayloadContent'][0]['PayloadDisplayName'])
";

#[test]
fn python_reads_the_profile_as_a_property_list() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let leaf = issue(
        &p384().issuing,
        key(KeyAlgorithm::P256),
        "alice@example.com",
    );
    let (made, pfx) = profile(p384(), &leaf, KeyAlgorithm::P256);
    fs::write(folder.join("profile.mobileconfig"), made).unwrap();
    let printed = python(
        folder,
        &format!("import sys; sys.stdout.reconfigure(encoding='utf-8'){READ_PLIST}"),
        "",
    );
    let id = "3F2504E0-4F89-41D3-9A0C-0305E82C330";
    let name = "com.example.certportal.alice";
    let [issuing, root] = [0, 1].map(|index| hex(&p384().chain()[index]));
    let payload = |kind: &str, digit: u8, content: &str| {
        format!("com.apple.security.{kind} 1 {id}{digit} {name}.{id}{digit}\n{content}\nFalse\n")
    };
    let expected = format!(
        "Configuration 1 {id}3 {name}\n{NAME}\nBeispiel & Söhne GmbH\n{}{}{}{NAME}\n",
        payload("pkcs12", 4, &hex(&pfx)),
        payload("pkcs1", 1, &issuing),
        payload("root", 2, &root),
    );
    assert_eq!(printed, expected);
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

#[test]
fn wrong_profiles_are_refused() {
    let good = MobileConfig {
        display_name: "a",
        organisation: "a",
        description: "a",
        identifier: "a.b",
        uuid: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        pfx: MobilePfx {
            uuid: "3f2504e0-4f89-41d3-9a0c-0305e82c3302",
            display_name: "a",
            file_name: "a",
            bytes: b"a",
        },
        authorities: &[],
    };
    assert!(mobileconfig(&good).is_ok());
    for text in ["", " ", "a\u{0}", "a\nb", "\u{ffff}"] {
        assert!(
            mobileconfig(&MobileConfig {
                display_name: text,
                ..good
            })
            .is_err()
        );
    }
    for uuid in [
        "",
        "1",
        good.pfx.uuid,
        "3f2504e0-4f89-41d3-9a0c-0305e82c330g",
    ] {
        assert!(mobileconfig(&MobileConfig { uuid, ..good }).is_err());
    }
    for identifier in ["", "a b", "a<"] {
        assert!(mobileconfig(&MobileConfig { identifier, ..good }).is_err());
    }
    let authorities = [MobileCertificate {
        uuid: "3f2504e0-4f89-41d3-9a0c-0305e82c3303",
        display_name: "a",
        der: b"no certificate",
    }];
    let authorities = &authorities;
    assert!(
        mobileconfig(&MobileConfig {
            authorities,
            ..good
        })
        .is_err()
    );
}

#[test]
fn openssl_verifies_signed_profiles() {
    for (hierarchy, algorithm) in [
        (rsa(), KeyAlgorithm::Rsa2048),
        (rsa(), KeyAlgorithm::P256),
        (p384(), KeyAlgorithm::P384),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let leaf = issue(&hierarchy.issuing, key(algorithm), "alice@example.com");
        let (plist, _) = profile(hierarchy, &leaf, algorithm);
        let signed = pki::sign_mobileconfig(
            plist.as_bytes(),
            key(algorithm),
            leaf.der(),
            &hierarchy.chain(),
            NOW,
        )
        .unwrap();
        fs::write(folder.join("signed.mobileconfig"), &signed).unwrap();
        pem_of(folder, "root.pem", &hierarchy.chain()[1..]);
        for command in ["cms", "smime"] {
            let arguments = [
                command,
                "-verify",
                "-inform",
                "DER",
                "-in",
                "signed.mobileconfig",
                "-CAfile",
                "root.pem",
                "-attime",
                NOW_SECONDS,
                "-binary",
                "-out",
                "out.plist",
            ];
            run(folder, "openssl", &arguments, "").must_succeed(command);
            assert_eq!(
                fs::read(folder.join("out.plist")).unwrap(),
                plist.as_bytes()
            );
        }
        let arguments = [
            "cms",
            "-cmsout",
            "-print",
            "-inform",
            "DER",
            "-in",
            "signed.mobileconfig",
        ];
        let text = run(folder, "openssl", &arguments, "")
            .must_succeed("openssl cms")
            .text;
        for part in ["signingTime", "Oct  1 12:34:56 2026 GMT", "sha256"] {
            assert!(text.contains(part), "{part}: {text}");
        }

        let position = signed.windows(5).position(|part| part == b"plist").unwrap();
        let mut changed = signed;
        changed[position] ^= 1;
        fs::write(folder.join("changed.mobileconfig"), changed).unwrap();
        let arguments = [
            "cms",
            "-verify",
            "-inform",
            "DER",
            "-in",
            "changed.mobileconfig",
            "-CAfile",
            "root.pem",
            "-attime",
            NOW_SECONDS,
            "-binary",
            "-out",
            "out.plist",
        ];
        assert!(!run(folder, "openssl", &arguments, "").is_success);
    }
    let leaf = issue(
        &p384().issuing,
        key(KeyAlgorithm::P384),
        "alice@example.com",
    );
    let other = key(KeyAlgorithm::P256);
    let mismatch = pki::sign_mobileconfig(b"<plist/>", other, leaf.der(), &[], NOW);
    assert!(matches!(mismatch, Err(pki::Error::KeyMismatch)));
}
