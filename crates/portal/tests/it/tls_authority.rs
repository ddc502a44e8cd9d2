//! An issuing authority for TLS below the root of a portal, put into its database.

use crate::setting::Place;
use domain::{AuthorityId, KeyAlgorithm};
use pki::{AuthorityName, AuthorityPurpose, AuthorityUrls, PrivateKey, Serial, SigningAuthority};
use portal::Portal;

fn sealed_at(id: AuthorityId) -> safe::Place<'static> {
    safe::Place {
        table: "authority",
        column: "sealed_key",
        row: id.0,
        owner: uuid::Uuid::nil(),
    }
}

/// Makes the authority.
pub(crate) async fn add(place: &Place, portal: &Portal) -> AuthorityId {
    let rows = portal.store().authorities().await.unwrap();
    let root = rows.iter().find(|row| row.parent.is_none()).unwrap();
    let ring = portal.key_ring().unwrap();
    let sealed = root.sealed_key.as_ref().unwrap();
    let key = ring.open(sealed_at(root.id), sealed).unwrap();
    let key = PrivateKey::from_pkcs8(key.expose()).unwrap();
    let signer = SigningAuthority::new(&root.certificate, key).unwrap();

    let now = portal.now();
    let id = portal
        .random()
        .with(|mut rng| AuthorityId::generate(now, &mut rng));
    let key = PrivateKey::generate(KeyAlgorithm::P384).unwrap();
    let name = AuthorityName {
        common_name: "Example TLS CA 1".to_owned(),
        organisation: "Example Corporation".to_owned(),
        country: "GB".to_owned(),
    };
    let urls = AuthorityUrls {
        crl_url: format!("http://localhost:8080/pki/{}.crl", root.id),
        issuer_url: format!("http://localhost:8080/pki/{}.crt", root.id),
    };
    let certificate = pki::create_issuing_for(
        &name,
        &key.public_key().unwrap(),
        &signer,
        &portal.random().with(|rng| Serial::generate(rng)),
        now,
        &urls,
        &AuthorityPurpose::Tls {
            domains: Vec::new(),
        },
    )
    .unwrap();
    let pkcs8 = key.to_pkcs8().unwrap();
    let sealed = portal
        .random()
        .with(|rng| ring.seal(sealed_at(id), pkcs8.expose(), rng))
        .unwrap();

    let is_sqlite = place.url.starts_with("sqlite:");
    let bytes = |bytes: &[u8]| {
        if is_sqlite {
            format!("X'{}'", hex::encode(bytes))
        } else {
            format!("'\\x{}'", hex::encode(bytes))
        }
    };
    let uuid = |id: AuthorityId| {
        if is_sqlite {
            bytes(id.0.as_bytes())
        } else {
            format!("'{id}'")
        }
    };
    place.sql(&format!(
        "INSERT INTO authority (id, parent_id, name, certificate, purpose, state, crl_number,
            created_at)
        VALUES ({}, {}, 'Example TLS CA 1', {}, 'tls', 'active', 0, {})",
        uuid(id),
        uuid(root.id),
        bytes(&certificate),
        now.unix_timestamp_nanos() / 1000
    ));
    place.sql(&format!(
        "INSERT INTO authority_key (authority_id, sealed_key) VALUES ({}, {})",
        uuid(id),
        bytes(&sealed)
    ));
    id
}
