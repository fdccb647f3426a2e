import { Dashboard, GoldenRetriever, Tus, Uppy } from './vendor/uppy-6.0.1/uppy.min.mjs';

const MIB = 1024 * 1024;
const FINISHED = 'narwhal.finished';
const $ = (id) => document.getElementById(id);

/** Where uploads go and what the server allows: everything that this page asks before it starts. */
async function discover() {
  const answer = await fetch('narwhal.json', { cache: 'no-cache' });
  if (!answer.ok) throw new Error(`narwhal.json: ${answer.status}`);
  const endpoint = new URL((await answer.json()).uploads, document.baseURI).href;
  const options = await fetch(endpoint, { method: 'OPTIONS' }).catch(() => null);
  const maxSize = Number(options?.headers.get('Tus-Max-Size')) || null;
  return { endpoint, maxSize };
}

/**
 * True for the one tab that keeps the session. A second tab must not restore, and so take over, what the first one is
 * sending. A reload waits a moment for the page before it to let go. Without Web Locks (plain http) nobody owns it.
 */
function ownSession() {
  if (!navigator.locks) return Promise.resolve(null);
  return new Promise((resolve) => {
    navigator.locks
      .request('narwhal-session', { signal: AbortSignal.timeout(1000) }, () => {
        resolve(true);
        return new Promise(() => {});
      })
      .catch(() => resolve(false));
  });
}

const SENTENCES = {
  401: 'The server wants you to sign in first.',
  403: 'The server does not allow this upload.',
  404: 'The server has no such upload. Press Retry to send the file again.',
  410: 'The unfinished upload has expired on the server. Press Retry to send the file again.',
  413: 'The file is larger than the server accepts.',
  423: 'Another window is sending this file. Press Retry when it has stopped.',
  429: 'The server is busy. Press Retry in a moment.',
  507: 'The server has no room for this file at the moment.',
};

/** What went wrong, for people: the server's own sentence where it sent one. */
function readable(error) {
  const answer = error.originalResponse;
  if (!answer) return 'The server cannot be reached. What has arrived is kept: press Retry to go on.';
  try {
    const problem = JSON.parse(answer.getBody());
    const sentence = problem.detail || problem.title;
    if (sentence) return sentence;
  } catch {
    // Not from this server (a proxy's page, perhaps): the status has to do.
  }
  const status = answer.getStatus();
  return SENTENCES[status] ?? `The server answered with status ${status}. Press Retry to go on.`;
}

function createUppy({ endpoint, maxSize }) {
  return new Uppy({ id: 'narwhal', restrictions: { maxFileSize: maxSize } })
    .use(Dashboard, {
      target: '#dashboard',
      inline: true,
      width: '100%',
      height: 460,
      theme: 'auto',
      fileManagerSelectionType: 'both',
      showLinkToFileUploadResult: true,
      showRemoveButtonAfterComplete: false,
      proudlyDisplayPoweredByUppy: false,
      note: `${maxSize ? `Up to ${size(maxSize)} a file` : 'Any size'}. Nothing is sent before you press Upload; then pause, reload or go offline in between.`,
      locale: {
        strings: {
          dashboardTitle: 'Choose files and follow their upload',
          xFilesSelected: { 0: '%{smart_count} file, not sent yet', 1: '%{smart_count} files, not sent yet' },
        },
      },
    })
    .use(Tus, {
      endpoint,
      // Browsers open six connections to a host: two are left for the page itself and for what resumes.
      limit: 4,
      // Counted anew whenever bytes have got through, so that this is two minutes of silence, not of trouble.
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000, 60000],
      chunkSize: Infinity,
      removeFingerprintOnSuccess: true,
      allowedMetaFields: ['name', 'type'],
      // A full disk is retried for a few seconds only, then said: waiting longer in silence helps nobody.
      onShouldRetry: (error, attempt, options, next) =>
        (error.originalResponse?.getStatus() !== 507 || attempt < 4) && next(error),
      onError: (error) => {
        error.message = readable(error);
      },
    });
}

/** The reasons in words above the dashboard, which itself hides them behind a question mark. */
function showTrouble(uppy) {
  let shown = '';
  uppy.on('state-update', () => {
    const failed = uppy.getFiles().filter((file) => file.error);
    const text = failed.map((file) => `${file.name}: ${file.error}`).join('\n');
    if (text === shown) return;
    shown = text;
    trouble(text);
  });
}

/** @param text sentences, one a line; none hides the place */
function trouble(text) {
  $('trouble').textContent = text;
  $('trouble').hidden = !text;
}

/** Of an empty file Uppy shows a bare 0. */
function nameUnits(dashboard) {
  const correct = () => {
    for (const { firstChild } of dashboard.querySelectorAll('.uppy-Dashboard-Item-status')) {
      if (firstChild?.data === '0') firstChild.data = size(0);
    }
  };
  new MutationObserver(correct).observe(dashboard, { childList: true, subtree: true, characterData: true });
}

/** A file out of a folder keeps its path; others must not send an empty one. */
function keepFolders(uppy) {
  uppy.on('file-added', (file) => {
    if (file.meta.relativePath) {
      uppy.setFileState(file.id, { tus: { allowedMetaFields: ['name', 'type', 'relativePath'] } });
    }
  });
}

async function keepOverReloads(uppy) {
  const owned = await ownSession();
  if (owned === false) return;
  uppy.on('restored', () => {
    const started = Object.keys(uppy.getState().currentUploads).length > 0;
    const whole = uppy.getFiles().every((file) => !file.isGhost && !file.isPaused && !file.error);
    if (owned && started && whole) uppy.emit('restore-confirmed');
  });
  // Files up to this size come back by themselves; of larger ones the place is kept, and they are picked again.
  uppy.use(GoldenRetriever, { indexedDB: { maxFileSize: 50 * MIB, maxTotalSize: 500 * MIB } });
}

/** As Uppy writes sizes: powers of 1024 under the short names. */
function size(bytes) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = bytes ? Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1) : 0;
  const number = bytes / 1024 ** power;
  return `${number.toLocaleString('en', { maximumFractionDigits: number < 10 && power ? 1 : 0 })} ${units[power]}`;
}

/** Browsers offer the clipboard to https and localhost only; elsewhere the old way still works. */
async function intoClipboard(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = element('textarea', { value: text, readOnly: true, className: 'unseen' });
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (!copied) throw new Error('The browser did not copy');
}

async function copy(text, button) {
  const label = button.textContent;
  try {
    await intoClipboard(text);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Not allowed';
  }
  button.focus();
  setTimeout(() => (button.textContent = label), 1500);
}

/** The results of this tab: they outlive a reload, not the tab. */
const finished = {
  load: () => JSON.parse(sessionStorage.getItem(FINISHED) ?? '[]'),
  add(file) {
    const others = this.load().filter(({ url }) => url !== file.url);
    sessionStorage.setItem(FINISHED, JSON.stringify([file, ...others].slice(0, 200)));
    this.show();
  },
  clear() {
    sessionStorage.removeItem(FINISHED);
    this.show();
  },
  show() {
    const files = this.load();
    $('finished').hidden = files.length === 0;
    $('finished-list').replaceChildren(...files.map(row));
  },
};

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function row({ name, bytes, url }) {
  const button = element('button', { type: 'button', className: 'quiet', textContent: 'Copy link' });
  button.setAttribute('aria-label', `Copy link to ${name}`);
  button.addEventListener('click', () => copy(url, button));
  return element(
    'li',
    {},
    element('a', { href: url, target: '_blank', rel: 'noopener', textContent: name }),
    element('span', { className: 'bytes', textContent: size(bytes) }),
    button,
  );
}

function showEndpoint(endpoint) {
  $('endpoint').textContent = endpoint;
  $('copy-endpoint').addEventListener('click', (event) => copy(endpoint, event.currentTarget));
  $('other-clients').hidden = false;
}

async function start() {
  finished.show();
  $('forget').addEventListener('click', () => finished.clear());
  const server = await discover();
  showEndpoint(server.endpoint);
  const uppy = createUppy(server);
  uppy.on('upload-success', (file, { uploadURL }) => {
    finished.add({ name: file.meta.name, bytes: file.size, url: uploadURL });
  });
  showTrouble(uppy);
  nameUnits($('dashboard'));
  keepFolders(uppy);
  await keepOverReloads(uppy);
}

start().catch((error) => {
  console.error(error);
  trouble('The server could not be asked where to upload to. Reload the page to try again.');
});
