//! A real web server with a certificate of ours, and people who sign in to it with theirs. nginx is
//! Debian's package; `cargo xtask test` installs it.

use crate::fixtures::own_keys::issue;
use crate::fixtures::reader::run;
use crate::fixtures::requests::{approve, made};
use crate::setting::{Database, Ground, actor, request_of};
use api::RequestCertificate;
use portal::Portal;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// nginx, stopped when it is dropped.
struct Nginx<'a> {
    child: Child,
    folder: &'a Path,
    port: u16,
}

impl<'a> Nginx<'a> {
    fn start(folder: &'a Path) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = port.local_addr().unwrap().port();
        let config = format!(
            "daemon off; worker_processes 1; pid nginx.pid; error_log stderr;
            events {{}}
            http {{
                access_log off;
                client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
                uwsgi_temp_path t4; scgi_temp_path t5;
                server {{
                    listen 127.0.0.1:{port} ssl;
                    ssl_certificate server.pem;
                    ssl_certificate_key server.key;
                    ssl_client_certificate authorities.pem;
                    ssl_verify_client on;
                    ssl_verify_depth 2;
                    ssl_crl lists.pem;
                    location / {{ return 200 \"$ssl_client_s_dn\\n\"; }}
                }}
            }}"
        );
        std::fs::write(folder.join("nginx.conf"), config).unwrap();
        let log = std::fs::File::create(folder.join("nginx.log")).unwrap();
        let child = Command::new("/usr/sbin/nginx")
            .arg("-p")
            .arg(folder)
            .args(["-c", "nginx.conf"])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| {
                panic!(
                    "{}: {error}",
                    "nginx is not installed; `cargo xtask test` installs it"
                )
            });
        Self {
            child,
            folder,
            port,
        }
    }

    /// Fetches a page as whoever has this PFX; gives the status and the page.
    fn fetch(&self, pfx: &str, password: &str) -> (String, String) {
        let mut command = Command::new("curl");
        command.current_dir(self.folder).args([
            "-s",
            "--max-time",
            "10",
            "--cacert",
            "root.pem",
            "--cert-type",
            "P12",
            "--cert",
            &format!("{pfx}:{password}"),
            "--resolve",
            &format!("www.example.com:{}:127.0.0.1", self.port),
            "-w",
            "%{http_code}",
            &format!("https://www.example.com:{}/", self.port),
        ]);
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let (page, status) = text.split_at(text.len().saturating_sub(3));
        (status.to_owned(), page.to_owned())
    }

    /// Fetches until the status is the wanted one: starting and reloading take a moment.
    async fn expect(&self, status: &str, pfx: &str, password: &str) -> String {
        let mut last = (String::new(), String::new());
        for _ in 0..100 {
            last = self.fetch(pfx, password);
            if last.0 == status {
                return last.1;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let log = std::fs::read_to_string(self.folder.join("nginx.log")).unwrap();
        panic!("{status} was expected, not {last:?}: {log}");
    }

    fn reload(&self) {
        let done = Command::new("/usr/sbin/nginx")
            .arg("-p")
            .arg(self.folder)
            .args(["-c", "nginx.conf", "-s", "reload"])
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
    }
}

impl Drop for Nginx<'_> {
    fn drop(&mut self) {
        // Its worker ends with it when it is asked to, and not when it is killed.
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).ok();
        self.child.wait().ok();
    }
}

/// Writes the revocation lists of all authorities as relying parties fetch them.
async fn write_lists(portal: &Portal, folder: &Path) {
    let mut lists = String::new();
    for authority in portal.store().authorities().await.unwrap() {
        let name = format!("{}.crl", authority.id);
        let file = portal.pki_file(&name).await.unwrap().unwrap();
        std::fs::write(folder.join("list.crl"), &file.bytes).unwrap();
        run(
            folder,
            "openssl",
            "crl -inform der -in list.crl -out list.pem",
        );
        lists += &std::fs::read_to_string(folder.join("list.pem")).unwrap();
    }
    std::fs::write(folder.join("lists.pem"), lists).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_signs_in_to_nginx_until_their_certificate_is_revoked() {
    let ground = Ground::new(Database::Sqlite).await.unwrap();
    let portal = ground.place.start(None).await;
    portal.seed_demo().await.unwrap();
    let folder = ground.place.folder.as_path();
    let mut authorities = Vec::new();
    for row in portal.store().authorities().await.unwrap() {
        if row.parent.is_none() {
            let root = pki::pem::certificates(&[&row.certificate]).unwrap();
            std::fs::write(folder.join("root.pem"), root).unwrap();
        }
        authorities.push(row.certificate);
    }
    let authorities = pki::pem::certificates(&authorities).unwrap();
    std::fs::write(folder.join("authorities.pem"), authorities).unwrap();

    // The server brings its own signing request, which says its name.
    run(
        folder,
        "openssl",
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key \
         -subj /CN=www.example.com -addext subjectAltName=DNS:www.example.com -out server.csr",
    );
    let carol = actor(&portal, "carol").await;
    let server = RequestCertificate {
        csr: std::fs::read_to_string(folder.join("server.csr")).unwrap(),
        ..request_of(&portal, &carol, "Server").await
    };
    let server = issue(&portal, &carol, server).await.unwrap();
    let file = portal
        .certificate_file(&carol, server, domain::CertificateForm::Pem)
        .await
        .unwrap();
    std::fs::write(folder.join("server.pem"), file.bytes.expose()).unwrap();

    // The person gets theirs from the portal.
    let alice = actor(&portal, "alice").await;
    let wanted = request_of(&portal, &alice, "Sign in to servers").await;
    let done = portal.request_certificate(&alice, wanted).await.unwrap();
    let id = made(done);
    approve(&portal, id).await;
    portal.run_due_work().await;
    let row = portal.store().request(id).await.unwrap().unwrap();
    let certificate = row.certificate.unwrap_or_else(|| panic!("{row:?}"));
    let download = api::Download {
        kind: domain::DownloadKind::Pfx,
        password: api::Password::default(),
        device: domain::Device::Windows,
    };
    let pfx = portal.download(&alice, certificate, download).await;
    std::fs::write(folder.join("alice.p12"), pfx.unwrap().value.bytes.expose()).unwrap();
    let nothing = domain::Secret::new(String::new());
    let shown = portal.show_password(&alice, certificate, nothing).await;
    let password = shown.unwrap().value.password.expose().to_owned();

    write_lists(&portal, folder).await;
    let nginx = Nginx::start(folder);
    let page = nginx.expect("200", "alice.p12", &password).await;
    assert!(page.contains("Alice Adams"), "{page}");

    portal
        .revoke(
            &carol,
            certificate,
            "keyCompromise".to_owned(),
            String::new(),
        )
        .await
        .unwrap();
    write_lists(&portal, folder).await;
    nginx.reload();
    let page = nginx.expect("400", "alice.p12", &password).await;
    assert!(page.contains("SSL certificate error"), "{page}");
}
