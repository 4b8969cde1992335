/* The plane of codes: digits as dots in their clouds, and whatever lies under the pointer decoded. */

const SIDE = 440, NEAR = 10, CELLS = 20, LEAST_REACH = 3.5, WIDER = 1.3, MOST_SLIDERS = 18, LEAST_SLIDER = 4, TURN = 2 * Math.PI;

export default function ({ parentElement, data }) {
  learn(data.translations);
  const pad = recall(parentElement, 'latent_map', data, start);
  if (pad.data === data) return;
  const size = data.mean.shape[1];
  if (size !== pad.size) Object.assign(pad, { axes: [], z: new Float32Array(size), pointer: null, hasChosen: false });
  Object.assign(pad, {
    data, size, layers: unpackLayers(data.layers), mean: unpack(data.mean), logVar: unpack(data.log_var),
  });
  pad.plane.setAttribute('aria-label', t('Map of the codes: arrow keys move the pinned code, with Shift farther; Enter takes the dot beside it'));
  pad.told = information(pad);
  pad.order = [...pad.told.keys()].sort((a, b) => pad.told[b] - pad.told[a]);
  if (!pad.hasChosen) pad.axes = axesOf(pad);
  if (pad.sprite.src !== data.sprite) pad.sprite.src = data.sprite;
  settle(pad);
}

/* After new weights, other axes or another sheet: everything is drawn anew. */
function settle(pad) {
  pad.reach = reach(pad);
  pad.paper = getComputedStyle(pad.root).getPropertyValue('--st-background-color') || '#FFFFFF';
  showControls(pad);
  paintGround(pad);
  paintSheet(pad);
  redraw(pad);
}

function start(root) {
  const canvas = (name, label) => element('canvas', { class: name, role: 'img', 'aria-label': label });
  const pad = {
    root, sprite: new Image(), plane: element('canvas', { class: 'plane', role: 'application', tabindex: '0' }),
    decoded: canvas('decoded', t('What the decoder paints here')), near: canvas('near', t('The test image nearest to the pointer')),
    ground: document.createElement('canvas'), sheet: document.createElement('canvas'), words: element('figcaption', {}),
    nearWords: element('figcaption', {}), timing: element('p', { class: 'timing' }), controls: element('div', { class: 'controls' }),
    redraws: 0, times: [], showsSheet: true, showsClouds: false,
  };
  pad.sprite.onload = () => redraw(pad);
  listen(pad);
  root.replaceChildren(
    element('div', { class: 'map' }, pad.plane),
    element('div', { class: 'side' },
      element('div', { class: 'pictures' },
        element('figure', {}, pad.decoded, pad.words), element('figure', { class: 'real' }, pad.near, pad.nearWords)),
      pad.controls, pad.timing));
  return pad;
}

/* Hovering previews, leaving restores, pressing or dragging pins. */
function listen(pad) {
  const { plane } = pad;
  plane.addEventListener('pointermove', (event) => {
    pad.pointer = place(pad, event);
    if (event.buttons) pin(pad, pad.pointer);
    redraw(pad);
  });
  plane.addEventListener('pointerdown', (event) => {
    plane.setPointerCapture(event.pointerId);
    pad.pointer = place(pad, event);
    pin(pad, pad.pointer);
    take(pad, nearest(pad, pad.pointer));
    redraw(pad);
  });
  for (const end of ['pointerleave', 'pointercancel'])
    plane.addEventListener(end, () => { pad.pointer = null; redraw(pad); });
  plane.addEventListener('keydown', (event) => {
    const arrow = ARROWS[event.key], here = [pad.z[pad.axes[0]], pad.z[pad.axes[1]] ?? 0];
    if (event.key === 'Escape') plane.blur();
    if (!arrow && event.key !== 'Enter') return;
    event.preventDefault();
    pad.pointer = null;
    const step = (pad.reach / 40) * (event.shiftKey ? 5 : 1);
    if (arrow) pin(pad, [here[0] + arrow[0] * step, here[1] - arrow[1] * step]);
    else take(pad, nearest(pad, here));
    redraw(pad);
    speak(plane, `${pad.words.textContent}. ${pad.nearWords.textContent}`);
  });
}

/* Pins the whole code of a dot. */
function take(pad, i) {
  if (i < 0) return;
  pad.z = Float32Array.from(row(pad.mean, i).values);
  if (pad.size > 2) settle(pad);
}

function pin(pad, [u, v]) {
  pad.z = code(pad, u, v);
}

/* The pinned code with other values on the two axes. */
function code(pad, u, v) {
  const z = Float32Array.from(pad.z);
  pad.axes.forEach((axis, i) => { z[axis] = i ? v : u; });
  return z;
}

function place({ plane, reach }, { clientX, clientY }) {
  const { left, top, width, height } = plane.getBoundingClientRect();
  return [(2 * (clientX - left) / width - 1) * reach, (1 - 2 * (clientY - top) / height) * reach];
}

function pixel({ reach }, [u, v]) {
  return [((u / reach + 1) / 2) * SIDE, ((1 - v / reach) / 2) * SIDE];
}

/* Where dot i lies on the two axes; with a single latent, classes lie one above the other. */
function dot(pad, i) {
  const at = i * pad.size, { values } = pad.mean, { labels, class_names: names } = pad.data;
  if (pad.size > 1) return [values[at + pad.axes[0]], values[at + pad.axes[1]]];
  return [values[at], labels ? pad.reach * (1.6 * (labels[i] + 0.5) / names.length - 0.8) : 0];
}

function sigmas(pad, i) {
  const deviation = (axis) => Math.exp(pad.logVar.values[i * pad.size + axis] / 2);
  return [deviation(pad.axes[0]), pad.size > 1 ? deviation(pad.axes[1]) : 0];
}

/* The two latents that tell most, until the visitor chooses; those on the map stay while they tell half as much. */
function axesOf({ axes, order, told, size }) {
  const most = order.slice(0, 2), isAlive = (axis) => 2 * told[axis] >= told[most.at(-1)];
  if (axes.length && axes.every(isAlive)) return axes;
  return size > 1 ? most.sort((a, b) => a - b) : [0];
}

/* What each latent tells of an image: its latent loss, summed over the dots. */
function information({ mean, logVar, size }) {
  const told = new Float64Array(size);
  mean.values.forEach((mu, at) => {
    const log = logVar.values[at];
    told[at % size] += mu * mu + Math.exp(log) - 1 - log;
  });
  return told;
}

/* How far the axes go from 0: far enough for 98 of 100 dots, in steps, so that they rarely move. */
function reach(pad) {
  const far = Array.from({ length: pad.mean.shape[0] }, (_, i) =>
    Math.max(...pad.axes.map((axis) => Math.abs(pad.mean.values[i * pad.size + axis])))).sort((a, b) => a - b);
  const needed = far[Math.floor(0.98 * (far.length - 1))];
  let found = LEAST_REACH;
  while (found < needed) found *= WIDER;
  return found;
}

/* The dot under the pointer, or -1. */
function nearest(pad, at) {
  const [x, y] = pixel(pad, at);
  let [best, least] = [-1, NEAR ** 2];
  for (let i = 0; i < pad.mean.shape[0]; i++) {
    const [a, b] = pixel(pad, dot(pad, i)), far = (a - x) ** 2 + (b - y) ** 2;
    if (far < least) [best, least] = [i, far];
  }
  return best;
}

function redraw(pad) {
  const shown = pad.pointer ? code(pad, ...pad.pointer) : pad.z, started = performance.now();
  const x = forward(pad.layers, shown);
  pad.times = [...pad.times.slice(-49), performance.now() - started];
  picture(pad.data, x, 'reconstruction', pad.decoded);
  const at = [shown[pad.axes[0]], pad.size > 1 ? shown[pad.axes[1]] : pad.pointer?.[1] ?? 0];
  const near = nearest(pad, at);
  paintPlane(pad, at, near);
  showNear(pad, near);
  pad.words.textContent = `${pad.pointer ? t('under the pointer') : t('pinned')}: ` +
    pad.axes.map((axis) => `z${axis + 1} = ${shown[axis].toFixed(2)}`).join(', ');
  const mean = pad.times.reduce((a, b) => a + b) / pad.times.length;
  pad.timing.textContent = t`Decoded in your browser in ${mean.toFixed(1)} ms.`;
  pad.root.dataset.redraws = ++pad.redraws;
}

/* The test image of a dot, cut from the sheet of all of them. */
function showNear(pad, i) {
  const [height, width] = pad.data.shape, { near, sprite, data } = pad, context = near.getContext('2d');
  near.width = 2 * width;
  near.height = 2 * height;
  pad.root.dataset.near = i;
  if (i < 0 || !sprite.complete || !sprite.naturalWidth) {
    pad.nearWords.textContent = t('Point at a dot: its image will appear here.');
    return;
  }
  const column = i % data.columns, line = (i - column) / data.columns;
  context.drawImage(sprite, column * 2 * (width + 1), line * 2 * (height + 1), 2 * width, 2 * height, 0, 0, 2 * width, 2 * height);
  const name = data.labels ? t`, class ${data.class_names[data.labels[i]]}` : '', [a, b] = sigmas(pad, i);
  pad.nearWords.textContent = t`test image${name}: σ = ${a.toFixed(2)}${pad.size > 1 ? `, ${b.toFixed(2)}` : ''}`;
}

function sharp(canvas) {
  const ratio = window.devicePixelRatio || 1, context = canvas.getContext('2d');
  canvas.width = canvas.height = SIDE * ratio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/* What does not depend on the pointer: sheet, rings of the prior, dots, names, axes. */
function paintGround(pad) {
  const context = sharp(pad.ground), { data } = pad;
  if (pad.showsSheet) {
    Object.assign(context, { imageSmoothingEnabled: false, globalAlpha: 0.55 });
    context.drawImage(pad.sheet, 0, 0, SIDE, SIDE);
    context.globalAlpha = 1;
  }
  Object.assign(context, { strokeStyle: data.colours.limit, lineWidth: 1 });
  context.setLineDash([4, 4]);
  for (const radius of [1, 2]) ellipse(context, pad, [0, 0], [radius, pad.size > 1 ? radius : 0]);
  context.setLineDash([]);
  for (let i = 0; i < pad.mean.shape[0]; i++) paintDot(context, pad, i);
  if (data.labels) paintNames(context, pad);
  paintAxes(context, pad);
}

function ellipse(context, pad, at, [a, b]) {
  const scale = SIDE / (2 * pad.reach);
  context.beginPath();
  context.ellipse(...pixel(pad, at), Math.max(a * scale, 1), Math.max(b * scale, 1), 0, 0, TURN);
  context.stroke();
}

function tint({ data }, i) {
  return data.labels ? data.colours.classes[data.labels[i] % data.colours.classes.length] : data.colours.latents;
}

function paintDot(context, pad, i) {
  context.fillStyle = context.strokeStyle = tint(pad, i);
  if (pad.showsClouds) {
    context.globalAlpha = 0.3;
    ellipse(context, pad, dot(pad, i), sigmas(pad, i));
    context.globalAlpha = 1;
  }
  context.beginPath();
  context.arc(...pixel(pad, dot(pad, i)), 2.4, 0, TURN);
  context.fill();
}

/* Each class by its name in the middle of its dots: colour alone shall tell nothing. */
function paintNames(context, pad) {
  const { labels, class_names: names, colours } = pad.data;
  const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  Object.assign(context, { font: '600 15px sans-serif', textAlign: 'center', textBaseline: 'middle', lineWidth: 4, lineJoin: 'round' });
  names.forEach((name, label) => {
    const own = labels.flatMap((each, i) => (each === label ? [dot(pad, i)] : []));
    if (!own.length) return;
    const at = pixel(pad, [middle(own.map(([u]) => u)), middle(own.map(([, v]) => v))]);
    context.strokeStyle = pad.paper;
    context.fillStyle = colours.ink;
    context.strokeText(name.slice(0, 12), ...at);
    context.fillText(name.slice(0, 12), ...at);
  });
}

function paintAxes(context, pad) {
  const step = [1, 2, 5, 10, 20, 50, 100].find((each) => pad.reach / each <= 6) ?? pad.reach / 4;
  Object.assign(context, { fillStyle: pad.data.colours.ink, strokeStyle: pad.paper, font: '11px sans-serif', textAlign: 'center', textBaseline: 'middle', lineWidth: 3 });
  const write = (text, x, y) => { context.strokeText(text, x, y); context.fillText(text, x, y); };
  for (let value = -Math.floor(pad.reach / step) * step; value < pad.reach; value += step) {
    const [x, y] = pixel(pad, [value, value]);
    write(String(value), x, SIDE - 8);
    if (pad.size > 1 && y < SIDE - 24 && y > 24) write(String(value), 14, y);
  }
  context.font = '600 12px sans-serif';
  write(`z${pad.axes[0] + 1} →`, SIDE - 22, SIDE - 24);
  write(pad.size > 1 ? `↑ z${pad.axes[1] + 1}` : t('by class'), 24, 12);
}

/* The ground, the cloud of the dot under the pointer (μ ± σ, μ ± 2 σ), and where the code is. */
function paintPlane(pad, at, near) {
  const context = sharp(pad.plane), { data: { colours }, paper } = pad;
  context.drawImage(pad.ground, 0, 0, SIDE, SIDE);
  if (near >= 0) {
    context.strokeStyle = context.fillStyle = tint(pad, near);
    const [a, b] = sigmas(pad, near);
    context.lineWidth = 2.5;
    ellipse(context, pad, dot(pad, near), [a, b]);
    context.setLineDash([3, 3]);
    context.lineWidth = 1.5;
    ellipse(context, pad, dot(pad, near), [2 * a, 2 * b]);
    context.setLineDash([]);
  }
  for (const [width, colour] of [[5, paper], [2, colours.ink]]) {
    Object.assign(context, { lineWidth: width, strokeStyle: colour });
    const [x, y] = pixel(pad, at);
    context.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(x + 4 * dx, y + 4 * dy);
      context.lineTo(x + 11 * dx, y + 11 * dy);
    }
    context.stroke();
  }
}

/* 20 × 20 codes of the plane decoded, a line of them a frame, so that the pointer never waits. */
function paintSheet(pad) {
  const turn = (pad.sheetTurn = {}), [height, width] = pad.data.shape, { sheet } = pad;
  if (sheet.width !== CELLS * width || sheet.height !== CELLS * height)
    Object.assign(sheet, { width: CELLS * width, height: CELLS * height });
  const centre = (i) => ((2 * i + 1) / CELLS - 1) * pad.reach, small = document.createElement('canvas');
  const line = (i) => {
    if (pad.sheetTurn !== turn || !pad.showsSheet || !pad.root.isConnected) return;
    for (let j = 0; j < CELLS; j++) {
      picture(pad.data, forward(pad.layers, code(pad, centre(j), -centre(i))), 'reconstruction', small);
      sheet.getContext('2d').clearRect(j * width, i * height, width, height);
      sheet.getContext('2d').drawImage(small, j * width, i * height);
    }
    pad.root.dataset.lines = i + 1;
    paintGround(pad);
    redraw(pad);
    if (i + 1 < CELLS) requestAnimationFrame(() => line(i + 1));
  };
  line(0);
}

function showControls(pad) {
  const button = (name, words, title) => element('button', {
    'data-id': name, title, 'aria-pressed': String(pad[name]), onclick: () => { pad[name] = !pad[name]; settle(pad); },
  }, words);
  const axes = pad.size > 2 ? pad.axes.map((axis, i) => chooser(pad, axis, i)) : [];
  refill(pad.controls,
    button('showsSheet', t('Decoded plane'), t`${CELLS} × ${CELLS} codes of the plane, decoded, behind the dots`),
    button('showsClouds', t('All distributions'), t('The ellipse μ ± σ of every digit')),
    toMiddle(pad), ...axes, ...sliders(pad));
}

function toMiddle(pad) {
  return element('button', {
    'data-id': 'origin', title: t('Pins the centre of the prior'), onclick: () => { pad.z = new Float32Array(pad.size); settle(pad); },
  }, t('To the centre'));
}

function chooser(pad, axis, i) {
  const options = pad.order.map((each) => element('option', { value: each, selected: each === axis ? '' : undefined }, `z${each + 1}`));
  return element('label', {}, i ? t('up ') : t('across '), element('select', {
    'data-id': `axis-${i}`, title: t('Which latent this axis shows; those with the most information come first'),
    onchange: ({ target }) => {
      const chosen = Number(target.value);
      if (pad.axes[1 - i] === chosen) pad.axes[1 - i] = axis;
      pad.axes[i] = chosen;
      pad.hasChosen = true;
      settle(pad);
    },
  }, ...options));
}

/* How far the slider of a latent goes from 0: to the farthest dot, but not less than four sigmas of the prior. */
function sliderReach({ mean, size }, axis) {
  return Math.ceil(mean.values.reduce((far, mu, at) => (at % size === axis ? Math.max(far, Math.abs(mu)) : far), LEAST_SLIDER));
}

/* The latents that are on no axis, at most 18, those that tell most first. */
function sliders(pad) {
  const others = pad.order.filter((axis) => !pad.axes.includes(axis)), shown = others.slice(0, MOST_SLIDERS);
  if (!shown.length) return [];
  const left = others.length - shown.length;
  const words = left ? t`Sliders for the others, without the ${left} that hold the least information:` : t('Sliders for the others:');
  return [element('p', {}, words), element('div', { class: 'sliders' }, ...shown.map((axis) => {
    const value = element('b', {}, pad.z[axis].toFixed(1)), far = sliderReach(pad, axis);
    return element('label', {}, `z${axis + 1}`, element('input', {
      type: 'range', min: -far, max: far, step: 0.1, value: pad.z[axis], 'data-id': `slider-${axis}`, 'aria-label': t`latent ${axis + 1}`,
      oninput: ({ target }) => {
        pad.z = Float32Array.from(pad.z);
        pad.z[axis] = Number(target.value);
        value.textContent = pad.z[axis].toFixed(1);
        redraw(pad);
        paintSheet(pad);
      },
    }), value);
  }))];
}
