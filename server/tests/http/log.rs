//! The log as the program writes it: one line for each request, and nothing about who asked.

use crate::doctor_command::{Place, Running};
use serde_json::Value;
use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::Stdio,
};

/// Runs the program with these settings while `visits` asks for pages, and gives the log.
fn logged(env: &[(&str, &str)], visits: impl FnOnce(&str)) -> String {
    let place = Place::empty();
    let path = place.folder().join("log");
    let mut command = place.command(&["serve"], env);
    let mut child = command.stdout(Stdio::piped()).stderr(File::create(&path).unwrap()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let running = Running(child);
    let address = line.trim().rsplit_once("http://").expect(&line).1.to_owned();
    visits(&address);
    drop(running);
    fs::read_to_string(&path).unwrap()
}

fn ask(address: &str, request: &str) -> String {
    let mut connection = TcpStream::connect(address).unwrap();
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

fn visits(address: &str) {
    let rest = "HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nUser-Agent: canari-agent\r\nReferer: http://canari\r\n\
                Cookie: __Host-session=canari-jeton\r\nX-Forwarded-For: 203.0.113.77\r\n";
    assert!(ask(address, &format!("GET /?q=canari-question {rest}\r\n")).starts_with("HTTP/1.1 200"));
    assert!(ask(address, &format!("GET /conseiller/jeunes/canari-chemin {rest}\r\n")).starts_with("HTTP/1.1 303"));
    assert!(ask(address, &format!("GET /canari-nulle-part {rest}\r\n")).starts_with("HTTP/1.1 404"));
    assert!(ask(address, &format!("CANARI-METHODE / {rest}\r\n")).starts_with("HTTP/1.1 405"));
    let body = "identifier=canari-nom&password=canari-secret";
    let post = format!(
        "POST /connexion {rest}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    assert!(ask(address, &post).starts_with("HTTP/1.1 422"));
}

#[track_caller]
fn check_silent(log: &str) {
    for never in ["canari", "CANARI", "203.0.113.77", "127.0.0.1"] {
        assert!(!log.contains(never), "{never} in\n{log}");
    }
}

#[test]
fn each_request_is_one_json_object() {
    let log = logged(&[("BALISE_LOG_FORMAT", "json")], visits);
    check_silent(&log);
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let requests: Vec<_> = lines.iter().filter(|line| line["target"] == "request").collect();
    let text = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let found: Vec<_> = requests
        .iter()
        .map(|line| (text(line, "method"), text(line, "route"), line["status"].as_u64().unwrap()))
        .collect();
    let expected = [
        ("GET", "/", 200),
        ("GET", "/conseiller/jeunes/{youth}", 303),
        ("GET", "-", 404),
        ("other", "/", 405),
        ("POST", "/connexion", 422),
    ];
    let expected = expected.map(|(method, route, status)| (method.to_owned(), route.to_owned(), status));
    assert_eq!(found, expected);
    let mut ids: Vec<_> = requests.iter().map(|line| text(&line["span"], "id")).collect();
    assert!(ids.iter().all(|id| id.contains('-')) && requests.iter().all(|line| line["millis"].is_u64()), "{log}");
    ids.dedup();
    assert_eq!(ids.len(), 5, "each has an id of its own");
}

#[test]
fn the_finest_log_level_names_nobody_either() {
    let log = logged(&[("BALISE_LOG", "trace")], visits);
    check_silent(&log);
    assert!(log.contains("route=\"/conseiller/jeunes/{youth}\""), "{log}");
    assert_eq!(logged(&[("BALISE_LOG", "off")], visits), "");
}

#[test]
fn a_wrong_log_setting_stops_the_start_with_one_line() {
    let place = Place::empty();
    for (name, value, expected) in [
        ("BALISE_LOG", "infoo", "balise: BALISE_LOG: infoo: expected one of off, error, warn, info, debug, trace"),
        ("BALISE_LOG", "info,hyper=trace", "balise: BALISE_LOG: info,hyper=trace: expected one of"),
        ("BALISE_LOG_FORMAT", "yaml", "balise: BALISE_LOG_FORMAT: yaml: expected text or json"),
        ("BALISE_METRICS_TOKEN", "hunter2", "balise: BALISE_METRICS_TOKEN must be 32 or more"),
        ("BALISE_TRUSTED_PROXY", "partout", "balise: BALISE_TRUSTED_PROXY: partout: expected an address"),
        ("BALISE_LISTEN", "partout", "balise: BALISE_LISTEN: partout: expected an address and a port"),
    ] {
        let outcome = place.run(&["serve"], &[(name, value)]);
        assert_eq!(outcome.code, Some(2), "{}", outcome.stderr);
        assert!(outcome.stderr.starts_with(expected), "{}", outcome.stderr);
        assert_eq!(outcome.stderr.lines().count(), 1, "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("hunter2"), "a secret is not repeated");
        assert!(!place.data().exists(), "nothing was made");
    }
}
