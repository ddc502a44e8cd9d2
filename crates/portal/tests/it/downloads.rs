//! The files that people download: what they are, and that they open.

use crate::fixtures::requests::download;
use crate::life::Life;
use crate::setting::{Database, actor, on_both};
use domain::{CertificateForm, Device, DownloadKind, Secret};
use portal::Error;

on_both!(both_flavours_and_the_profile_open);

async fn both_flavours_and_the_profile_open(database: Database) {
    let Some(life) = Life::new(database).await else {
        return;
    };
    let (portal, alice, id) = (&life.portal, &life.alice, life.certificate);
    let shown = portal.show_password(alice, id, Secret::new(String::new()));
    let password = Secret::new(shown.await.unwrap().value.password.expose().to_owned());
    let fetch = async |kind, device| {
        let file = portal.download(alice, id, download(kind, device)).await;
        file.unwrap().value
    };
    // PBES2 (RFC 8018), which only the modern flavour has.
    let pbes2 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
    let is_modern = |bytes: &[u8]| bytes.windows(9).any(|window| window == pbes2);
    for (device, modern) in [(Device::Windows, true), (Device::Mac, false)] {
        for (kind, modern) in [
            (DownloadKind::Pfx, modern),
            (DownloadKind::OtherPfx, !modern),
        ] {
            let file = fetch(kind, device).await;
            pki::verify_opens(file.bytes.expose(), &password).unwrap();
            assert_eq!(is_modern(file.bytes.expose()), modern, "{device} {kind}");
        }
    }
    let profile = fetch(DownloadKind::Profile, Device::Ios).await;
    assert!(profile.is_profile() && profile.file_name.ends_with(".mobileconfig"));
    let text = String::from_utf8(profile.bytes.expose().clone()).unwrap();
    assert!(
        !text.contains(password.expose().as_str()),
        "the password is not in it"
    );
    assert_eq!(text.matches("com.apple.security.root<").count(), 1);
    assert_eq!(text.matches("com.apple.security.pkcs1<").count(), 1);
    assert_eq!(text.matches("com.apple.security.pkcs12<").count(), 1);
    let leaf = portal.store().certificate(id).await.unwrap().unwrap().der;
    let authorities = portal.store().authorities().await.unwrap();
    let dave = actor(portal, "dave").await;
    let erin = actor(portal, "erin").await;
    for (form, ending) in [
        (CertificateForm::Pem, ".pem"),
        (CertificateForm::Der, ".cer"),
        (CertificateForm::P7b, ".p7b"),
    ] {
        let file = portal.certificate_file(alice, id, form).await.unwrap();
        assert!(file.file_name.ends_with(ending), "{form}");
        let bytes = file.bytes.expose().as_slice();
        match form {
            CertificateForm::Der => assert_eq!(bytes, leaf),
            CertificateForm::Pem => {
                assert_eq!(pki::pem::read_certificates(bytes).unwrap()[0], leaf);
            }
            CertificateForm::P7b => {
                // SignedData without signatures (RFC 5652 section 5), with the chain in it.
                let chain = [&leaf, &authorities[1].certificate];
                let has = |der: &Vec<u8>| bytes.windows(der.len()).any(|part| part == der);
                assert!(bytes[0] == 0x30 && chain.into_iter().all(has), "{form}");
            }
        }
        let seen = portal.certificate_file(&dave, id, form).await.unwrap();
        assert_eq!(seen.bytes.expose(), file.bytes.expose(), "{form}");
        let refused = portal.certificate_file(&erin, id, form).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{form}");
    }
}
