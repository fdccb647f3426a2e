/**
 * One upload through a proxy whose server goes away in the middle. Says HALF when half of it is acknowledged and waits with
 * the next request for a line on standard input: whoever writes it has ended the server. Says the status of each HEAD.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { bytes, MIB, run, sameAs } from './client.js';

const content = bytes(8 * MIB);
let waiting = null;

const made = await run(content, {
  chunkSize: MIB,
  retryDelays: [0, 250, 500, 1000, 2000, 4000, 8000, 8000, 8000, 8000],
  onChunkComplete: (size, accepted) => {
    if (accepted !== content.length / 2) return;
    waiting = once(process.stdin, 'data');
    console.log('HALF');
  },
  onBeforeRequest: () => waiting,
  onShouldRetry: (error) => {
    console.log(`${error.originalRequest.getMethod()} ${error.originalResponse?.getStatus()}`);
    return true;
  },
});
process.stdin.destroy();

assert.equal(made.requests.filter(({ method }) => method === 'POST').length, 1, 'the upload must not begin anew');
await sameAs(assert, made.url, content);
console.log(`URL ${made.url}`);
