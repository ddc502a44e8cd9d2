//! Reading a configuration: what holds, and what is said where something is wrong.

use domain::HostName;

use super::*;

fn load(file: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
    let folder = tempfile::tempdir().expect("folder");
    std::fs::write(folder.path().join(FILE_NAME), file).expect("file");
    let data = DataFolder::new(folder.path()).expect("path");
    let variables = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let environment = Environment::of(variables);
    Config::load(&data, None, &environment)
        .map(|(config, _)| config)
        .map_err(|problem| {
            problem
                .to_string()
                .replace(&folder.path().display().to_string(), ".")
        })
}

#[test]
fn nothing_at_all_is_enough() {
    let folder = DataFolder::new(Path::new("/var/lib/certportal")).expect("path");
    let (config, _) = Config::load(&folder, None, &Environment::default()).expect("defaults");
    assert_eq!(config.server.base_url, "https://localhost:8443");
    assert_eq!(config.server.pki_url, "http://localhost:8080");
    let url = config.database.url.expose();
    assert_eq!(url, "sqlite:///var/lib/certportal/portal.sqlite");
    assert!(config.mail.host.is_none());
    assert_eq!(config.sessions.idle, time::Duration::minutes(30));
    assert_eq!(config.retention.certificates_days, 730);
}

#[test]
fn the_environment_goes_before_the_file() {
    let config = load(
        "[server]\nlisten = \"0.0.0.0:1\"\npki_listen = \"0.0.0.0:2\"\n",
        &[
            ("CERTPORTAL_SERVER__LISTEN", "0.0.0.0:3"),
            (
                "CERTPORTAL_SERVER__TRUSTED_PROXIES",
                "10.0.0.1, 10.1.0.0/16",
            ),
            ("CERTPORTAL_FAILPOINT", "after-sign"),
            ("OTHER__THING", "x"),
        ],
    )
    .expect("good");
    assert_eq!(config.server.listen.port(), 3);
    assert_eq!(config.server.pki_listen.port(), 2);
    assert_eq!(config.server.trusted_proxies.len(), 2);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (file, place, words) in [
        ("[server]\n\nlisten = 8443\n", "line 3", "server.listen"),
        (
            "[server]\nlisten = \"8443\"\n",
            "line 2",
            "address with a port",
        ),
        ("[sessions]\nidle = \"30\"\n", "line 2", "no unit"),
        (
            "[sessions]\nidle = \"30 minutes\"\n",
            "line 2",
            "not a unit",
        ),
        (
            "[retention]\ncertificates_days = 0\n",
            "line 2",
            "from 1 to 36500",
        ),
        ("[sessions]\nidle = \"11h\"\n", "line 2", "longer than"),
        (
            "[sesions]\nidle = \"30m\"\n",
            "line 1",
            "no section \"sesions\"",
        ),
        (
            "[mail]\n# x\npasswort = \"x\"\n",
            "line 3",
            "no key \"passwort\" in [mail]",
        ),
        ("[mail]\nhost = \"mail\"\n", "default", "mail.from"),
        (
            "[mail]\nsecurity = \"ssl\"\n",
            "line 2",
            "\"starttls\" or \"tls\"",
        ),
        ("[mail]\nport = 0\n", "line 2", "1 to 65535"),
        ("[log]\nlevel = \"a=b=c\"\n", "line 2", "log.level"),
        ("server = 1\n", "line 1", "write [server]"),
        ("[server\n", "line 1", ""),
        (
            "[database]\nurl = \"mysql://x\"\n",
            "line 2",
            "sqlite:// or postgres://",
        ),
        (
            "[database]\nurl_file = \"nowhere\"\n",
            "line 2",
            "cannot be read",
        ),
        (
            "[issuing]\npolicy_oid = \"x.y\"\n",
            "line 2",
            "numbers with dots",
        ),
        (
            "[keys]\npool_size = 1001\n",
            "line 2",
            "whole number from 0 to 1000",
        ),
        ("[caa]\ncheck = \"yes\"\n", "line 2", "true or false"),
        ("[caa]\ncheck = true\n", "default", "caa.identities"),
        (
            "[caa]\nidentities = [\"192.0.2.1\"]\n",
            "line 2",
            "not a domain name",
        ),
        (
            "[caa]\nidentities = [\"*.example.com\"]\n",
            "line 2",
            "not a domain name",
        ),
        (
            "[caa]\nresolver = \"dns.example.com\"\n",
            "line 2",
            "address with a port",
        ),
    ] {
        let problem = load(file, &[]).expect_err(file);
        assert!(problem.contains(place), "{file}: {problem}");
        assert!(problem.contains(words), "{file}: {problem}");
    }
    for (name, value, words) in [
        ("CERTPORTAL_SERVER__PORT", "1", "no key \"port\""),
        ("CERTPORTAL_MAIL__PORT", "x", "whole number"),
        ("CERTPORTAL_CAA__CHECK", "1", "true or false"),
    ] {
        let problem = load("", &[(name, value)]).expect_err(name);
        assert!(
            problem.contains(name) && problem.contains(words),
            "{problem}"
        );
    }
}

#[test]
fn owners_of_domains_are_asked_where_it_is_wanted() {
    assert!(load("", &[]).expect("defaults").caa.is_none());
    let file = "[caa]\ncheck = true\nidentities = [\"CA.example.com\", \"b\u{fc}cher.example\"]\n";
    let caa = load(file, &[]).expect("good").caa.expect("on");
    let names: Vec<_> = caa.identities.iter().map(HostName::as_str).collect();
    assert_eq!(names, ["ca.example.com", "xn--bcher-kva.example"]);
    assert_eq!(caa.resolver, None);
    let variables = [("CERTPORTAL_CAA__RESOLVER", "[::1]:5353")];
    let caa = load(file, &variables).expect("good").caa.expect("on");
    assert_eq!(caa.resolver.expect("told").port(), 5353);
    let off = [("CERTPORTAL_CAA__CHECK", "false")];
    assert!(load(file, &off).expect("good").caa.is_none());
}

#[test]
fn the_reference_names_every_key_and_is_itself_a_good_file() {
    let text = reference();
    for section in SECTIONS {
        for key in section.keys {
            let line = format!("\n#{} = ", key.name);
            assert!(text.contains(&line), "{}.{}", section.name, key.name);
        }
    }
    let uncommented: String = text
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.starts_with(' ') => rest,
            _ => line,
        })
        .fold(String::new(), |all, line| all + line + "\n");
    load(&uncommented, &[]).expect("the defaults, written out");
}

#[test]
fn printing_masks_passwords() {
    let folder = DataFolder::new(Path::new("/data")).expect("path");
    let url = "postgres://portal:hunter2@db/portal";
    let variables = [("CERTPORTAL_DATABASE__URL".to_owned(), url.to_owned())];
    let environment = Environment::of(variables);
    let (config, values) = Config::load(&folder, None, &environment).expect("good");
    let text = print(&values);
    assert!(
        !text.contains("hunter2") && text.contains("CERTPORTAL_DATABASE__URL"),
        "{text}"
    );
    assert!(!format!("{config:?}").contains("hunter2"));
}
