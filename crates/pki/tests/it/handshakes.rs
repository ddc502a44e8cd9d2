//! Real TLS connections in which both ends show a certificate of ours.

use crate::common::{NOW, key, mailbox, p384, profile};
use crate::purposes::{plan_mail, plan_tls};
use crate::tls_leaves::{hosts, tls};
use domain::{KeyAlgorithm, Name};
use openssl::pkey::{PKey, Private};
use openssl::ssl::{
    SslAcceptor, SslConnector, SslContextBuilder, SslMethod, SslVerifyMode, SslVersion,
};
use openssl::x509::X509;
use pki::{Certificate, CommonName, Holder, PrivateKey, SigningAuthority, TlsHolder};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// What one end shows.
struct End<'a> {
    leaf: Certificate,
    key: &'a PrivateKey,
    issuing: &'a SigningAuthority,
}

fn end(holder: &TlsHolder, algorithm: KeyAlgorithm) -> End<'static> {
    let (key, issuing) = (key(algorithm), tls());
    let public_key = key.public_key().unwrap();
    let planned = plan_tls(issuing, &public_key, holder).unwrap();
    let leaf = pki::sign(planned, issuing).unwrap();
    End { leaf, key, issuing }
}

/// Shows the end's chain, trusts the root alone, and takes the time for that of the tests.
fn configure(context: &mut SslContextBuilder, end: &End<'_>) {
    let x509 = |der: &[u8]| X509::from_der(der).unwrap();
    let pem = pki::pem::private_key(end.key).unwrap();
    let key: PKey<Private> = PKey::private_key_from_pem(pem.expose().as_bytes()).unwrap();
    context.set_certificate(&x509(end.leaf.der())).unwrap();
    context.set_private_key(&key).unwrap();
    let issuing = x509(end.issuing.certificate().der());
    context.add_extra_chain_cert(issuing).unwrap();
    let root = x509(p384().root.certificate().der());
    context.cert_store_mut().add_cert(root).unwrap();
    context.verify_param_mut().set_time(NOW.unix_timestamp());
}

/// Whether both ends accept each other, over a socket.
fn connect(server: &End<'_>, client: &End<'_>, host: &str, version: SslVersion) -> bool {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server()).unwrap();
    configure(&mut acceptor, server);
    acceptor.set_verify(SslVerifyMode::PEER | SslVerifyMode::FAIL_IF_NO_PEER_CERT);
    let mut connector = SslConnector::builder(SslMethod::tls_client()).unwrap();
    configure(&mut connector, client);
    connector.set_min_proto_version(Some(version)).unwrap();
    connector.set_max_proto_version(Some(version)).unwrap();
    let (acceptor, connector) = (acceptor.build(), connector.build());
    thread::scope(|scope| {
        let answer = scope.spawn(move || {
            let (socket, _) = listener.accept().unwrap();
            let Ok(mut stream) = acceptor.accept(socket) else {
                return false;
            };
            stream.write_all(b"hello").is_ok() && stream.shutdown().is_ok()
        });
        let socket = TcpStream::connect(address).unwrap();
        let mut text = [0; 5];
        // In TLS 1.3 a refused client learns it when it reads.
        let is_read = connector
            .connect(host, socket)
            .is_ok_and(|mut stream| stream.read_exact(&mut text).is_ok());
        answer.join().unwrap() && is_read && &text == b"hello"
    })
}

fn server(names: &[&str]) -> TlsHolder {
    TlsHolder::Server {
        hosts: hosts(names),
        common_name: CommonName::Alternative,
    }
}

fn person() -> TlsHolder {
    TlsHolder::Client {
        mailbox: mailbox("alice@example.com"),
        more: Vec::new(),
        common_name: CommonName::Checked(Name::parse("Alice Smith").unwrap()),
    }
}

fn device() -> TlsHolder {
    TlsHolder::Device {
        hosts: hosts(&["printer.example.com"]),
        common_name: CommonName::Checked(Name::parse("Printer 4711").unwrap()),
    }
}

#[test]
fn servers_devices_and_people_talk_with_every_kind_of_key() {
    for algorithm in KeyAlgorithm::ALL {
        for version in [SslVersion::TLS1_2, SslVersion::TLS1_3] {
            let client = end(&person(), *algorithm);
            for (holder, host) in [
                (server(&["www.example.com"]), "www.example.com"),
                (
                    server(&["*.bücher.example.com"]),
                    "any.xn--bcher-kva.example.com",
                ),
                (server(&["192.0.2.1", "2001:db8::1"]), "2001:db8::1"),
                (device(), "printer.example.com"),
            ] {
                let server = end(&holder, *algorithm);
                assert!(
                    connect(&server, &client, host, version),
                    "{algorithm} {holder:?}"
                );
            }
            let (printer, other) = (end(&device(), *algorithm), end(&device(), *algorithm));
            assert!(connect(&printer, &other, "printer.example.com", version));
        }
    }
}

#[test]
fn nobody_passes_for_what_they_are_not() {
    let p256 = KeyAlgorithm::P256;
    let host = "www.example.com";
    let (www, alice) = (end(&server(&[host]), p256), end(&person(), p256));
    let planned = plan_mail(
        &profile(),
        &p384().issuing,
        &Holder::of(&mailbox("alice@example.com")),
    );
    let mail = End {
        leaf: pki::sign(planned.unwrap(), &p384().issuing).unwrap(),
        key: key(p256),
        issuing: &p384().issuing,
    };
    for version in [SslVersion::TLS1_2, SslVersion::TLS1_3] {
        assert!(connect(&www, &alice, host, version));
        assert!(
            !connect(&www, &alice, "other.example.com", version),
            "another host"
        );
        assert!(!connect(&www, &www, host, version), "a server signs in");
        assert!(!connect(&alice, &alice, host, version), "a person serves");
        assert!(!connect(&www, &mail, host, version), "a mail key signs in");
        assert!(!connect(&mail, &alice, host, version), "a mail key serves");
    }
}
