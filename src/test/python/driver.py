"""One run of tuspy for the matrix of clients; the command line is the one that all drivers have, see
src/test/java/dev/narwhal/clients/Client.java."""

import argparse
import os
import sys

from tusclient.client import TusClient
from tusclient.storage.filestorage import FileStorage

CHUNK_SIZE = 8 * 1024 * 1024
# Patience for a server that is started again: every half second, for a minute, and for each chunk anew.
RETRIES = 120
RETRY_DELAY = 0.5


def upload(file, url, store, checksum):
    options = {"store_url": True, "url_storage": FileStorage(store)} if store else {}
    uploader = TusClient(url).uploader(
        file_path=file,
        chunk_size=CHUNK_SIZE,
        metadata={"filename": os.path.basename(file)},
        retries=RETRIES,
        retry_delay=RETRY_DELAY,
        upload_checksum=checksum,
        **options,
    )
    size = os.path.getsize(file)
    if size == 0:
        uploader.upload()
    while uploader.offset < size:
        uploader.upload_chunk()
        print("OFFSET", uploader.offset, flush=True)
    print("DONE", uploader.url)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["upload"])
    parser.add_argument("file")
    parser.add_argument("url")
    parser.add_argument("--store")
    parser.add_argument("--checksum", action="store_true")
    arguments = parser.parse_args()
    upload(arguments.file, arguments.url, arguments.store, arguments.checksum)


if __name__ == "__main__":
    sys.exit(main())
