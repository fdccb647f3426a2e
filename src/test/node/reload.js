/**
 * A page is left in the middle of an upload and opened again with another upload URL, for tus-js-client and for Uppy, with the
 * functions of docs/access.md. Says the URL of each upload.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import Uppy from '@uppy/core';
import Tus from '@uppy/tus';
import * as tus from 'tus-js-client';

const [documented, file, store, uploadUrlBefore, uploadUrlAfter] = process.argv.slice(2);
const { fingerprint, withoutEndpoint } = await import(documented);

// What a browser's File has, and a Buffer lacks.
const content = Object.assign(readFileSync(file), { name: basename(file), type: '', lastModified: 1 });
content.size = content.length;

const user = 'ann';
const chunkSize = 512 * 1024;
const clients = { tus: byTus, uppy: byUppy };

async function byTus(endpoint, onChunkComplete) {
  const urlStorage = new tus.FileUrlStorage(`${store}.tus`);
  let upload;
  const over = new Promise((onSuccess, onError) => {
    upload = new tus.Upload(content, {
      endpoint,
      chunkSize,
      urlStorage,
      fingerprint: fingerprint(user),
      onChunkComplete: (size, accepted) => onChunkComplete?.(accepted, () => upload.abort().then(onSuccess)),
      onSuccess,
      onError,
    });
  });
  const [previous] = await upload.findPreviousUploads();
  if (previous) upload.resumeFromPreviousUpload(previous);
  upload.start();
  await over;
  return upload.url;
}

async function byUppy(endpoint, onChunkComplete) {
  const urlStorage = withoutEndpoint(user, endpoint, new tus.FileUrlStorage(`${store}.uppy`));
  const uppy = new Uppy();
  const left = new Promise((leave) => {
    uppy.use(Tus, {
      endpoint,
      chunkSize,
      urlStorage,
      // The plugin's own end would send DELETE.
      onChunkComplete: (size, accepted) =>
        onChunkComplete?.(accepted, () => {
          uppy.pauseAll();
          leave();
        }),
    });
  });
  uppy.addFile({ name: content.name, type: content.type, data: content });
  const done = uppy.upload().then(({ successful }) => successful[0].uploadURL);
  return Promise.race([done, left]);
}

for (const [name, upload] of Object.entries(clients)) {
  await upload(uploadUrlBefore, (accepted, leave) => accepted === chunkSize && leave());
  console.log(`${name} ${await upload(uploadUrlAfter)}`);
}
process.exit();
