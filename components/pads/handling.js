/* What a pointer does on a map, what is told of a point, and what can be taken home. */

const HINT = 'Point at a dot to see it; click to pin it with its nearest neighbours. Drag to move, wheel to zoom, Shift and drag to select.';

function listen(pad) {
  const { canvas } = pad, at = (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  canvas.style.touchAction = 'none';
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    pad.down = at(event);
    pad.before = { ...pad.view };
    if (pad.isLasso || event.shiftKey) pad.line = [at(event)];
  });
  canvas.addEventListener('pointermove', (event) => move(pad, at(event)));
  canvas.addEventListener('pointerup', (event) => up(pad, at(event)));
  canvas.addEventListener('pointercancel', () => Object.assign(pad, { down: null, line: null }));
  canvas.addEventListener('pointerleave', () => hover(pad, null));
  canvas.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoom(pad, at(event), Math.exp(-event.deltaY / 500));
  }, { passive: false });
  canvas.addEventListener('keydown', (event) => key(pad, event));
  canvas.addEventListener('blur', () => { pad.line = null; hover(pad, null); });
}

/* Arrows go to the next point, Enter pins it; with Shift they draw a box, and Enter takes what is in it. */
function key(pad, event) {
  const arrow = ARROWS[event.key], middle = [pad.canvas.clientWidth / 2, pad.canvas.clientHeight / 2];
  const factor = { '+': 1.25, '=': 1.25, '-': 0.8 }[event.key], at = (i) => placeOf(pad, i), here = pad.hovered ?? pad.pinned;
  if (factor) zoom(pad, middle, factor);
  else if (arrow && event.shiftKey) drawBox(pad, arrow, here === null ? middle : at(here));
  else if (arrow) {
    const count = pad.cloud.to.length / 2, from = here === null ? middle : at(here);
    hover(pad, pointTowards(count, at, from, arrow, (i) => matches(pad, i)) ?? here);
    if (pad.hovered !== null) speak(pad.canvas, told(pad, pad.hovered));
  } else if (event.key === 'Enter' && pad.line) {
    const line = pad.line;
    pad.line = null;
    select(pad, (i) => contains(line, at(i)));
  } else if (event.key === 'Enter') {
    pad.pinned = pad.hovered;
    showDetail(pad);
  } else if (event.key === 'Escape') goBack(pad);
  else return;
  event.preventDefault();
  schedule(pad);
}

function drawBox(pad, [dx, dy], from) {
  const [[left, top], , [right, bottom]] = pad.line ?? [from, from, from];
  const x = right + BOX_STEP * dx, y = bottom + BOX_STEP * dy;
  pad.line = [[left, top], [x, top], [x, y], [left, y], [left, top]];
}

/* Drops the box, else what is pinned or selected, else leaves the map. */
function goBack(pad) {
  if (!pad.line && pad.hovered === null && pad.pinned === null && !pad.selected) pad.canvas.blur();
  if (!pad.line) Object.assign(pad, { hovered: null, pinned: null, selected: null });
  pad.line = null;
  recolour(pad);
  showDetail(pad);
}

/* A point in a sentence. */
function told(pad, i) {
  const row = i + 1, of = pad.cloud.to.length / 2, error = pad.errors?.[i].toFixed(4);
  const parts = [t('point {row} of {of}', { row, of }), pad.known && wordsOf(pad, i), error && t('error of the copy {error}', { error })];
  return parts.filter(Boolean).join(', ');
}

function zoom(pad, [x, y], factor) {
  const { view } = pad;
  pad.view = { scale: view.scale * factor, x: x - factor * (x - view.x), y: y - factor * (y - view.y) };
  pad.isMoved = true;
  schedule(pad);
}

function move(pad, [x, y]) {
  if (pad.line) {
    pad.line.push([x, y]);
  } else if (pad.down) {
    const [dx, dy] = [x - pad.down[0], y - pad.down[1]];
    if (Math.hypot(dx, dy) < DRAG) return;
    Object.assign(pad, { isMoved: true, view: { ...pad.before, x: pad.before.x + dx, y: pad.before.y + dy } });
  } else {
    return hover(pad, findNear(pad, x, y));
  }
  schedule(pad);
}

function up(pad, [x, y]) {
  const { line, down } = pad, isClick = down && Math.hypot(x - down[0], y - down[1]) < DRAG;
  Object.assign(pad, { line: null, down: null });
  if (line && line.length > 3) select(pad, (i) => contains(line, placeOf(pad, i)));
  else if (isClick) {
    pad.pinned = findNear(pad, x, y);
    if (pad.pinned === null) pad.selected = null;
  }
  recolour(pad);
  schedule(pad);
  showDetail(pad);
}

function select(pad, isInside) {
  const inside = new Set();
  for (let i = 0; i < pad.cloud.to.length / 2; i++) if (isInside(i) && matches(pad, i)) inside.add(i);
  Object.assign(pad, { selected: inside.size ? inside : null, pinned: null, hovered: null });
  speak(pad.canvas, t('{count} points selected', { count: inside.size }));
  recolour(pad);
  schedule(pad);
  showDetail(pad);
}

/* Whether a point is inside a closed line: rays to the right cross it an odd number of times. */
function contains(line, [x, y]) {
  let isInside = false;
  line.forEach(([a, b], i) => {
    const [c, d] = line[(i || line.length) - 1];
    if (b > y !== d > y && x < a + ((c - a) * (y - b)) / (d - b)) isInside = !isInside;
  });
  return isInside;
}

function hover(pad, i) {
  if (pad.hovered === i) return;
  pad.hovered = i;
  showDetail(pad);
  schedule(pad);
}

function showDetail(pad) {
  if (!pad.known || !pad.data) return void pad.detail.replaceChildren(element('p', {}, t('The pictures are on their way.')));
  const i = pad.hovered ?? pad.pinned, parts = [];
  if (i !== null && i < pad.data.positions.shape[0]) parts.push(...describe(pad, i));
  else if (pad.selected) parts.push(...describeSelection(pad));
  else parts.push(element('p', {}, t(HINT)), ...legend(pad));
  refill(pad.detail, ...parts);
}

function describe(pad, i) {
  const figures = ['sheet', 'copies'].filter((name) => pad.sheets[name]).map((name) => element('figure', {},
    tile(pad, i, name, 'large'), element('figcaption', {}, name === 'sheet' ? t('image') : t('its copy'))));
  const rows = Array.from(row(pad.rows, i).values), error = pad.errors ? t`error of the copy ${pad.errors[i].toFixed(4)}` : '';
  return [
    element('div', { class: 'pair' }, ...figures),
    element('p', {}, element('b', {}, wordsOf(pad, i)), t` · row ${i + 1}`, element('br', {}), error),
    element('p', {}, nearest(pad, rows.length) + (pad.pinned === i ? t(', with lines on the map') : t(': click to pin'))),
    element('div', { class: 'tiles' }, ...rows.map((other) => small(pad, other)))];
}

function nearest({ known: { reduced, space } }, count) {
  if (reduced) return t`The ${count} nearest in the ${reduced} principal components`;
  return space === 'pixels' ? t`The ${count} nearest by their pixels` : t`The ${count} nearest in the latent space`;
}

function describeSelection(pad) {
  const rows = [...pad.selected], counts = new Map();
  for (const i of rows) if (pad.labels) counts.set(pad.labels[i], (counts.get(pad.labels[i]) ?? 0) + 1);
  const bars = [...counts].sort((a, b) => b[1] - a[1]).map(([label, count]) => element('li', {},
    element('i', { style: `background: ${pad.data.colours.classes[label % pad.data.colours.classes.length]}; width: ${(100 * count) / rows.length}%` }),
    `${pad.known.names[label]}: ${count}`));
  const shown = rows.slice(0, MOST_SHOWN);
  return [element('p', { class: 'selection' }, element('b', {}, t`${rows.length} points selected`), shown.length < rows.length ? t`, the first ${shown.length} shown` : ''),
    element('ul', {}, ...bars), element('div', { class: 'tiles' }, ...shown.map((i) => small(pad, i)))];
}

function legend(pad) {
  if (pad.colourBy.value !== 'class') {
    const words = (value) => Number(value).toPrecision(3);
    return pad.range ? [element('p', { class: 'ramp' }, words(pad.range[0]), element('i', {}), words(pad.range[1]))] : [];
  }
  return [element('ul', {}, ...pad.known.names.map((name, label) => element('li', {},
    element('i', { style: `background: ${pad.data.colours.classes[label % pad.data.colours.classes.length]}` }), name)))];
}

function small(pad, i) {
  const face = pad.sheets.sheet ? tile(pad, i, 'sheet', '') : document.createTextNode(pad.known.words?.[i] ?? `${i + 1}`);
  return element('button', { title: wordsOf(pad, i), 'aria-label': wordsOf(pad, i),
    onclick: () => { Object.assign(pad, { pinned: i, hovered: null }); showDetail(pad); schedule(pad); } }, face);
}

/* One picture cut out of a sheet: ink whose opacity is the brightness, or greys. */
function tile(pad, i, name, size) {
  const { known, data } = pad, [height, width] = known.tile, image = pad.sheets[name];
  const canvas = element('canvas', { class: size, role: 'img', 'aria-label': wordsOf(pad, i) });
  Object.assign(canvas, { width, height });
  if (!image.complete || !image.naturalWidth) return canvas;
  const pen = canvas.getContext('2d');
  pen.drawImage(image, (i % known.columns) * width, Math.floor(i / known.columns) * height, width, height, 0, 0, width, height);
  if (known.kind !== 'strokes') return canvas;
  const grey = pen.getImageData(0, 0, width, height).data;
  return paint(canvas, Float32Array.from({ length: width * height }, (_, k) => grey[4 * k] / 255), [height, width],
    { colour: name === 'sheet' ? data.colours.ink : data.colours.reconstruction });
}

function save(name, blob) {
  const link = element('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function savePicture(pad) {
  const both = element('canvas', {}), ratio = pad.over.width / Math.max(pad.canvas.clientWidth, 1);
  Object.assign(both, { width: pad.over.width, height: pad.over.height + 24 * ratio });
  const pen = both.getContext('2d');
  Object.assign(pen, { fillStyle: pad.data.colours.paper });
  pen.fillRect(0, 0, both.width, both.height);
  draw(pad);
  pen.drawImage(pad.canvas, 0, 0);
  pen.drawImage(pad.over, 0, 0);
  Object.assign(pen, { fillStyle: pad.data.colours.ink, font: `${11 * ratio}px sans-serif` });
  pen.fillText(pad.data.caption, 8 * ratio, both.height - 8 * ratio);
  both.toBlob((blob) => save('map.png', blob));
}

function saveTable(pad) {
  const [first, second] = pad.data.axes, quoted = (text) => `"${String(text).replaceAll('"', '""')}"`;
  const lines = Array.from({ length: pad.cloud.to.length / 2 }, (_, i) =>
    [i + 1, pad.cloud.to[2 * i], pad.cloud.to[2 * i + 1], quoted(pad.known ? wordsOf(pad, i) : '')].join(','));
  save('map.csv', new Blob([[`row,${quoted(first)},${quoted(second)},what`, ...lines].join('\n')], { type: 'text/csv' }));
}
