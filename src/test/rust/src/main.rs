//! One run of the crate `tus_client` for the matrix of clients; the command line is the one that all drivers have, see
//! src/test/java/dev/narwhal/clients/Client.java. The crate leaves HTTP to its user; here a plain socket does it, so that
//! the program builds with the Rust of any distribution.

mod http;

use std::path::Path;
use std::{env, fs, process, thread, time::Duration};
use tus_client::{Client, Error};

const ATTEMPTS: usize = 120;
const DELAY: Duration = Duration::from_millis(500);

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let client = if arguments.iter().any(|a| a == "--override") {
        Client::with_method_override(http::PlainHttp)
    } else {
        Client::new(http::PlainHttp)
    };
    let store = arguments.iter().position(|a| a == "--store").map(|i| arguments[i + 1].clone());
    let done = match arguments[0].as_str() {
        "upload" => upload(&client, Path::new(&arguments[1]), &arguments[2], store.as_deref()),
        "terminate" => client.delete(&arguments[1]).map(|_| arguments[1].clone()),
        other => panic!("no such command: {}", other),
    };
    match done {
        Ok(url) => println!("DONE {}", url),
        Err(error) => {
            eprintln!("{}", error);
            process::exit(1);
        }
    }
}

fn upload(client: &Client, file: &Path, endpoint: &str, store: Option<&str>) -> Result<String, Error> {
    let url = match store.and_then(|path| fs::read_to_string(path).ok()) {
        Some(url) => url,
        None => create(client, file, endpoint)?,
    };
    if let Some(path) = store {
        fs::write(path, &url)?;
    }
    // The crate refuses to send an empty file; its creation has completed it.
    if file.metadata()?.len() == 0 {
        return Ok(url);
    }
    let mut attempt = 1;
    while let Err(error) = client.upload(&url, file) {
        if is_complete(client, &url) {
            break;
        }
        if attempt == ATTEMPTS {
            return Err(error);
        }
        attempt += 1;
        thread::sleep(DELAY);
    }
    Ok(url)
}

/// The crate finds nothing to send, which is an error to it, when the answer to its last PATCH was lost.
fn is_complete(client: &Client, url: &str) -> bool {
    client.get_info(url).map_or(false, |info| info.total_size == Some(info.bytes_uploaded))
}

/// The crate hands Location out as it came, and this server's is a path.
fn create(client: &Client, file: &Path, endpoint: &str) -> Result<String, Error> {
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let metadata = vec![("filename".to_owned(), name)].into_iter().collect();
    let location = client.create_with_metadata(endpoint, file, metadata)?;
    if !location.starts_with('/') {
        return Ok(location);
    }
    let root = endpoint.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    Ok(root + &location)
}
