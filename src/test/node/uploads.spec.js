import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { bytes, head, KIB, MIB, run, sameAs, tus, upload } from './client.js';

const methods = (made) => made.requests.map(({ method }) => method);

test('plain: one POST, one PATCH', async () => {
  const content = bytes(3 * MIB + 17);
  const made = await run(content);
  assert.deepEqual(methods(made), ['POST', 'PATCH']);
  await sameAs(assert, made.url, content);
});

test('in chunks, of which the last is short', async () => {
  const content = bytes(3 * MIB + 17);
  const made = await run(content, { chunkSize: MIB });
  assert.deepEqual(methods(made), ['POST', 'PATCH', 'PATCH', 'PATCH', 'PATCH']);
  await sameAs(assert, made.url, content);
});

test('an empty file', async () => {
  const made = await run(Buffer.alloc(0));
  await sameAs(assert, made.url, Buffer.alloc(0));
});

test('metadata comes back as it was sent, and names the download', async () => {
  const made = await run(bytes(10), { metadata: { filename: 'Übergröße 漢字.txt', filetype: 'text/plain' } });
  const { headers } = await head(made.url);
  const encoded = Buffer.from('Übergröße 漢字.txt').toString('base64');
  assert.match(headers.get('Upload-Metadata'), new RegExp(`filename ${encoded.replaceAll('+', '\\+')}`));
  const answer = await fetch(made.url);
  assert.match(answer.headers.get('Content-Disposition'), /filename\*=UTF-8''%C3%9Cbergr/);
  await answer.body.cancel();
});

test('resume after an abort between chunks goes on at the offset that was acknowledged', async () => {
  const content = bytes(4 * MIB);
  const first = upload(content, {
    chunkSize: 512 * KIB,
    onChunkComplete: (size, accepted) => accepted === MIB && stop(),
  });
  let stop;
  const stopped = new Promise((resolve) => {
    stop = () => resolve(first.abort());
  });
  first.start();
  await stopped;
  const { offset } = await head(first.url);
  assert.ok(offset >= MIB && offset < content.length, `offset ${offset}`);

  const second = await run(content, { uploadUrl: first.url });
  assert.deepEqual(methods(second), ['HEAD', 'PATCH']);
  assert.equal(Number(second.requests[1].offset), offset);
  await sameAs(assert, first.url, content);
});

test('resume after an abort in the middle of a body', async () => {
  const content = bytes(48 * MIB);
  const first = upload(content, { onProgress: (sent) => sent > 0 && stop() });
  let stop;
  const stopped = new Promise((resolve) => {
    stop = () => resolve(first.abort());
  });
  first.start();
  await stopped;

  const second = await run(content, { uploadUrl: first.url });
  assert.ok(!methods(second).includes('POST'), 'the upload must not begin anew');
  assert.equal(second.url, first.url);
  await sameAs(assert, first.url, content);
});

const noStorage = !tus.FileUrlStorage && 'this release does not export FileUrlStorage';

test('resume of a file by the URL that was stored for it', { skip: noStorage }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'narwhal-node-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'film.bin');
  const content = bytes(2 * MIB);
  await writeFile(file, content);
  const urlStorage = new tus.FileUrlStorage(join(folder, 'urls.json'));
  const first = upload(createReadStream(file), {
    urlStorage,
    chunkSize: 256 * KIB,
    onChunkComplete: (size, accepted) => accepted === MIB && stop(),
  });
  let stop;
  const stopped = new Promise((resolve) => {
    stop = () => resolve(first.abort());
  });
  first.start();
  await stopped;

  const second = upload(createReadStream(file), { urlStorage });
  const [previous] = await second.findPreviousUploads();
  second.resumeFromPreviousUpload(previous);
  second.start();
  await second.done;
  assert.equal(second.url, first.url);
  await sameAs(assert, first.url, content);
});

test('data with the creation: a small file is one request', async () => {
  const content = bytes(100 * KIB);
  const made = await run(content, { uploadDataDuringCreation: true });
  assert.deepEqual(methods(made), ['POST']);
  await sameAs(assert, made.url, content);
});

test('data with the creation, then in chunks', async () => {
  const content = bytes(600 * KIB);
  const made = await run(content, { uploadDataDuringCreation: true, chunkSize: 256 * KIB });
  assert.deepEqual(methods(made), ['POST', 'PATCH', 'PATCH']);
  await sameAs(assert, made.url, content);
});

test('a stream of unknown length', async () => {
  const content = bytes(MIB + 100);
  const pieces = [content.subarray(0, 300_000), content.subarray(300_000, 300_001), content.subarray(300_001)];
  const made = await run(Readable.from(pieces), { uploadLengthDeferred: true, chunkSize: 256 * KIB });
  const { headers } = await head(made.url);
  assert.equal(Number(headers.get('Upload-Length')), content.length);
  await sameAs(assert, made.url, content);
});

test('PATCH as POST with X-HTTP-Method-Override', async () => {
  const content = bytes(MIB);
  const made = await run(content, { overridePatchMethod: true, chunkSize: 512 * KIB });
  assert.deepEqual(methods(made), ['POST', 'POST', 'POST']);
  assert.deepEqual(
    made.requests.map(({ override }) => override),
    [undefined, 'PATCH', 'PATCH'],
  );
  await sameAs(assert, made.url, content);
});

test('terminate by abort(true): the upload is gone', async () => {
  const first = upload(bytes(4 * MIB), {
    chunkSize: 512 * KIB,
    onChunkComplete: (size, accepted) => accepted === MIB && stop(),
  });
  let stop;
  const stopped = new Promise((resolve, reject) => {
    stop = () => first.abort(true).then(resolve, reject);
  });
  first.start();
  await stopped;
  assert.ok([404, 410].includes((await head(first.url)).status));
});

test('terminate of a finished upload', async () => {
  const made = await run(bytes(KIB));
  await tus.Upload.terminate(made.url);
  assert.ok([404, 410].includes((await head(made.url)).status));
});

test('an upload that the server does not know begins anew', async () => {
  const content = bytes(KIB);
  const gone = await run(bytes(10));
  await tus.Upload.terminate(gone.url);
  const made = await run(content, { uploadUrl: gone.url });
  assert.notEqual(made.url, gone.url);
  assert.deepEqual(methods(made), ['HEAD', 'POST', 'PATCH']);
  await sameAs(assert, made.url, content);
});
