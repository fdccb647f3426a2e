//! HTTP/1.1 over one connection a request, as much as the crate needs.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use tus_client::http::{HttpHandler, HttpRequest, HttpResponse};
use tus_client::Error;

pub struct PlainHttp;

impl HttpHandler for PlainHttp {
    fn handle_request(&self, request: HttpRequest) -> Result<HttpResponse, Error> {
        let authority_and_path = request.url.trim_start_matches("http://");
        let slash = authority_and_path.find('/').unwrap_or(authority_and_path.len());
        let (authority, path) = authority_and_path.split_at(slash);
        let mut head = format!(
            "{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n",
            request.method.to_string().to_uppercase(),
            path,
            authority
        );
        for (name, value) in &request.headers {
            head += &format!("{}: {}\r\n", name, value);
        }
        let body = request.body.unwrap_or_default();
        head += &format!("Content-Length: {}\r\n\r\n", body.len());
        let mut stream = TcpStream::connect(authority)?;
        stream.write_all(head.as_bytes())?;
        stream.write_all(body)?;
        read(stream)
    }
}

/// Status and headers; the answers that matter have no body.
fn read(stream: TcpStream) -> Result<HttpResponse, Error> {
    let mut lines = BufReader::new(stream).lines();
    let status = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    let status_code = status
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .ok_or_else(|| Error::HttpHandlerError(format!("no status in '{}'", status)))?;
    let mut headers = HashMap::new();
    for line in lines {
        let line = line?;
        if line.is_empty() {
            break;
        }
        if let Some(colon) = line.find(':') {
            headers.insert(line[..colon].to_owned(), line[colon + 1..].trim().to_owned());
        }
    }
    Ok(HttpResponse { headers, status_code })
}
