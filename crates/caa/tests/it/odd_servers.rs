//! Resolvers that answer oddly: what they say is put together by hand (RFC 1035 section 4.1).

use caa::{Lookup as _, LookupError, NameServers, RecordSet};
use tokio::net::UdpSocket;

/// An authority record: `ns.x.` is the name server of whatever was asked for.
const REFERRAL: &[u8] = b"\xc0\x0c\0\x02\0\x01\0\0\0\x3c\0\x06\x02ns\x01x\0";

/// Asks a resolver that always gives this code, and these authority records.
async fn ask(code: u8, authority: &'static [u8]) -> Result<RecordSet, LookupError> {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    let resolver = tokio::spawn(async move {
        let mut asked = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut asked).await {
            let (head, question) = asked[..length].split_at(12);
            // The name ends with an empty label; its type and class follow.
            let end = question.iter().position(|byte| *byte == 0).unwrap() + 5;
            let count = u8::from(!authority.is_empty());
            let flags = [0x81, 0x80 | code, 0, 1, 0, 0, 0, count, 0, 0];
            let answer = [&head[..2], &flags, &question[..end], authority].concat();
            socket.send_to(&answer, from).await.unwrap();
        }
    });
    let servers = NameServers::at(address).unwrap();
    let answer = servers.lookup("mail.example.com").await;
    resolver.abort();
    answer
}

#[tokio::test]
async fn only_an_answer_is_an_answer() {
    // Some resolvers leave the SOA record out.
    for code in [0, 3] {
        assert_eq!(ask(code, b"").await, Ok(RecordSet::default()));
    }
    // A name server that is asked for somebody else's domain tells where to ask.
    assert_eq!(ask(0, REFERRAL).await, Err(LookupError::Referral));
    assert_eq!(ask(2, b"").await, Err(LookupError::ServerFailure));
    for code in [1, 4, 5, 9, 12, 15] {
        let answer = ask(code, b"").await;
        assert!(matches!(answer, Err(LookupError::Other(_))), "{answer:?}");
    }
}
