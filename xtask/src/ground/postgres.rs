//! A private PostgreSQL for the tests: own folder, own port, gone at the end.
//!
//! It stops with `Drop`, with Ctrl-C (the terminal tells the whole group) and when this process
//! dies in any other way (`--pdeathsig`). What an earlier run left behind is cleared first.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::needs::{self, Need};
use super::{Repo, apt, program, screen};

const START_LIMIT: Duration = Duration::from_mins(1);
const STOP_LIMIT: Duration = Duration::from_secs(20);
/// A path of a Unix socket has at most 107 bytes; PostgreSQL adds its own name.
const SOCKET_FOLDER_LIMIT: usize = 85;

/// A running server.
#[derive(Debug)]
pub(crate) struct Postgres {
    server: Child,
    url: String,
}

impl Postgres {
    /// Makes a new cluster and starts it.
    pub(crate) fn start(repo: &Repo) -> Result<Self> {
        apt::ensure(&[Need::Postgres])?;
        screen::stage("private PostgreSQL", || launch(repo))
    }

    /// Where tests reach it, as its superuser.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown: it closes connections and ends.
        signal("INT", &self.server.id().to_string());
        let start = Instant::now();
        while start.elapsed() < STOP_LIMIT {
            if !matches!(self.server.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        screen::warn("PostgreSQL did not stop by itself and was killed");
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn launch(repo: &Repo) -> Result<Postgres> {
    let programs = needs::postgres_programs()?;
    let folder = fresh_folder(repo)?;
    let data = folder.join("data");
    let mut initdb = as_owner(&programs.join("initdb"));
    initdb
        .args(["--username=postgres", "--auth=trust", "--encoding=UTF8"])
        .args(["--locale=C.UTF-8", "--no-instructions", "--pgdata"])
        .arg(&data)
        .current_dir(&folder)
        .stdout(Stdio::null());
    program::run(&mut initdb)?;

    let port = free_port()?;
    let log = fs::File::create(folder.join("log")).context("cannot write PostgreSQL's log")?;
    let mut server = as_owner(&programs.join("postgres"));
    server
        .arg("-D")
        .arg(&data)
        .args(["-p", &port.to_string(), "-h", "127.0.0.1", "-N", "200"])
        .arg("-k")
        .arg(socket_folder(&folder))
        .current_dir(&folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone().context("cannot write PostgreSQL's log")?)
        .stderr(log);
    let server = server.spawn().context("cannot start PostgreSQL")?;
    let mut running = Postgres {
        server,
        url: format!("postgres://postgres@127.0.0.1:{port}/postgres"),
    };
    wait_until_ready(&mut running, &programs, port, &folder)?;
    Ok(running)
}

fn wait_until_ready(
    running: &mut Postgres,
    programs: &Path,
    port: u16,
    folder: &Path,
) -> Result<()> {
    let start = Instant::now();
    let log = folder.join("log");
    while start.elapsed() < START_LIMIT {
        if let Ok(Some(status)) = running.server.try_wait() {
            bail!(
                "PostgreSQL ended at once ({status}): read {}",
                log.display()
            );
        }
        let mut question = Command::new(programs.join("pg_isready"));
        if program::succeeds(question.args(["-h", "127.0.0.1", "-p", &port.to_string()])) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    bail!(
        "PostgreSQL did not start in a minute: read {}",
        log.display()
    )
}

/// An empty folder that the server's user can reach, with the server of an earlier run stopped.
fn fresh_folder(repo: &Repo) -> Result<PathBuf> {
    let target = repo.path("target");
    fs::create_dir_all(&target).context("cannot create target")?;
    // A repository in /root is closed to the user `postgres`.
    let mut look = as_owner(Path::new("test"));
    let folder = if program::succeeds(look.arg("-x").arg(&target)) {
        target.join("postgres")
    } else {
        std::env::temp_dir().join("certportal-postgres")
    };
    if let Ok(lock) = fs::read_to_string(folder.join("data/postmaster.pid"))
        && let Some(pid) = lock.lines().next()
        && runs_from(pid, &folder)
    {
        signal("QUIT", pid);
        wait_until_gone(pid)?;
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    if apt::is_root() {
        let mut chown = Command::new("chown");
        program::run(chown.arg("postgres:").arg(&folder))?;
    }
    Ok(folder)
}

/// Whether that process is really the server of this folder: process numbers are used again.
fn runs_from(pid: &str, folder: &Path) -> bool {
    fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd.starts_with(folder))
}

fn wait_until_gone(pid: &str) -> Result<()> {
    let start = Instant::now();
    while Path::new("/proc").join(pid).exists() {
        if start.elapsed() > STOP_LIMIT {
            bail!("the PostgreSQL of an earlier run (process {pid}) does not stop: end it by hand");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// PostgreSQL refuses to run as root; and it is to end when this process does.
fn as_owner(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if apt::is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
    }
    command.args(["--pdeathsig=INT", "--"]).arg(program);
    command
}

fn socket_folder(folder: &Path) -> &Path {
    if folder.as_os_str().len() > SOCKET_FOLDER_LIMIT {
        Path::new("") // none: tests use the port
    } else {
        folder
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

fn signal(name: &str, pid: &str) {
    let _ = Command::new("kill").args(["-s", name, pid]).status();
}

#[cfg(test)]
mod tests {
    use super::{free_port, runs_from, socket_folder};
    use std::path::{Path, PathBuf};

    #[test]
    fn long_paths_get_no_socket() {
        assert_eq!(socket_folder(Path::new("/a/b")), Path::new("/a/b"));
        let long = PathBuf::from("/a".repeat(60));
        assert_eq!(socket_folder(&long), Path::new(""));
    }

    #[test]
    fn only_our_own_server_is_stopped() {
        let own = std::process::id().to_string();
        assert!(runs_from(&own, Path::new("/")));
        assert!(!runs_from(&own, Path::new("/nowhere")));
        assert!(!runs_from("0", Path::new("/")));
    }

    #[test]
    fn a_port_is_found() {
        assert!(free_port().is_ok());
    }
}
