"""One upload of tuspy to a server that wants a key, which is renewed when the server refuses it; the line protocol is that of
src/test/java/dev/narwhal/clients/KeyedClients.java."""

import os
import sys

from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

CHUNK_SIZE = 512 * 1024


def new_key(client):
    """False when there is none any more."""
    print("KEY", flush=True)
    key = input()
    client.set_headers({"Authorization": "Bearer " + key})
    return key != ""


def upload(file, url):
    client = TusClient(url)
    new_key(client)
    uploader = client.uploader(
        file_path=file, chunk_size=CHUNK_SIZE, metadata={"filename": os.path.basename(file)}
    )
    failed = False
    while uploader.offset < os.path.getsize(file):
        try:
            if failed and uploader.url:
                uploader.offset = uploader.get_offset()
            failed = False
            uploader.upload_chunk()
        except TusCommunicationError as error:
            failed = True
            # Without a status the connection was lost.
            if error.status_code and not (error.status_code in (401, 423) and new_key(client)):
                raise
    return uploader.url


try:
    print("DONE", upload(*sys.argv[1:]), flush=True)
except TusCommunicationError as failure:
    print("FAILED", failure.status_code, str(failure).replace("\n", " "), flush=True)
