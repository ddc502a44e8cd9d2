//! A signed and encrypted mail goes round between OpenSSL, NSS and `GnuPG`, each reading the others.

use crate::common::{NOW_SECONDS, issue, key, p384, rng};
use crate::tools::{Answer, run};
use domain::{KeyAlgorithm, PfxFlavour, Secret};
use pki::BundleInput;
use std::fs;
use std::path::Path;

const PASSWORD: &str = "ABCD-EFGH-JKLM-NPQR-STUV-WXYZ";
const LETTER: &str = "Content-Type: text/plain\r\n\r\nThe contract is signed.\r\n";
const MAILBOX: &str = "alice@example.com";
/// The clock of NSS and `GnuPG` cannot be set by an option, so they run with another one.
const CLOCK: &str = "2026-10-02 12:00:00";

/// One person's certificate and key, in the form that each engine wants.
struct Person {
    folder: tempfile::TempDir,
}

impl Person {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = key(KeyAlgorithm::Rsa3072);
        let leaf = issue(&p384().issuing, key, MAILBOX);
        let password = Secret::new(PASSWORD.to_owned());
        let input = BundleInput {
            key,
            leaf_der: leaf.der(),
            chain: &p384().chain(),
            friendly_name: MAILBOX,
            password: &password,
            flavour: PfxFlavour::Compatible,
            iterations: 2_048,
        };
        let pfx = pki::bundle(&input, &mut rng()).unwrap();
        let person = Self { folder };
        person.write("file.p12", pfx.expose());
        person.write("letter", LETTER.as_bytes());
        let pem = |ders: &[Vec<u8>]| pki::pem::certificates(ders).unwrap();
        person.write("leaf.pem", pem(&[leaf.der().to_vec()]).as_bytes());
        let [issuing, root] = p384().chain().try_into().unwrap();
        person.write("issuing.pem", pem(&[issuing]).as_bytes());
        person.write("root.pem", pem(&[root]).as_bytes());
        let take = ["pkcs12", "-in", "file.p12", "-nocerts", "-nodes", "-passin"];
        let password = format!("pass:{PASSWORD}");
        let arguments: Vec<&str> = take
            .into_iter()
            .chain([&*password, "-out", "key.pem"])
            .collect();
        person.openssl(&arguments);
        person.import_to_nss();
        person.import_to_gnupg();
        person
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path().join(name), bytes).unwrap();
    }

    fn openssl(&self, arguments: &[&str]) -> Answer {
        run(self.path(), "openssl", arguments, "").must_succeed("openssl")
    }

    fn at(&self, program: &str, arguments: &[&str], input: &str) -> Answer {
        let all: Vec<&str> = [CLOCK, program].iter().chain(arguments).copied().collect();
        run(self.path(), "faketime", &all, input)
    }

    fn import_to_nss(&self) {
        fs::create_dir(self.path().join("nss")).unwrap();
        let database = ["-d", "sql:nss"];
        let nss = |program: &str, arguments: &[&str]| {
            let all: Vec<&str> = arguments.iter().chain(&database).copied().collect();
            self.at(program, &all, "").must_succeed(program);
        };
        nss("certutil", &["-N", "--empty-password"]);
        nss(
            "certutil",
            &["-A", "-n", "root", "-t", ",C,", "-i", "root.pem"],
        );
        nss("pk12util", &["-i", "file.p12", "-W", PASSWORD, "-K", ""]);
    }

    fn cmsutil(&self, arguments: &[&str]) -> Answer {
        let all: Vec<&str> = arguments
            .iter()
            .chain(&["-d", "sql:nss", "-p", ""])
            .copied()
            .collect();
        self.at("cmsutil", &all, "").must_succeed("cmsutil")
    }

    fn import_to_gnupg(&self) {
        fs::create_dir(self.path().join("home")).unwrap();
        let print = ["x509", "-in", "root.pem", "-noout", "-fingerprint", "-sha1"];
        let printed = self.openssl(&print).stdout;
        let fingerprint = printed.trim().rsplit_once('=').unwrap().1;
        self.write(
            "home/trustlist.txt",
            format!("{fingerprint} S relax\n").as_bytes(),
        );
        self.write("home/gpg-agent.conf", b"allow-loopback-pinentry\n");
        let import = ["--import", "file.p12"];
        let answer = self.gpgsm(&import);
        assert!(
            answer.text.contains("secret keys imported: 1"),
            "{}",
            answer.text
        );
    }

    fn gpgsm(&self, arguments: &[&str]) -> Answer {
        let options = [
            "--homedir",
            "home",
            "--batch",
            "--yes",
            "--pinentry-mode",
            "loopback",
            "--passphrase-fd",
            "0",
            "--disable-crl-checks",
            "--disable-dirmngr",
        ];
        let all: Vec<&str> = options.iter().chain(arguments).copied().collect();
        self.at("gpgsm", &all, &format!("{PASSWORD}\n"))
    }

    fn seal(&self, engine: Engine) {
        match engine {
            Engine::OpenSsl => {
                self.openssl(&[
                    "cms",
                    "-sign",
                    "-binary",
                    "-nodetach",
                    "-in",
                    "letter",
                    "-signer",
                    "leaf.pem",
                    "-inkey",
                    "key.pem",
                    "-certfile",
                    "issuing.pem",
                    "-outform",
                    "DER",
                    "-out",
                    "signed",
                ]);
                self.openssl(&[
                    "cms",
                    "-encrypt",
                    "-binary",
                    "-aes-256-cbc",
                    "-outform",
                    "DER",
                    "-in",
                    "signed",
                    "-out",
                    "encrypted",
                    "leaf.pem",
                ]);
            }
            Engine::Nss => {
                self.cmsutil(&[
                    "-S", "-G", "-P", "-N", MAILBOX, "-i", "letter", "-o", "signed",
                ]);
                self.cmsutil(&["-E", "-r", MAILBOX, "-i", "signed", "-o", "encrypted"]);
            }
            Engine::GnuPg => {
                let sign = ["-u", MAILBOX, "--output", "signed", "--sign", "letter"];
                self.gpgsm(&sign).must_succeed("gpgsm --sign");
                let encrypt = [
                    "--cipher-algo",
                    "AES256",
                    "-r",
                    MAILBOX,
                    "--output",
                    "encrypted",
                    "--encrypt",
                    "signed",
                ];
                self.gpgsm(&encrypt).must_succeed("gpgsm --encrypt");
            }
        }
    }

    /// Opens and verifies what [`Self::seal`] made; gives what was written.
    fn open(&self, engine: Engine) -> String {
        match engine {
            Engine::OpenSsl => {
                self.openssl(&[
                    "cms",
                    "-decrypt",
                    "-binary",
                    "-inform",
                    "DER",
                    "-in",
                    "encrypted",
                    "-recip",
                    "leaf.pem",
                    "-inkey",
                    "key.pem",
                    "-out",
                    "opened",
                ]);
                self.openssl(&[
                    "cms",
                    "-verify",
                    "-binary",
                    "-inform",
                    "DER",
                    "-in",
                    "opened",
                    "-out",
                    "read",
                    "-CAfile",
                    "root.pem",
                    "-certfile",
                    "issuing.pem",
                    "-purpose",
                    "smimesign",
                    "-attime",
                    NOW_SECONDS,
                ]);
                fs::read_to_string(self.path().join("read")).unwrap()
            }
            Engine::Nss => {
                self.cmsutil(&["-D", "-i", "encrypted", "-o", "opened"]);
                let seen = self.cmsutil(&["-D", "-u", "4", "-h", "1", "-i", "opened"]);
                assert!(
                    seen.text.contains("signer0.status=GoodSignature"),
                    "{}",
                    seen.text
                );
                self.cmsutil(&["-D", "-u", "4", "-i", "opened", "-o", "read"]);
                fs::read_to_string(self.path().join("read")).unwrap()
            }
            Engine::GnuPg => {
                let decrypt = ["--output", "opened", "--decrypt", "encrypted"];
                self.gpgsm(&decrypt).must_succeed("gpgsm --decrypt");
                let verify = ["--output", "read", "--verify", "opened"];
                let seen = self.gpgsm(&verify).must_succeed("gpgsm --verify");
                assert!(seen.text.contains("Good signature"), "{}", seen.text);
                fs::read_to_string(self.path().join("read")).unwrap()
            }
        }
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        let _ = run(
            self.path(),
            "gpgconf",
            &["--homedir", "home", "--kill", "all"],
            "",
        );
    }
}

#[derive(Debug, Clone, Copy)]
enum Engine {
    OpenSsl,
    Nss,
    GnuPg,
}

#[test]
fn each_engine_reads_the_others() {
    let person = Person::new();
    for from in [Engine::OpenSsl, Engine::Nss, Engine::GnuPg] {
        for to in [Engine::OpenSsl, Engine::Nss, Engine::GnuPg] {
            for name in ["signed", "encrypted", "opened", "read"] {
                let _ = fs::remove_file(person.path().join(name));
            }
            person.seal(from);
            let read = person.open(to);
            assert_eq!(read, LETTER, "{from:?} to {to:?}");
        }
    }
}
