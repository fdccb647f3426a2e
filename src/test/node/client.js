import { createHash, randomBytes } from 'node:crypto';

/** The release under test: tus-js-client is 4.x, tus-js-client-5 the coming one. */
export const tus = await import(process.env.TUS_CLIENT ?? 'tus-js-client');
export const endpoint = process.env.TUS_URL;
if (!endpoint) throw new Error('TUS_URL is not set: the creation URL of a running server');

export const KIB = 1024;
export const MIB = 1024 * KIB;

export const bytes = (length) => randomBytes(length);

const sha256 = (content) => createHash('sha256').update(content).digest('hex');

/** Reads the upload back and compares it; a difference shows as two digests. */
export async function sameAs(assert, url, content) {
  const answer = await fetch(url);
  assert.equal(answer.status, 200);
  const stored = Buffer.from(await answer.arrayBuffer());
  assert.equal(stored.length, content.length);
  assert.equal(sha256(stored), sha256(content));
}

export async function head(url) {
  const answer = await fetch(url, { method: 'HEAD', headers: { 'Tus-Resumable': '1.0.0' } });
  return { status: answer.status, offset: Number(answer.headers.get('Upload-Offset')), headers: answer.headers };
}

/**
 * An upload whose end can be awaited and whose requests are written down: {method, offset, override, status}.
 *
 * @param {(upload: object, sent: number) => void} onProgress of a chunk that the server has acknowledged
 */
export function upload(input, options = {}) {
  const requests = [];
  let made;
  const done = new Promise((resolve, reject) => {
    made = new tus.Upload(input, {
      endpoint,
      retryDelays: [0, 200, 500, 1000, 2000],
      onAfterResponse: (request, response) => {
        requests.push({
          method: request.getMethod(),
          override: request.getHeader('X-HTTP-Method-Override'),
          offset: request.getHeader('Upload-Offset'),
          status: response.getStatus(),
        });
      },
      ...options,
      onSuccess: () => resolve(made),
      onError: reject,
    });
  });
  made.requests = requests;
  made.done = done;
  return made;
}

/** Starts and waits for the end. */
export function run(input, options) {
  const made = upload(input, options);
  made.start();
  return made.done;
}
