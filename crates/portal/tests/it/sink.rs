//! A mail server (RFC 5321) that takes everything and keeps the Message-IDs. How mails look, and
//! what refusals mean, is tested in `mail`.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A running mail server; it ends with the test.
pub(crate) struct Sink {
    pub(crate) port: u16,
    ids: Arc<Mutex<Vec<String>>>,
    text: Arc<Mutex<String>>,
}

impl Sink {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let ids = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&ids);
        let text = Arc::<Mutex<String>>::default();
        let all = Arc::clone(&text);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&kept), Arc::clone(&all)));
            }
        });
        Self { port, ids, text }
    }

    /// Everything that it took, as it was sent.
    pub(crate) fn text(&self) -> String {
        self.text.lock().unwrap().clone()
    }

    /// Of every mail that it took, in order.
    pub(crate) fn message_ids(&self) -> Vec<String> {
        self.ids.lock().unwrap().clone()
    }
}

async fn talk(
    mut stream: TcpStream,
    ids: Arc<Mutex<Vec<String>>>,
    text: Arc<Mutex<String>>,
) -> std::io::Result<()> {
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 sink\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let verb = line.split(' ').next().unwrap_or_default();
        let answer = match verb.to_ascii_uppercase().as_str() {
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    {
                        let mut text = text.lock().unwrap();
                        text.push_str(&line);
                        text.push('\n');
                    }
                    if let Some(id) = line.strip_prefix("Message-ID: ") {
                        ids.lock().unwrap().push(id.to_owned());
                    }
                }
                "250 kept\r\n"
            }
            "QUIT" => "221 bye\r\n",
            _ => "250 fine\r\n",
        };
        write.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}
