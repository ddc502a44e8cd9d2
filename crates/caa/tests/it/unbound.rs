//! A real resolver on a port of its own, with a root zone that a test writes: unbound, which `cargo
//! xtask test` installs. It validates DNSSEC, as the one in front of a portal should.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::time::timeout;

/// Of `bogus.example` a key is known that it does not have; `broken.example` has no working name
/// server; whoever asks for `silent.example` gets no answer.
const CONFIGURATION: &str = r#"
server:
  directory: "."
  chroot: ""
  username: ""
  pidfile: ""
  logfile: ""
  use-syslog: no
  interface: 127.0.0.1
  do-ip6: no
  num-threads: 1
  module-config: "validator iterator"
  trust-anchor: "bogus.example. DS 1 13 2 0000000000000000000000000000000000000000000000000000000000000000"
  local-zone: "silent.example." deny
  local-zone: "refused.example." always_refuse
auth-zone:
  name: "."
  zonefile: "root.zone"
  for-downstream: no
  for-upstream: yes
  fallback-enabled: no
auth-zone:
  name: "broken.example."
  primary: 127.0.0.1@1
  for-downstream: no
  for-upstream: yes
  fallback-enabled: no
remote-control:
  control-enable: no
"#;
const HEAD: &str = "\
. 300 IN SOA ns.root. admin.root. 1 3600 600 86400 60
. 300 IN NS ns.root.
ns.root. 300 IN A 127.0.0.1
";

/// The resolver; it ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Unbound {
    child: Child,
    folder: tempfile::TempDir,
    port: u16,
}

impl Unbound {
    /// Starts one that knows these records and no others.
    pub(crate) async fn start(records: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        // Where AppArmor is in use, its profile ties the program at its usual place to /etc/unbound.
        // Copied by another process: if this one wrote it, whatever another test starts meanwhile
        // would hold it open for writing, and a program that is being written cannot be run.
        let program = folder.path().join("unbound");
        let copied = Command::new("cp")
            .arg("/usr/sbin/unbound")
            .arg(program)
            .status();
        assert!(
            copied.is_ok_and(|status| status.success()),
            "unbound is not installed; `cargo xtask test` installs it"
        );
        let configuration = format!("{CONFIGURATION}server:\n  port: {port}\n");
        std::fs::write(folder.path().join("unbound.conf"), configuration).unwrap();
        let child = run(folder.path(), records);
        let started = Self {
            child,
            folder,
            port,
        };
        started.wait().await;
        started
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// From now on it knows these records, and has kept none of the others.
    pub(crate) async fn change(&mut self, records: &str) {
        self.stop();
        self.child = run(self.folder.path(), records);
        self.wait().await;
    }

    /// Waits until it answers a question about the root.
    async fn wait(&self) {
        // RFC 1035 section 4.1: one question, recursion desired; name of no labels, SOA, IN.
        const QUESTION: [u8; 17] = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 1];
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        for _ in 0..200 {
            // While nobody listens yet, sending or receiving fails.
            let _ = socket.send_to(&QUESTION, self.address()).await;
            let wait = Duration::from_millis(50);
            let mut answer = [0; 512];
            if let Ok(Ok(_)) = timeout(wait, socket.recv_from(&mut answer)).await {
                return;
            }
            tokio::time::sleep(wait).await;
        }
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap();
        panic!("unbound does not start: {log}");
    }

    fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Unbound {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Free a moment ago, for TCP and most likely for UDP.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn run(folder: &Path, records: &str) -> Child {
    std::fs::write(folder.join("root.zone"), format!("{HEAD}{records}\n")).unwrap();
    let log = std::fs::File::create(folder.join("log")).unwrap();
    Command::new(folder.join("unbound"))
        .current_dir(folder)
        .args(["-d", "-c", "unbound.conf"])
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap()
}
