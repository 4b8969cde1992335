/* A shop of labels: unlabelled points on a map. Point at one to see it, click to pay for its label;
   arrow keys go from point to point, Enter pays, Escape leaves. */

const NEAR = 12, MARGIN = 18;

export default function ({ parentElement, data, setTriggerValue }) {
  learn(data.translations);
  const pad = (parentElement.pad ??= start(parentElement.querySelector('.shop')));
  const places = unpack(data.positions).values;
  Object.assign(pad, { data, places, buy: (i) => setTriggerValue('chosen', i), labels: new Map(data.bought.map((row, k) => [row, data.labels[k]])) });
  pad.canvas.setAttribute('aria-label', `${data.alt} ${t('Arrow keys go from point to point, Enter buys.')}`);
  if (data.sheet && pad.source !== data.sheet) {
    Object.assign(pad, { source: data.sheet, sheet: new Image() });
    pad.sheet.src = data.sheet;
  }
  pad.root.dataset.bought = data.bought.length;
  const seen = [...new Set(data.labels)].sort((a, b) => a - b);
  pad.legend.replaceChildren(...seen.map((label) => element('span', {},
    element('i', { style: `background: ${colourOf(pad, label)}` }), data.names[label])));
  paintPoints(pad);
}

function start(root) {
  const canvas = element('canvas', { class: 'points', role: 'application', tabindex: '0' });
  const pad = { root, canvas, hovered: null, peek: element('div', { class: 'peek', hidden: '' }), legend: element('div', { class: 'legend' }) };
  canvas.onpointermove = (event) => point(pad, nearest(pad, event.offsetX, event.offsetY));
  canvas.onpointerleave = () => point(pad, null);
  canvas.onclick = (event) => choose(pad, nearest(pad, event.offsetX, event.offsetY));
  canvas.onkeydown = (event) => {
    const arrow = ARROWS[event.key], { clientWidth, clientHeight } = canvas, at = (i) => placeOf(pad, i);
    if (event.key === 'Escape') canvas.blur();
    if (event.key === 'Enter') choose(pad, pad.hovered);
    if (!arrow && event.key !== 'Enter') return;
    event.preventDefault();
    if (!arrow) return;
    const from = pad.hovered === null ? [clientWidth / 2, clientHeight / 2] : at(pad.hovered);
    point(pad, pointTowards(pad.places.length / 2, at, from, arrow) ?? pad.hovered);
    if (pad.hovered !== null) tell(pad, pad.hovered);
  };
  canvas.onblur = () => point(pad, null);
  root.replaceChildren(canvas, pad.peek, pad.legend);
  new ResizeObserver(() => paintPoints(pad)).observe(canvas);
  return pad;
}

function tell(pad, i) {
  const label = pad.labels.get(i), word = pad.data.texts?.[i] ?? '';
  const row = i + 1, of = pad.places.length / 2, what = label === undefined ? t('unlabelled') : pad.data.names[label];
  speak(pad.canvas, [t('point {row} of {of}', { row, of }), word, what].filter(Boolean).join(', '));
}

function choose(pad, i) {
  if (i !== null && !pad.labels.has(i)) pad.buy(i);
}

function colourOf(pad, label) {
  return pad.data.colours.classes[label % pad.data.colours.classes.length];
}

/* Where a point is on the canvas, in CSS pixels. */
function placeOf(pad, i) {
  const { clientWidth: width, clientHeight: height } = pad.canvas;
  const scale = Math.min((width - 2 * MARGIN) / (pad.high[0] - pad.low[0] || 1), (height - 2 * MARGIN) / (pad.high[1] - pad.low[1] || 1));
  const middle = [0, 1].map((axis) => (pad.low[axis] + pad.high[axis]) / 2);
  return [width / 2 + scale * (pad.places[2 * i] - middle[0]), height / 2 - scale * (pad.places[2 * i + 1] - middle[1])];
}

function nearest(pad, x, y) {
  let best = null, least = NEAR;
  for (let i = 0; i < pad.places.length / 2; i++) {
    const [a, b] = placeOf(pad, i), away = Math.hypot(a - x, b - y);
    if (away < least) [best, least] = [i, away];
  }
  return best;
}

function point(pad, i) {
  if (pad.hovered === i) return;
  pad.hovered = i;
  paintPoints(pad);
  pad.peek.hidden = i === null;
  if (i === null) return;
  const [x, y] = placeOf(pad, i), label = pad.labels.get(i);
  const said = label === undefined ? t('click to buy') : pad.data.names[label];
  pad.peek.replaceChildren(pad.data.texts ? element('b', {}, pad.data.texts[i]) : cut(pad, i), element('div', {}, said));
  pad.peek.style.left = `${Math.min(x + 14, pad.canvas.clientWidth - 90)}px`;
  pad.peek.style.top = `${Math.max(0, y - 40)}px`;
}

/* One picture cut out of the sheet, as ink. */
function cut(pad, i) {
  const [height, width] = pad.data.tile, canvas = element('canvas', {}), pen = canvas.getContext('2d');
  Object.assign(canvas, { width, height });
  pen.drawImage(pad.sheet, (i % pad.data.columns) * width, Math.floor(i / pad.data.columns) * height, width, height, 0, 0, width, height);
  const image = pen.getImageData(0, 0, width, height), values = new Float32Array(width * height);
  values.forEach((_, k) => { values[k] = image.data[4 * k] / 255; });
  return paint(canvas, values, [height, width], { colour: pad.data.colours.ink });
}

function paintPoints(pad) {
  const { canvas, data, places } = pad;
  if (!data || !canvas.clientWidth) return;
  const ratio = devicePixelRatio;
  Object.assign(canvas, { width: canvas.clientWidth * ratio, height: canvas.clientHeight * ratio });
  [pad.low, pad.high] = [[Infinity, Infinity], [-Infinity, -Infinity]];
  places.forEach((value, i) => { pad.low[i % 2] = Math.min(pad.low[i % 2], value); pad.high[i % 2] = Math.max(pad.high[i % 2], value); });
  const pen = canvas.getContext('2d');
  pen.scale(ratio, ratio);
  for (let i = 0; i < places.length / 2; i++) if (!pad.labels.has(i)) dot(pad, pen, i, 3, data.colours.limit);
  for (const [i, label] of pad.labels) dot(pad, pen, i, 7, colourOf(pad, label));
  for (const [i, label] of pad.labels) sign(pad, pen, i, data.names[label]);
  if (pad.hovered !== null) {
    pen.strokeStyle = data.colours.ink;
    pen.beginPath();
    pen.arc(...placeOf(pad, pad.hovered), 9, 0, 2 * Math.PI);
    pen.stroke();
  }
}

/* The class beside a bought point, for those who cannot tell the colours apart. */
function sign(pad, pen, i, name) {
  const [x, y] = placeOf(pad, i);
  Object.assign(pen, { font: 'bold 12px sans-serif', textBaseline: 'middle', lineWidth: 3, lineJoin: 'round' });
  pen.strokeStyle = getComputedStyle(pad.canvas).getPropertyValue('--st-background-color');
  pen.strokeText(name, x + 9, y);
  pen.fillStyle = pad.data.colours.ink;
  pen.fillText(name, x + 9, y);
  pen.lineWidth = 1;
}

function dot(pad, pen, i, radius, colour) {
  pen.fillStyle = colour;
  pen.globalAlpha = radius > 5 ? 1 : 0.55;
  pen.beginPath();
  pen.arc(...placeOf(pad, i), radius, 0, 2 * Math.PI);
  pen.fill();
  pen.globalAlpha = 1;
}
