/**
 * One run of tus-js-client for the matrix of clients: which release is said by TUS_CLIENT. The command line is the one
 * that all drivers have, see src/test/java/dev/narwhal/clients/Client.java.
 */
import { createReadStream, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { PassThrough } from 'node:stream';
import { parseArgs } from 'node:util';

const release = process.env.TUS_CLIENT ?? 'tus-js-client';
const module = await import(release);
const tus = module.Upload ? module : module.default;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    store: { type: 'string' },
    'defer-length': { type: 'boolean', default: false },
    'data-during-creation': { type: 'boolean', default: false },
    override: { type: 'boolean', default: false },
    parallel: { type: 'string', default: '1' },
    'chunk-size': { type: 'string' },
  },
});
const [command, ...operands] = positionals;

/** Patience for a server that is started again: the counter begins anew whenever bytes were accepted. */
const retryDelays = [0, ...Array(120).fill(500)];

if (command === 'terminate') {
  await terminate(operands[0]);
} else {
  await upload(...operands);
}

async function terminate(url) {
  // Only 1.x has callbacks.
  if (tus.FileStorage) {
    await new Promise((done, failed) => tus.Upload.terminate(url, {}, (error) => (error ? failed(error) : done())));
  } else {
    await tus.Upload.terminate(url, { retryDelays });
  }
  console.log(`DONE ${url}`);
}

async function upload(file, endpoint) {
  let made;
  const options = {
    endpoint,
    retryDelays,
    metadata: { filename: basename(file) },
    overridePatchMethod: values.override,
    uploadDataDuringCreation: values['data-during-creation'],
    ...source(file),
    ...(values['chunk-size'] && { chunkSize: Number(values['chunk-size']) }),
    onChunkComplete: (size, accepted) => console.log(`OFFSET ${accepted}`),
  };
  if (values.store) options.urlStorage = await urlStorage(values.store);
  // Made up here: 1.x knows none for the files of today's Node.
  if (tus.FileStorage) options.fingerprint = (of, how, done) => done(null, `${file} ${statSync(file).size}`);
  const done = new Promise((resolve, reject) => {
    made = new tus.Upload(input(file), { ...options, onSuccess: resolve, onError: reject });
  });
  // 1.x looks for the stored URL by itself.
  if (values.store && made.findPreviousUploads) {
    const [previous] = await made.findPreviousUploads();
    if (previous) made.resumeFromPreviousUpload(previous);
  }
  made.start();
  await done;
  console.log(`DONE ${made.url}`);
}

/** A file that is split is a buffer, because 2.x on Node does not know the size of a file. */
function input(file) {
  if (values['defer-length']) return createReadStream(file).pipe(new PassThrough());
  return values.parallel === '1' ? createReadStream(file) : readFileSync(file);
}

function source(file) {
  if (values['defer-length']) return { uploadLengthDeferred: true, chunkSize: 4 * 1024 * 1024 };
  if (values.parallel !== '1') return { parallelUploads: Number(values.parallel) };
  return { uploadSize: statSync(file).size };
}

async function urlStorage(path) {
  // The lock beside the file needs a file.
  if (!existsSync(path)) writeFileSync(path, '');
  const Storage =
    tus.FileUrlStorage ?? tus.FileStorage ?? (await import(`${release}/node/FileUrlStorage`)).FileUrlStorage;
  return new Storage(path);
}
