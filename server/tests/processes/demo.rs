//! A demonstration with a folder of its own: what most stories begin with.

use std::path::{Path, PathBuf};

use crate::browser::Browser;
use crate::node::{self, Node, Setting};

/// Data, people and cookies of one story; all gone with it.
pub(crate) struct Demo {
    folder: tempfile::TempDir,
    pub(crate) data: PathBuf,
    pub(crate) people: PathBuf,
    database: Option<String>,
}

impl Demo {
    /// Nothing is started yet; the database is SQLite unless one is named.
    pub(crate) fn new(database: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            data: folder.path().join("data"),
            people: folder.path().join("people.json"),
            database,
            folder,
        }
    }

    /// Started once, so that people and authorities are there, and ended again.
    pub(crate) fn prepared() -> Self {
        let demo = Self::new(None);
        drop(demo.start());
        demo
    }

    /// A portal on it.
    pub(crate) fn start(&self) -> Node {
        Node::start(&self.setting())
    }

    /// How a portal on it is started, for stories that change something about that.
    pub(crate) fn setting(&self) -> Setting<'_> {
        Setting {
            data: self.data.clone(),
            database: self.database.as_deref(),
            people: Some(&self.people),
            ..Setting::default()
        }
    }

    /// One of its people at a browser.
    pub(crate) fn sign_in(&self, node: &Node, key: &str) -> Browser {
        Browser::sign_in(self.folder.path(), &node.url, &self.people, key)
    }

    /// A file beside the data.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where files beside the data are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a command on it; gives its exit code and what it printed.
    pub(crate) fn certportal(&self, arguments: &[&str]) -> (i32, String) {
        node::certportal(&self.data, self.database.as_deref(), arguments)
    }

    /// Issues a certificate to alice: `alice.p12` and `alice.password`. Gives the arguments.
    pub(crate) fn issue(&self) -> Vec<String> {
        let path = |name| self.file(name).display().to_string();
        let (pfx, password) = (path("alice.p12"), path("alice.password"));
        let start = ["issue", "alice@example.com", "--out"].map(str::to_owned);
        let end = [pfx, "--password-file".to_owned(), password];
        let arguments: Vec<_> = start.into_iter().chain(end).collect();
        let (code, text) = self.run(&arguments);
        assert_eq!(code, 0, "{text}");
        arguments
    }

    /// [`Demo::certportal`] with arguments that were made before.
    pub(crate) fn run(&self, arguments: &[String]) -> (i32, String) {
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        self.certportal(&arguments)
    }

    /// Fails with what the program's own checks found.
    pub(crate) fn assert_healthy(&self) {
        node::assert_healthy(&self.data, self.database.as_deref());
    }
}
