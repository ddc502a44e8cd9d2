//! Authorities that OpenSSL makes, good ones and bad ones.

use crate::tools::run;
use std::fs;
use std::path::Path;

const EXTENSIONS: &str = "
[root]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[root0]
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[ca]
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[leaf]
basicConstraints=CA:FALSE
keyUsage=critical,digitalSignature
subjectKeyIdentifier=hash
[nosign]
basicConstraints=critical,CA:TRUE
keyUsage=critical,cRLSign
subjectKeyIdentifier=hash
[nolists]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign
subjectKeyIdentifier=hash
[server]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
extendedKeyUsage=serverAuth
subjectKeyIdentifier=hash
[tls]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
extendedKeyUsage=serverAuth,clientAuth
subjectKeyIdentifier=hash
[mail]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
extendedKeyUsage=emailProtection
subjectKeyIdentifier=hash
[both]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
extendedKeyUsage=serverAuth,clientAuth,emailProtection
subjectKeyIdentifier=hash
[hosts]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
nameConstraints=critical,permitted;DNS:example.com
subjectKeyIdentifier=hash
[mailboxes]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
nameConstraints=critical,permitted;email:example.com
subjectKeyIdentifier=hash
[uris]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
nameConstraints=critical,permitted;URI:example.com
subjectKeyIdentifier=hash
[noid]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=none
";

/// Makes a certificate as `<name>.pem` with the key `<name>.key`, by an issuer or itself.
pub(crate) fn make(folder: &Path, name: &str, kind: &str, section: &str, issuer: Option<&str>) {
    make_with(folder, name, kind, section, issuer, &[]);
}

pub(crate) fn make_with(
    folder: &Path,
    name: &str,
    kind: &str,
    section: &str,
    issuer: Option<&str>,
    more: &[&str],
) {
    fs::write(folder.join("x.cnf"), EXTENSIONS).unwrap();
    let (key, pem, csr) = (
        format!("{name}.key"),
        format!("{name}.pem"),
        format!("{name}.csr"),
    );
    let subject = format!("/C=DE/O=Example/CN={name}");
    let openssl = |arguments: &[&str]| {
        run(folder, "openssl", arguments, "").must_succeed("openssl");
    };
    let mut arguments = vec![
        "req", "-new", "-nodes", "-keyout", &key, "-out", &csr, "-subj", &subject, "-newkey",
    ];
    match kind.strip_prefix("ec:") {
        Some(curve) => {
            let parameter = format!("ec_paramgen_curve:{curve}");
            arguments.extend(["ec", "-pkeyopt"]);
            openssl(&[arguments.as_slice(), &[&parameter]].concat());
        }
        None => openssl(&[arguments.as_slice(), &[kind]].concat()),
    }
    let mut arguments = vec![
        "x509",
        "-req",
        "-in",
        &csr,
        "-out",
        &pem,
        "-extfile",
        "x.cnf",
        "-extensions",
        section,
        "-days",
        "3000",
    ];
    let (issuer_pem, issuer_key) = (
        issuer.map(|issuer| format!("{issuer}.pem")),
        format!("{}.key", issuer.unwrap_or(name)),
    );
    match &issuer_pem {
        Some(pem) => arguments.extend(["-CA", pem, "-CAkey", &issuer_key, "-CAcreateserial"]),
        None => arguments.extend(["-signkey", &issuer_key]),
    }
    arguments.extend(more);
    openssl(&arguments);
}
