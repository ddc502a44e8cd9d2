use super::*;
use crate::asn1::{
    NULL, bit_string, boolean_true, constructed, enumerated, integer, octet_string, oid, sequence,
};
use crate::ocsp::LARGEST_REQUEST;
use proptest::prelude::*;

fn cert_id(algorithm: &[u8], serial: &[u8]) -> Vec<u8> {
    let serial = crate::asn1::element(0x02, serial);
    let hashes = [octet_string(&[1; 20]), octet_string(&[2; 20])].concat();
    sequence(&[algorithm, &hashes, &serial])
}

fn sha1() -> Vec<u8> {
    sequence(&[&oid(oid::SHA1), NULL])
}

fn single() -> Vec<u8> {
    sequence(&[&cert_id(&sha1(), &[0x55; 16])])
}

fn extension(id: ObjectIdentifier, critical: &[u8], value: &[u8]) -> Vec<u8> {
    sequence(&[&oid(id), critical, &octet_string(value)])
}

fn with_extensions(extensions: &[&[u8]]) -> Vec<u8> {
    let extensions = constructed(2, &sequence(extensions));
    sequence(&[&sequence(&[&sequence(&[&single()]), &extensions])])
}

fn with_nonce(length: usize) -> Vec<u8> {
    let nonce = octet_string(&vec![7; length]);
    with_extensions(&[&extension(oid::OCSP_NONCE, &[], &nonce)])
}

fn plain(singles: &[&[u8]]) -> Vec<u8> {
    sequence(&[&sequence(&[&sequence(singles)])])
}

#[test]
fn requests_of_every_form_are_read() {
    let sha256 = |parameters: &[u8]| sequence(&[&oid(oid::SHA256), parameters]);
    for (algorithm, hash) in [
        (sha1(), Some(Hash::Sha1)),
        (sequence(&[&oid(oid::SHA1)]), Some(Hash::Sha1)),
        (sha256(NULL), Some(Hash::Sha256)),
        (sha256(&[]), Some(Hash::Sha256)),
        (sha256(&integer(1)), None),
        (sequence(&[&oid(oid::CRL_NUMBER), NULL]), None),
    ] {
        let id = cert_id(&algorithm, &[0x55; 16]);
        let request = OcspRequest::parse(&plain(&[&sequence(&[&id])])).unwrap();
        assert_eq!((request.ids.len(), request.nonce), (1, None));
        assert_eq!(request.ids[0].hash(), hash);
        assert_eq!(request.ids[0].der(), id);
        assert_eq!(request.ids[0].serial(), [0x55; 16]);
    }
    let several = OcspRequest::parse(&plain(&[&single(), &single(), &single()])).unwrap();
    assert_eq!(several.ids.len(), 3);

    // Version and name written out, a signature that nobody looks at.
    let name = constructed(1, &constructed(4, &sequence(&[])));
    let tbs = sequence(&[&constructed(0, &integer(0)), &name, &sequence(&[&single()])]);
    let signature = constructed(0, &sequence(&[&sha1(), &bit_string(&[0; 70])]));
    assert!(OcspRequest::parse(&sequence(&[&tbs, &signature])).is_ok());
}

#[test]
fn a_nonce_has_1_to_128_octets() {
    for (length, is_read) in [(0, false), (1, true), (32, true), (128, true), (129, false)] {
        let request = OcspRequest::parse(&with_nonce(length));
        assert_eq!(request.is_ok(), is_read, "{length}");
        if let Ok(request) = request {
            assert_eq!(request.nonce, Some(vec![7; length]));
        }
    }
}

#[test]
fn what_is_no_request_is_malformed() {
    let nonce = extension(oid::OCSP_NONCE, &[], &octet_string(&[7; 16]));
    let bare = extension(oid::OCSP_NONCE, &[], &[7; 16]);
    let other = |critical: &[u8]| extension(oid::CRL_NUMBER, critical, NULL);
    assert!(OcspRequest::parse(&with_extensions(&[&nonce, &other(&[])])).is_ok());
    let version_2 = [constructed(0, &integer(1)), sequence(&[&single()])].concat();
    let second = [
        single(),
        constructed(0, &sequence(&[&other(&boolean_true())])),
    ]
    .concat();
    for (what, der) in [
        ("nothing", Vec::new()),
        ("text", b"GET /ocsp".to_vec()),
        ("nobody asked for", plain(&[])),
        ("cut off", plain(&[&single()])[..40].to_vec()),
        (
            "something after it",
            [plain(&[&single()]), vec![0]].concat(),
        ),
        ("no identifier", plain(&[&sequence(&[])])),
        ("no serial", plain(&[&sequence(&[&cert_id(&sha1(), &[])])])),
        (
            "a reason for a serial",
            plain(&[&sequence(&[&enumerated(1)])]),
        ),
        ("version 2", sequence(&[&sequence(&[&version_2])])),
        ("two nonces", with_extensions(&[&nonce, &nonce])),
        ("a bare nonce", with_extensions(&[&bare])),
        ("critical", with_extensions(&[&other(&boolean_true())])),
        ("critical inside", plain(&[&sequence(&[&second])])),
        (
            "too large",
            plain(&vec![single().as_slice(); LARGEST_REQUEST / 60]),
        ),
    ] {
        assert_eq!(OcspRequest::parse(&der), Err(Malformed), "{what}");
    }
}

proptest! {
    #[test]
    fn nothing_makes_the_reader_panic(bytes: Vec<u8>) {
        let _ = OcspRequest::parse(&bytes);
    }

    #[test]
    fn no_damage_makes_the_reader_panic(place in 0_usize..200, byte: u8, length in 0_usize..200) {
        let mut der = with_nonce(20);
        let place = place % der.len();
        der[place] = byte;
        der.truncate(length.max(1));
        let _ = OcspRequest::parse(&der);
    }
}
