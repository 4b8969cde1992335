/* The bar along the way that a run has come. While the handle is dragged the browser answers, from the pictures and
   numbers of kept moments; when it is let go, the whole stage follows. */

const WAIT = 250, POINTS = 150, COLUMNS = 10;

export default function ({ parentElement, data, setTriggerValue }) {
  learn(data.translations);
  const pad = (parentElement.pad ??= start(parentElement.querySelector('.moment')));
  Object.assign(pad, { data, tell: (epoch) => setTriggerValue('chosen', { epoch }) });
  globalThis.bottleneckMoment = pad;
  Object.assign(pad.range, { max: data.count });
  pad.range.disabled = data.count < 1;
  if (!pad.isHeld) pad.range.value = data.at ?? data.count;
  pad.now.hidden = data.at === null;
  pad.root.dataset.at = data.at ?? 'now';
  pad.root.dataset.pictures = stored(pad).length;
  marks(pad);
  show(pad);
}

/* What the server has sent of the way of this run: [{ epoch, text, image | points }] by epoch. */
function stored({ data }) {
  return globalThis.bottleneckReels?.[data.run] ?? [];
}

function start(root) {
  const pad = { root, isHeld: false, timer: 0 };
  pad.range = element('input', {
    type: 'range', min: 0, max: 1, step: 1, 'aria-label': t('Moment'),
    oninput: () => { pad.isHeld = true; show(pad); },
    onchange: () => { clearTimeout(pad.timer); pad.timer = setTimeout(() => release(pad), WAIT); },
    onblur: () => { pad.isHeld = false; },
  });
  pad.words = element('output', {});
  pad.now = element('button', { title: t('Back to the run as it stands now (N)'), hidden: '', onclick: () => go(pad, null) }, t('Now'));
  pad.preview = element('canvas', { hidden: '' });
  pad.track = element('div', { class: 'track' }, pad.range);
  pad.line = element('div', { class: 'words' }, pad.words, pad.now);
  root.replaceChildren(pad.track, pad.line, pad.preview);
  if (!globalThis.bottleneckMomentKeys) {
    globalThis.bottleneckMomentKeys = true;
    document.addEventListener('keydown', (event) => press(globalThis.bottleneckMoment, event));
    document.addEventListener('pointermove', pointAt);
  }
  return pad;
}

/* Comma and full stop go one back and one on, N goes to now: never while something is typed or drawn. */
function press(pad, event) {
  if (!pad?.root.isConnected || event.ctrlKey || event.metaKey || event.altKey || isTaken(deepest(document), pad)) return;
  const at = Number(pad.range.value), to = { ',': at - 1, '.': at + 1 }[event.key];
  if (event.key.toLowerCase() === 'n' && pad.data.at !== null) go(pad, null);
  else if (to >= 0 && to <= pad.data.count) {
    Object.assign(pad.range, { value: to });
    pad.isHeld = true;
    show(pad);
    clearTimeout(pad.timer);
    pad.timer = setTimeout(() => release(pad), WAIT);
  }
}

function deepest(root) {
  const active = root.activeElement;
  return active?.shadowRoot?.activeElement ? deepest(active.shadowRoot) : active;
}

/* The column of a strip that is pointed at is marked in all strips, on both sides. */
function pointAt({ target, clientX }) {
  const image = target.closest?.('.strip img.sheet'), box = image?.getBoundingClientRect();
  const column = image ? Math.min(COLUMNS - 1, Math.floor((COLUMNS * (clientX - box.left)) / box.width)) : -1;
  if (globalThis.bottleneckColumn === column) return;
  globalThis.bottleneckColumn = column;
  for (const strip of document.querySelectorAll('.strip')) {
    const sheet = strip.querySelector('img.sheet'), width = sheet ? sheet.clientWidth / COLUMNS : 0;
    strip.classList.toggle('pointed', column >= 0 && width > 0);
    strip.style.setProperty('--left', `${(sheet?.offsetLeft ?? 0) + column * width}px`);
    strip.style.setProperty('--width', `${width}px`);
  }
}

const TAKES_KEYS = 'input, textarea, select, [contenteditable="true"], [role="application"]';
const isTaken = (active, pad) => active && active !== pad.range && active.matches(TAKES_KEYS);

function release(pad) {
  const epoch = Number(pad.range.value);
  pad.isHeld = false;
  go(pad, epoch >= pad.data.count ? null : epoch);
}

function go(pad, epoch) {
  if (epoch === null) pad.range.value = pad.data.count;
  if (epoch !== pad.data.at) pad.tell(epoch);
  show(pad);
}

/* A tick where a state is kept, a flag where a knob was moved. */
function marks(pad) {
  const { count, kept, flags } = pad.data, key = JSON.stringify([count, kept, flags]);
  if (pad.key === key) return;
  pad.key = key;
  const place = (epoch) => `left: ${(100 * epoch) / Math.max(1, count)}%`;
  pad.track.querySelectorAll('i').forEach((mark) => mark.remove());
  pad.track.append(
    ...kept.map((epoch) => element('i', { class: 'tick', style: place(epoch) })),
    ...flags.map(([epoch, words]) => element('i', { class: 'flag', style: place(epoch), title: words, role: 'img', 'aria-label': words })));
}

function show(pad) {
  const { data } = pad, at = Number(pad.range.value), isNow = at >= data.count && !(data.at !== null && !pad.isHeld);
  const found = stored(pad).filter(({ epoch }) => epoch <= at).at(-1);
  pad.words.value = t('{unit} {at} of {count}', { unit: data.unit, at: at * data.each, count: data.count * data.each });
  pad.line.hidden = isNow && !pad.isHeld;
  pad.range.setAttribute('aria-valuetext', isNow ? t('Now') : pad.words.value);
  pad.preview.hidden = !pad.isHeld || !found;
  if (pad.preview.hidden) return;
  pad.words.value += found.text ? ` · ${found.text}` : '';
  pad.root.dataset.shown = found.epoch;
  if (found.points) drawPoints(pad, found.points);
  else if (found.image?.complete && found.image.naturalWidth) drawStrip(pad, found.image);
  else pad.preview.hidden = true;
}

function drawStrip({ preview, data }, image) {
  const { naturalWidth: width, naturalHeight: height } = image;
  Object.assign(preview, { width, height });
  const pen = preview.getContext('2d', { willReadFrequently: true });
  pen.drawImage(image, 0, 0);
  if (data.kind !== 'strokes') return;
  const grey = pen.getImageData(0, 0, width, height).data;
  paint(preview, Float32Array.from({ length: width * height }, (_, k) => grey[4 * k] / 255), [height, width], { colour: data.colours.reconstruction });
}

function drawPoints({ preview, data }, bytes) {
  Object.assign(preview, { width: 2 * POINTS, height: 2 * POINTS });
  const pen = preview.getContext('2d'), labels = data.labels;
  for (let i = 0; 2 * i < bytes.length; i++) {
    pen.fillStyle = labels ? data.colours.classes[labels[i] % data.colours.classes.length] : data.colours.latents;
    pen.fillRect((bytes[2 * i] * 2 * POINTS) / 256, (bytes[2 * i + 1] * 2 * POINTS) / 256, 3, 3);
  }
}
