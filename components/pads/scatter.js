/* A map of points: hover, pin, lasso, search, zoom. What does not move (pictures, classes,
   neighbours) comes from another component, once, as globalThis.bottleneckPoints[id]. */

const GLIDE = 300, REACH = 14, MOST_SHOWN = 60, DRAG = 4, BOX_STEP = 20;
const RAMP = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];

export default function ({ parentElement, data }) {
  learn(data.translations);
  const pad = (parentElement.pad ??= start(parentElement.querySelector('.scatter')));
  const known = globalThis.bottleneckPoints?.[data.points];
  const isNew = pad.points !== data.points || (known && pad.known !== known);
  Object.assign(pad, { data, points: data.points });
  if (isNew) adopt(pad, known);
  if (!known && !pad.waiting) pad.waiting = setTimeout(() => adoptLater(pad), 100);
  const positions = unpack(data.positions).values;
  if (pad.stamp !== data.stamp) {
    pad.cloud.move(positions, progress(pad));
    Object.assign(pad, { stamp: data.stamp, begun: performance.now(), frames: (pad.frames ?? 0) + 1 });
    pad.root.dataset.frames = pad.frames;
  }
  pad.canvas.setAttribute('aria-label', `${data.alt} ${t('Arrow keys go from point to point, Enter pins, Shift and arrow keys draw a box, + and - zoom, Escape goes back.')}`);
  recolour(pad);
  if (isNew || !pad.isMoved) fit(pad);
  schedule(pad);
  showDetail(pad);
}

function adoptLater(pad) {
  const known = globalThis.bottleneckPoints?.[pad.points];
  pad.waiting = null;
  if (!pad.root.isConnected || known && pad.known === known) return;
  if (!known) return void (pad.waiting = setTimeout(() => adoptLater(pad), 200));
  adopt(pad, known);
  recolour(pad);
  showDetail(pad);
  schedule(pad);
}

function adopt(pad, known) {
  Object.assign(pad, { known, labels: null, errors: null, rows: null, pinned: null, hovered: null, selected: null, sheets: {} });
  if (!known) return;
  pad.labels = known.labels && unpack(known.labels).values;
  pad.rows = unpack(known.rows);
  pad.errors = known.errors && unpack(known.errors).values;
  pad.latents = unpack(known.latents);
  for (const name of ['sheet', 'copies'])
    if (known[name]) {
      pad.sheets[name] = new Image();
      pad.sheets[name].onload = () => { showDetail(pad); pad.root.dataset.sheets = (Number(pad.root.dataset.sheets) || 0) + 1; };
      pad.sheets[name].src = known[name];
    }
  offerColours(pad);
}

/* Class, error, every latent; of very many numbers those latents that vary most, which is said. */
function offerColours({ known, labels, errors, colourBy }) {
  const option = (value, words) => element('option', { value }, words), { space, numbers, dimensions } = known;
  const latent = (number) => (space === 'pixels' ? t`pixel ${number + 1}` : t`latent ${number + 1}`);
  const some = element('option', { disabled: '' }, t`the ${numbers.length} of ${dimensions} that vary most:`);
  colourBy.replaceChildren(
    ...(labels ? [option('class', t('class'))] : []), ...(errors ? [option('error', t('error of the copy'))] : []),
    ...(numbers.length < dimensions ? [some] : []), ...numbers.map((number, i) => option(`${i}`, latent(number))));
}

function start(root) {
  const canvas = element('canvas', { class: 'points', role: 'application', tabindex: '0' }), over = element('canvas', { class: 'over' });
  const pad = { root, canvas, over, view: { scale: 1, x: 0, y: 0 }, known: null, sheets: {}, wanted: '', begun: 0 };
  const button = (words, title, onclick) => element('button', { title, onclick }, words);
  pad.colourBy = element('select', { title: t('What the colours mean'), 'aria-label': t('Colour by'), onchange: () => { recolour(pad); schedule(pad); showDetail(pad); } });
  pad.search = element('input', { type: 'search', placeholder: t('class or word'), 'aria-label': t('Search by class or word'),
    title: t('Dims all other points'), oninput: () => { pad.wanted = pad.search.value.trim().toLowerCase(); recolour(pad); schedule(pad); showDetail(pad); },
    onkeydown: (event) => { if (event.key === 'Enter' && pad.wanted) select(pad, () => true); } });
  pad.lassoButton = element('button', { title: t('Draw a line round points to see them as a sheet (or hold Shift)'), 'aria-pressed': 'false',
    onclick: () => { pad.isLasso = !pad.isLasso; pad.lassoButton.setAttribute('aria-pressed', String(pad.isLasso)); } }, t('Lasso'));
  const tools = element('div', { class: 'tools' }, element('label', {}, t('Colour '), pad.colourBy), pad.search, pad.lassoButton,
    button(t('Whole map'), t('Back from zooming (wheel) and moving (drag)'), () => { pad.isMoved = false; fit(pad); schedule(pad); }),
    button('PNG', t('Downloads this picture'), () => savePicture(pad)), button('CSV', t('Downloads the coordinates'), () => saveTable(pad)));
  pad.detail = element('div', { class: 'detail' });
  root.replaceChildren(tools, element('div', { class: 'row' }, element('div', { class: 'stage' }, canvas, over), pad.detail));
  pad.cloud = new Cloud(canvas);
  root.dataset.layer = pad.cloud.gl ? 'webgl' : 'canvas';
  listen(pad);
  new ResizeObserver(() => { resize(pad); schedule(pad); }).observe(canvas);
  resize(pad);
  return pad;
}

function resize(pad) {
  const ratio = globalThis.devicePixelRatio || 1;
  for (const each of [pad.canvas, pad.over]) {
    each.width = Math.max(1, Math.round(pad.canvas.clientWidth * ratio));
    each.height = Math.max(1, Math.round(pad.canvas.clientHeight * ratio));
  }
  if (!pad.isMoved) fit(pad);
}

function fit(pad) {
  const places = pad.cloud?.to ?? [], width = pad.canvas.clientWidth, height = pad.canvas.clientHeight;
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < places.length; i += 2) {
    left = Math.min(left, places[i]); right = Math.max(right, places[i]);
    low = Math.min(low, places[i + 1]); high = Math.max(high, places[i + 1]);
  }
  if (!(right >= left) || !width) return;
  const scale = 0.88 * Math.min(width / Math.max(right - left, 1e-9), height / Math.max(high - low, 1e-9));
  pad.view = { scale, x: width / 2 - scale * (left + right) / 2, y: height / 2 + scale * (low + high) / 2 };
}

function progress(pad) {
  return isCalm() ? 1 : Math.min(1, (performance.now() - pad.begun) / GLIDE);
}

function schedule(pad) {
  if (pad.isScheduled) return;
  pad.isScheduled = true;
  requestAnimationFrame(() => {
    pad.isScheduled = false;
    draw(pad);
    if (progress(pad) < 1) schedule(pad);
  });
}

function draw(pad) {
  const count = pad.cloud.to.length / 2, size = Math.min(9, Math.max(3, 260 / Math.sqrt(Math.max(count, 1))));
  pad.cloud.draw(pad.view, progress(pad), size);
  drawOver(pad);
}

function placeOf(pad, i) {
  const { cloud, view } = pad, share = progress(pad);
  const at = (k) => cloud.from[k] + share * (cloud.to[k] - cloud.from[k]);
  return [at(2 * i) * view.scale + view.x, view.y - at(2 * i + 1) * view.scale];
}

function drawOver(pad) {
  const pen = pad.over.getContext('2d'), ratio = pad.over.width / Math.max(pad.canvas.clientWidth, 1);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, pad.over.width, pad.over.height);
  const ink = pad.data?.colours.ink ?? '#888888', placed = pad.data?.placed;
  Object.assign(pen, { strokeStyle: ink, fillStyle: ink, lineWidth: 1.2, font: '12px sans-serif', textAlign: 'center' });
  drawAxes(pad, pen);
  if (pad.pinned !== null && pad.pinned < pad.cloud.to.length / 2) star(pad, pen, placeOf(pad, pad.pinned), pad.rows ? Array.from(row(pad.rows, pad.pinned).values) : []);
  if (placed) {
    const { view } = pad, at = [placed.position[0] * view.scale + view.x, view.y - placed.position[1] * view.scale];
    star(pad, pen, at, placed.rows);
    pen.strokeStyle = pen.fillStyle = pad.data.colours.corrupted;
    pen.font = 'bold 24px sans-serif';
    pen.fillText('★', at[0], at[1] + 8);
  }
  if (pad.hovered !== null) ring(pen, placeOf(pad, pad.hovered), 7);
  if (pad.line) {
    pen.setLineDash([5, 4]);
    pen.beginPath();
    pad.line.forEach(([x, y]) => pen.lineTo(x, y));
    pen.stroke();
    pen.setLineDash([]);
  }
  if (pad.labels && pad.colourBy.value === 'class') nameClasses(pad, pen, ink);
}

function drawAxes(pad, pen) {
  const width = pad.canvas.clientWidth, height = pad.canvas.clientHeight, [first, second] = pad.data?.axes ?? ['', ''];
  pen.globalAlpha = 0.75;
  pen.fillText(first, width / 2, height - 4);
  pen.save();
  pen.translate(11, height / 2);
  pen.rotate(-Math.PI / 2);
  pen.fillText(second, 0, 0);
  pen.restore();
  const across = 80 / pad.view.scale, power = 10 ** Math.floor(Math.log10(across));
  const tick = [1, 2, 5, 10].map((digit) => digit * power).find((value) => value >= across);
  if (!Number.isFinite(tick) || tick <= 0) return;
  const words = (value) => Number(value.toPrecision(6)).toString();
  for (let k = Math.ceil(-pad.view.x / pad.view.scale / tick); k * tick * pad.view.scale + pad.view.x < width; k++)
    if (k * tick * pad.view.scale + pad.view.x > 40) pen.fillText(words(k * tick), k * tick * pad.view.scale + pad.view.x, height - 18);
  for (let k = Math.ceil((pad.view.y - height) / pad.view.scale / tick); pad.view.y - k * tick * pad.view.scale > 10; k++)
    if (pad.view.y - k * tick * pad.view.scale < height - 34) pen.fillText(words(k * tick), 30, pad.view.y - k * tick * pad.view.scale + 4);
  pen.globalAlpha = 1;
}

function star(pad, pen, at, rows) {
  pen.beginPath();
  for (const i of rows) {
    pen.moveTo(...at);
    pen.lineTo(...placeOf(pad, i));
  }
  pen.stroke();
  ring(pen, at, 8);
}

function ring(pen, [x, y], radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.stroke();
}

/* The name of every class at the median of its points: no colour has to be known by heart. */
function nameClasses(pad, pen, ink) {
  pen.font = 'bold 13px sans-serif';
  pad.known.names.forEach((name, label) => {
    const places = [];
    for (let i = 0; i < pad.labels.length && places.length < 400; i++) if (pad.labels[i] === label) places.push(placeOf(pad, i));
    if (!places.length) return;
    const middle = (k) => places.map((place) => place[k]).sort((a, b) => a - b)[places.length >> 1];
    pen.lineWidth = 4;
    pen.strokeStyle = pad.data.colours.paper;
    pen.strokeText(name, middle(0), middle(1) + 4);
    pen.fillStyle = ink;
    pen.fillText(name, middle(0), middle(1) + 4);
  });
}

function wordsOf(pad, i) {
  const name = pad.labels && pad.known.names[pad.labels[i]];
  return pad.known.words ? `${pad.known.words[i]}${name ? ` (${name})` : ''}` : name ?? t`point ${i + 1}`;
}

function matches(pad, i) {
  if (!pad.wanted || !pad.known) return true;
  return wordsOf(pad, i).toLowerCase().includes(pad.wanted);
}

function recolour(pad) {
  const count = pad.data.positions.shape[0], tints = new Uint8Array(4 * count).fill(128), by = pad.colourBy.value;
  const hex = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const classes = pad.data.colours.classes.map(hex), level = pad.known && by !== 'class' && by !== '' ? levelsOf(pad, by, count) : null;
  for (let i = 0; i < count; i++) {
    const tint = level ? ramp(level[i]) : pad.labels && pad.known ? classes[pad.labels[i] % classes.length] : [90, 130, 170];
    const isOn = matches(pad, i) && (!pad.selected || pad.selected.has(i));
    tints.set([...tint, isOn ? 215 : 28], 4 * i);
  }
  pad.cloud.paint(tints);
}

/* Numbers from 0 to 1, lowest to highest, without the farthest hundredth. */
function levelsOf(pad, by, count) {
  const values = by === 'error' ? pad.errors : Float32Array.from({ length: count }, (_, i) => pad.latents.values[i * pad.latents.shape[1] + Number(by)]);
  const sorted = Float32Array.from(values).sort(), low = sorted[Math.floor(0.01 * count)], high = sorted[Math.ceil(0.99 * count) - 1];
  pad.range = [low, high];
  return values.map((value) => Math.min(1, Math.max(0, (value - low) / Math.max(high - low, 1e-12))));
}

function ramp(level) {
  const at = level * (RAMP.length - 1), low = Math.min(RAMP.length - 2, Math.floor(at));
  return RAMP[low].map((value, k) => value + (at - low) * (RAMP[low + 1][k] - value));
}

function findNear(pad, x, y) {
  let [best, nearest] = [null, REACH ** 2];
  for (let i = 0; i < pad.cloud.to.length / 2; i++) {
    const [a, b] = placeOf(pad, i), distance = (a - x) ** 2 + (b - y) ** 2;
    if (distance < nearest && matches(pad, i)) [best, nearest] = [i, distance];
  }
  return best;
}
