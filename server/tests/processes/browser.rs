//! Somebody with a browser: `curl` with a cookie jar, following forms as a page without
//! JavaScript would.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A person at a browser.
pub(crate) struct Browser {
    jar: PathBuf,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Browser {
    pub(crate) fn new(folder: &Path, name: &str) -> Self {
        Self {
            jar: folder.join(format!("{name}.cookies")),
        }
    }

    /// Signs in with the password that the demo wrote down.
    pub(crate) fn sign_in(folder: &Path, url: &str, people: &Path, key: &str) -> Self {
        let browser = Self::new(folder, key);
        let people: serde_json::Value =
            serde_json::from_slice(&std::fs::read(people).unwrap()).unwrap();
        let field = |name: &str| people[key][name].as_str().unwrap().to_owned();
        let fields = [
            ("mailbox", field("mailbox")),
            ("password", field("password")),
        ];
        let answer = browser.send(url, "/sign-in", "/api/ui/sign-in", &fields);
        assert_eq!(
            (answer.status, answer.location.as_str()),
            (303, "/"),
            "{}",
            answer.text()
        );
        browser
    }

    pub(crate) fn get(&self, url: &str, path: &str) -> Answer {
        self.curl(&[format!("{url}{path}")])
    }

    /// Opens a page and sends one of its forms, as a browser without JavaScript does.
    pub(crate) fn send(
        &self,
        url: &str,
        page: &str,
        action: &str,
        fields: &[(&str, String)],
    ) -> Answer {
        self.send_for("text/html", url, page, action, fields)
    }

    fn send_for(
        &self,
        accept: &str,
        url: &str,
        page: &str,
        action: &str,
        fields: &[(&str, String)],
    ) -> Answer {
        let csrf = value_of(&self.get(url, page).text(), "csrf");
        let mut arguments = vec![
            "-H".to_owned(),
            "Sec-Fetch-Site: same-origin".to_owned(),
            "-H".to_owned(),
            format!("Accept: {accept}"),
            format!("{url}{action}"),
        ];
        let own = [("csrf", csrf), ("back", page.to_owned())];
        for (name, value) in own.iter().chain(fields) {
            arguments.extend(["--data-urlencode".to_owned(), format!("{name}={value}")]);
        }
        self.curl(&arguments)
    }

    fn curl(&self, arguments: &[String]) -> Answer {
        let output = Command::new("curl")
            .args([
                "-sk",
                "--max-time",
                "30",
                "-w",
                "\n%{http_code} %{redirect_url}",
                "-b",
            ])
            .arg(&self.jar)
            .arg("-c")
            .arg(&self.jar)
            .args(arguments)
            .output()
            .expect("curl runs (Debian's package `curl`)");
        assert!(output.status.success(), "curl {arguments:?}");
        let cut = output
            .stdout
            .iter()
            .rposition(|byte| *byte == b'\n')
            .unwrap();
        let (body, last) = output.stdout.split_at(cut);
        let last = String::from_utf8_lossy(last);
        let (status, redirect) = last.trim_start().split_once(' ').unwrap();
        // curl makes the address absolute; the path is what matters.
        let location = redirect
            .splitn(4, '/')
            .nth(3)
            .map(|path| format!("/{path}"))
            .unwrap_or_default();
        Answer {
            status: status.parse().unwrap(),
            location,
            body: body.to_vec(),
        }
    }

    /// Requests a certificate with or without approval; gives the path of the request.
    pub(crate) fn request(&self, url: &str, with_approval: bool) -> String {
        let page = self.get(url, "/request").text();
        let templates: Vec<String> = values_of(&page, "template");
        let template = if with_approval {
            &templates[0]
        } else {
            &templates[1]
        };
        let fields = [
            ("template", template.clone()),
            ("mailbox", value_of_select(&page, "mailbox")),
            ("reason", "I write to customers".to_owned()),
            ("key_algorithm", "p256".to_owned()),
            ("idempotency_key", value_of(&page, "idempotency_key")),
        ];
        let answer = self.send(url, "/request", "/api/ui/request", &fields);
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert!(
            answer.location.starts_with("/requests/"),
            "{}",
            answer.location
        );
        answer.location
    }

    /// Path of the certificate, once the request's page links to it.
    pub(crate) fn certificate(&self, url: &str, request: &str) -> Option<String> {
        let page = self.get(url, request).text();
        let (_, rest) = page.split_once("href=\"/certificates/")?;
        let (id, _) = rest.split_once('"')?;
        Some(format!("/certificates/{id}"))
    }

    /// Makes an API token that may fetch secrets, and gives it.
    pub(crate) fn token(&self, url: &str) -> String {
        let fields = [
            ("name", "A program".to_owned()),
            ("scope", "secrets".to_owned()),
            ("days", "1".to_owned()),
        ];
        let made = self.send(url, "/account/tokens", "/account/tokens/make", &fields);
        assert_eq!(made.status, 200, "{}", made.text());
        let text = made.text();
        let (_, rest) = text.split_once("cpt_").unwrap();
        let (token, _) = rest.split_once('<').unwrap();
        format!("cpt_{token}")
    }

    /// Shows the password and downloads the file.
    pub(crate) fn fetch(&self, url: &str, certificate: &str) -> (String, Vec<u8>) {
        let action = format!("{certificate}/show-password");
        let shown = self.send_for("application/json", url, certificate, &action, &[]);
        assert_eq!(shown.status, 200, "{}", shown.text());
        let shown: api::RevealedPassword = serde_json::from_slice(&shown.body).unwrap();
        let password = shown.password.expose().to_owned();
        let device = [("device", "windows".to_owned())];
        let file = self.send(
            url,
            certificate,
            &format!("{certificate}/download"),
            &device,
        );
        assert_eq!(file.status, 200, "{}", file.text());
        (password, file.body)
    }
}

/// Value of the first input with a name.
pub(crate) fn value_of(page: &str, name: &str) -> String {
    values_of(page, name)
        .into_iter()
        .next()
        .unwrap_or_else(|| panic!("no {name} in {page}"))
}

fn values_of(page: &str, name: &str) -> Vec<String> {
    page.split("<input")
        .filter_map(|tag| tag.split_once('>').map(|(tag, _)| tag))
        .filter(|tag| tag.contains(&format!("name=\"{name}\"")))
        .filter_map(|tag| Some(tag.split_once("value=\"")?.1.split_once('"')?.0.to_owned()))
        .collect()
}

/// Value of the first option of a select, or of the input where there is only one choice.
fn value_of_select(page: &str, name: &str) -> String {
    let option = page
        .split_once(&format!("name=\"{name}\""))
        .map(|(_, rest)| rest)
        .unwrap_or_default();
    let (_, value) = option.split_once("value=\"").unwrap();
    value.split_once('"').unwrap().0.to_owned()
}
