//! A PostgreSQL that one test has for itself, to stop it as a crash would.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where Debian keeps the programs of a server, below a folder for each version.
const PROGRAMS: &str = "/usr/lib/postgresql";

/// A cluster; stopped when this is dropped, and gone with its folder.
pub(crate) struct Cluster {
    programs: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
    url: String,
}

impl Cluster {
    /// An empty one, not started. Nothing where the programs are not installed.
    pub(crate) fn make() -> Option<Self> {
        let versions = std::fs::read_dir(PROGRAMS).ok()?;
        let programs = versions
            .filter_map(|version| Some(version.ok()?.path().join("bin")))
            .find(|folder| folder.join("pg_ctl").exists())?;
        let folder = tempfile::tempdir().unwrap();
        if is_root() {
            let mut chown = Command::new("chown");
            run(chown.arg("postgres:").arg(folder.path()));
        }
        let free = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        let cluster = Self {
            programs,
            folder,
            port,
            url: format!("postgres://postgres@127.0.0.1:{port}/postgres"),
        };
        let mut initdb = cluster.program("initdb");
        run(initdb.args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
        ]));
        Some(cluster)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn start(&self) {
        let options = format!("-p {} -h 127.0.0.1 -k '' -c max_connections=40", self.port);
        let mut start = self.program("pg_ctl");
        start.args(["start", "--wait", "--silent", "--log"]);
        start.arg(self.folder.path().join("log"));
        run(start.arg("--options").arg(options));
    }

    /// Every process of it ends at once, without writing anything any more.
    pub(crate) fn stop_at_once(&self) {
        run(&mut self.stop());
    }

    fn stop(&self) -> Command {
        let mut stop = self.program("pg_ctl");
        stop.args(["stop", "--mode=immediate", "--wait", "--silent"]);
        stop
    }

    /// A program of it; PostgreSQL refuses to run as root.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
            command.arg(path);
            command
        } else {
            Command::new(path)
        };
        command
            .arg("--pgdata")
            .arg(self.folder.path().join("data"))
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // It may have been stopped already.
        drop(self.stop().stderr(Stdio::null()).status());
    }
}

fn run(command: &mut Command) {
    assert!(command.status().unwrap().success(), "{command:?}");
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(Path::new("/proc/self")).unwrap().uid() == 0
}
