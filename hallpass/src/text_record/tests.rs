//! Lookups of TXT records, answered by a small name server on this machine.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::UdpSocket;

use super::*;

const NO_ERROR: u8 = 0;
const SERVER_FAILURE: u8 = 2;
const NO_SUCH_NAME: u8 = 3;

/// What the name server has for a name: a code, and records, each in parts.
fn zone(name: &str) -> (u8, Vec<Vec<String>>) {
    let one = |text: &str| vec![text.to_owned()];
    match name {
        "northwind.example" => (NO_ERROR, vec![one("v=spf1 -all"), one("hallpass-domain=abc")]),
        "long.example" => (NO_ERROR, vec![vec!["a".repeat(255), "b".repeat(45)]]),
        "empty.example" => (NO_ERROR, Vec::new()),
        "broken.example" => (SERVER_FAILURE, Vec::new()),
        _ => (NO_SUCH_NAME, Vec::new()),
    }
}

/// The response to a query of RFC 1035: the same question, and the records of its name.
fn respond(query: &[u8]) -> Vec<u8> {
    let mut labels = Vec::new();
    let mut at = 12;
    while query[at] != 0 {
        let length = usize::from(query[at]);
        labels.push(String::from_utf8(query[at + 1..=at + length].to_vec()).unwrap());
        at += length + 1;
    }
    let question = &query[12..at + 5];
    let (code, records) = zone(&labels.join("."));
    let mut response = query[..2].to_vec();
    // A response of a name server that recurses; one question; no further sections.
    response.extend([
        0x81,
        0x80 | code,
        0,
        1,
        0,
        records.len().try_into().unwrap(),
        0,
        0,
        0,
        0,
    ]);
    response.extend(question);
    for parts in records {
        let mut data = Vec::new();
        for part in parts {
            data.push(part.len().try_into().unwrap());
            data.extend(part.into_bytes());
        }
        // The name of the question; TXT; IN; for a minute.
        response.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
        response.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        response.extend(data);
    }
    response
}

/// Starts the name server, and asks it alone.
async fn name_servers() -> NameServers {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address: SocketAddr = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut query = [0; 1_500];
        while let Ok((length, sender)) = socket.recv_from(&mut query).await {
            socket.send_to(&respond(&query[..length]), sender).await.unwrap();
        }
    });
    NameServers::new(&[address]).unwrap()
}

#[tokio::test]
async fn every_record_of_a_domain_is_found() {
    let servers = name_servers().await;

    let found = servers.lookup("northwind.example").await.unwrap();

    assert_eq!(found, ["v=spf1 -all", "hallpass-domain=abc"]);
    let long = servers.lookup("long.example").await.unwrap();
    assert_eq!(long, [format!("{}{}", "a".repeat(255), "b".repeat(45))]);
}

/// A domain without records is not proven; a name server that fails says nothing about it.
#[tokio::test]
async fn no_record_is_no_failure_and_a_failure_is_no_record() {
    let servers = name_servers().await;

    assert_eq!(servers.lookup("empty.example").await.unwrap(), Vec::<String>::new());
    assert_eq!(servers.lookup("nowhere.example").await.unwrap(), Vec::<String>::new());
    let failed = servers.lookup("broken.example").await.unwrap_err();
    assert!(failed.starts_with("the DNS does not answer"), "{failed}");
}

/// A name of one label is looked up as it is, and not in the domain of the machine.
#[tokio::test]
async fn no_domain_of_the_machine_is_searched() {
    let servers = name_servers().await;

    assert_eq!(servers.lookup("northwind").await.unwrap(), Vec::<String>::new());
}
