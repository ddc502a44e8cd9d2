//! The real program on free ports.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_certportal");

/// A running portal; killed when it is dropped.
pub(crate) struct Node {
    child: Child,
    pub(crate) url: String,
    pub(crate) pki: String,
    pub(crate) log: PathBuf,
}

/// How a node is started.
#[derive(Default)]
pub(crate) struct Setting<'a> {
    pub(crate) data: PathBuf,
    pub(crate) database: Option<&'a str>,
    pub(crate) people: Option<&'a Path>,
    pub(crate) environment: Vec<(&'a str, String)>,
}

impl Node {
    /// Starts a portal and waits until it says that it is ready.
    pub(crate) fn start(setting: &Setting<'_>) -> Self {
        let (port, pki) = (free_port(), free_port());
        let log = setting.data.with_extension("log");
        let mut command = Command::new(PROGRAM);
        command
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"])
            .arg(&setting.data)
            .args(["--pki-listen", &format!("127.0.0.1:{pki}")])
            .env("CERTPORTAL_ISSUING__AUTHORITY_KEY", "p384")
            .env("CERTPORTAL_KEYS__POOL_SIZE", "2")
            .envs(
                setting
                    .environment
                    .iter()
                    .map(|(name, value)| (name, value)),
            )
            .stdout(Stdio::piped())
            .stderr(
                std::fs::File::options()
                    .create(true)
                    .append(true)
                    .open(&log)
                    .unwrap(),
            );
        if let Some(url) = setting.database {
            command.env("CERTPORTAL_DATABASE__URL", url);
        }
        if let Some(people) = setting.people {
            command.args(["--demo", "--demo-people"]).arg(people);
        }
        let mut child = command.spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, ready) = mpsc::channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if line.contains("is ready at") {
                    sender.send(()).ok();
                }
            }
        });
        if ready.recv_timeout(Duration::from_mins(1)).is_err() {
            child.kill().ok();
            panic!(
                "the portal did not become ready:\n{}",
                std::fs::read_to_string(&log).unwrap()
            );
        }
        Self {
            child,
            url: format!("https://127.0.0.1:{port}"),
            pki: format!("http://127.0.0.1:{pki}"),
            log,
        }
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// Runs a command of the program on the same data; gives its exit code and what it printed.
pub(crate) fn certportal(data: &Path, database: Option<&str>, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(PROGRAM);
    command
        .args(arguments)
        .arg("--data")
        .arg(data)
        .env("CERTPORTAL_ISSUING__AUTHORITY_KEY", "p384");
    if let Some(url) = database {
        command.env("CERTPORTAL_DATABASE__URL", url);
    }
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

/// Fails with what `certportal doctor` found.
pub(crate) fn assert_healthy(data: &Path, database: Option<&str>) {
    let (code, text) = certportal(data, database, &["doctor"]);
    assert_eq!(code, 0, "{text}");
    let (code, text) = certportal(data, database, &["audit", "verify"]);
    assert_eq!(code, 0, "{text}");
}

/// A database of its own on the server that the tests were given; nothing where there is none.
pub(crate) fn postgres_database(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are told where PostgreSQL is"
    )]
    let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
        eprintln!("TEST_POSTGRES_URL is not set: not run");
        return None;
    };
    let name = format!("{name}_{}", std::process::id());
    let made = Command::new("psql")
        .args([
            server.as_str(),
            "-q",
            "-c",
            &format!("CREATE DATABASE {name}"),
        ])
        .status()
        .unwrap();
    assert!(made.success());
    let (base, _) = server.rsplit_once('/').unwrap();
    Some(format!("{base}/{name}"))
}

/// Waits until something holds, for at most ten seconds: the longest that recovery may take.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let started = std::time::Instant::now();
    while !holds() {
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "not within 10 s: {what}"
        );
        // A poll of another process; there is nothing to wait on.
        #[expect(clippy::disallowed_methods, reason = "polling another process")]
        std::thread::sleep(Duration::from_millis(50));
    }
}
