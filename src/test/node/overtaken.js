/**
 * Goes on with the upload at the URL (second argument) with the bytes of a file (first argument). Says ASKED when its first
 * HEAD is answered, and waits for a line on standard input before it acts on the answer. Says all answers at the end.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { upload } from './client.js';

const [file, uploadUrl] = process.argv.slice(2);
const answers = [];
const made = upload(await readFile(file), {
  uploadUrl,
  onAfterResponse: async (request, response) => {
    answers.push(`${request.getMethod()} ${response.getStatus()}`);
    if (answers.length > 1) return;
    console.log('ASKED');
    await once(process.stdin, 'data');
  },
});
made.start();
await made.done;
process.stdin.destroy();
console.log(`ANSWERS ${answers.join(', ')}`);
