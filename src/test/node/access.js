/**
 * One upload to a server that wants a key, by tus-js-client or Uppy as their documentation has it for tokens that are renewed.
 * The line protocol is that of src/test/java/dev/narwhal/clients/KeyedClients.java.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';

const [file, endpoint] = process.argv.slice(2);
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
let key;

/** Empty when there is none any more. */
async function newKey() {
  console.log('KEY');
  key = (await answers.next()).value;
}

const statusOf = (error) => error.originalResponse?.getStatus() ?? 0;

const options = {
  endpoint,
  chunkSize: 512 * 1024,
  retryDelays: [0, 100, 200, 400, 800],
  onBeforeRequest: (request) => request.setHeader('Authorization', `Bearer ${key}`),
  onAfterResponse: async (request, response) => {
    if (response.getHeader('WWW-Authenticate')) await newKey();
  },
  // What Uppy passes as the last argument is not there with tus-js-client.
  onShouldRetry: (error, attempt, of, byDefault = retriedByTus) =>
    statusOf(error) === 401 ? key !== '' : byDefault(error),
};

/** The default of tus-js-client, which does not export it. */
function retriedByTus(error) {
  const status = statusOf(error);
  return status < 400 || status >= 500 || status === 409 || status === 423;
}

async function byTus() {
  const tus = await import(process.env.TUS_CLIENT);
  await newKey();
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(readFileSync(file), {
      ...options,
      metadata: { filename: basename(file) },
      onSuccess: () => resolve(upload.url),
      onError: reject,
    });
    upload.start();
  });
}

async function byUppy() {
  const { default: Uppy } = await import('@uppy/core');
  const { default: Tus } = await import('@uppy/tus');
  await newKey();
  const uppy = new Uppy().use(Tus, options);
  uppy.addFile({ name: basename(file), data: readFileSync(file) });
  const { successful, failed } = await uppy.upload();
  if (failed.length > 0) throw failed[0].error;
  return successful[0].uploadURL;
}

try {
  console.log(`DONE ${await (process.env.TUS_CLIENT ? byTus() : byUppy())}`);
} catch (error) {
  console.log(`FAILED ${String(error.message ?? error).replaceAll('\n', ' ')}`);
}
process.exit();
