//! Real sockets on free ports: who is slow gives way to who is not.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Instant;

use axum::body::Bytes;
use axum::routing::{get, post};
use openssl::ssl::{SslConnector, SslMethod, SslVerifyMode};
use portal::Random;

use super::*;
use crate::SystemClock;
use crate::config::{Config, DataFolder, Environment};

/// Few places and little patience, so that nothing here takes long.
const FEW: Limits = Limits {
    connections: 8,
    patience: Duration::from_secs(2),
};
/// How long a client waits before the test has failed; much longer than the listeners do.
const LONG: Duration = Duration::from_secs(30);

struct Serving {
    https: SocketAddr,
    plain: SocketAddr,
    servers: JoinSet<anyhow::Result<()>>,
    shutdown: watch::Sender<bool>,
    _folder: tempfile::TempDir,
}

fn serving(limits: Limits) -> Serving {
    let folder = tempfile::tempdir().expect("folder");
    let data = DataFolder::new(folder.path()).expect("path");
    let (mut config, _) = Config::load(&data, None, &Environment::default()).expect("good");
    let free: SocketAddr = "127.0.0.1:0".parse().expect("address");
    (config.server.listen, config.server.pki_listen) = (free, free);
    let random = Random::seeded(1);
    let tls = super::super::tls::config(&config.server, &data, &SystemClock, &random);
    let listeners = bind(&config.server).expect("bound");
    let (https, plain) = (address(&listeners.https), address(&listeners.pki));
    let (shutdown, receiver) = watch::channel(false);
    let router = || {
        Router::new()
            .route("/", get(async || "here"))
            .route("/", post(async |body: Bytes| body))
    };
    let running = listeners
        .serve(tls.expect("made"), router(), router(), limits, receiver)
        .expect("serving");
    let mut servers = JoinSet::new();
    servers.spawn(running.run(Duration::ZERO));
    Serving {
        https,
        plain,
        servers,
        shutdown,
        _folder: folder,
    }
}

impl Serving {
    async fn end(mut self) {
        self.shutdown.send_replace(true);
        self.servers
            .join_next()
            .await
            .expect("served")
            .expect("no panic")
            .expect("no error");
    }
}

fn address(listener: &TcpListener) -> SocketAddr {
    listener.local_addr().expect("bound")
}

fn connect(to: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(to).expect("listening");
    stream.set_read_timeout(Some(LONG)).expect("set");
    stream.set_write_timeout(Some(LONG)).expect("set");
    stream
}

/// Asks over plain http.
fn ask(to: SocketAddr) -> String {
    let mut stream = connect(to);
    write!(
        stream,
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    answer
}

/// Asks over https.
fn ask_safely(to: SocketAddr) -> String {
    let mut connector = SslConnector::builder(SslMethod::tls_client()).expect("connector");
    connector.set_verify(SslVerifyMode::NONE);
    let connector = connector.build();
    let mut stream = connector.connect("localhost", connect(to)).expect("TLS");
    write!(
        stream,
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    .expect("sent");
    let mut answer = String::new();
    // Whether the other side says goodbye in TLS does not matter here.
    drop(stream.read_to_string(&mut answer));
    answer
}

/// Waits for the other side to hang up; gives how long that took.
fn hung_up(mut stream: &TcpStream, since: Instant) -> Duration {
    let mut rest = Vec::new();
    drop(stream.read_to_end(&mut rest));
    let took = since.elapsed();
    assert!(took < LONG / 2, "nobody hung up");
    took
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("no panic")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_healthy_client_is_answered_among_many_slow_ones() {
    let serving = serving(Limits {
        // Nobody leaves by being late: only by giving way.
        patience: LONG,
        ..FEW
    });
    let (https, plain) = (serving.https, serving.plain);
    blocking(move || {
        let mut slow = Vec::new();
        for round in 0..40 {
            for to in [https, plain] {
                let mut stream = connect(to);
                // Some say nothing, some begin and never end: both are strangers.
                if round % 2 == 0 {
                    let begin: &[u8] = if to == https {
                        &[22, 3, 1]
                    } else {
                        b"GET / HT"
                    };
                    drop(stream.write_all(begin));
                }
                slow.push(stream);
            }
            // Fewer at the same moment than there are places: in a rush the order is anybody's.
            if round % 4 == 3 {
                assert!(ask(plain).ends_with("here"), "after {round}");
                assert!(ask_safely(https).ends_with("here"), "after {round}");
            }
        }
        // Who comes at the same moment may get in in another order, so this asks the first half only.
        let began = Instant::now();
        for stream in &slow[..slow.len() / 2] {
            hung_up(stream, began);
        }
    })
    .await;
    serving.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_says_nothing_is_shown_out_after_a_while() {
    let serving = serving(FEW);
    let (https, plain) = (serving.https, serving.plain);
    blocking(move || {
        let began = Instant::now();
        let silent = [connect(https), connect(plain)];
        let mut halfway = connect(plain);
        halfway.write_all(b"GET / HTTP/1.1\r\nHo").expect("sent");
        let mut preface = connect(plain);
        preface.write_all(b"PRI * HTTP/2.0\r\n\r\n").expect("sent");
        for stream in silent.iter().chain([&halfway, &preface]) {
            let took = hung_up(stream, began);
            assert!(took >= FEW.patience.mul_f32(0.9), "too early: {took:?}");
        }
    })
    .await;
    serving.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_asked_keeps_the_place() {
    let serving = serving(Limits {
        patience: LONG,
        ..FEW
    });
    let plain = serving.plain;
    blocking(move || {
        // A request whose body takes its time is no stranger's.
        let known: Vec<_> = (0..FEW.connections)
            .map(|_| {
                let mut stream = connect(plain);
                let head =
                    "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n";
                write!(stream, "{head}Expect: 100-continue\r\n\r\n").expect("sent");
                let mut go_on = [0; 12];
                stream.read_exact(&mut go_on).expect("answered");
                assert_eq!(&go_on, b"HTTP/1.1 100");
                stream
            })
            .collect();
        // Every place is taken by somebody who has asked: the next one is refused at once.
        let began = Instant::now();
        assert!(hung_up(&connect(plain), began) < LONG / 2);
        for mut stream in known {
            stream.write_all(b"late").expect("sent");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).expect("answered");
            assert!(answer.ends_with("late"), "{answer}");
        }
        assert!(ask(plain).ends_with("here"), "there is room again");
    })
    .await;
    serving.end().await;
}

#[test]
fn connections_leave_files_for_all_else() {
    for (files, connections) in [(64, 24), (1024, 408), (16 * 1024, 4096), (0, 1)] {
        let both = limits(files);
        assert_eq!(both.connections, connections, "{files}");
    }
}
