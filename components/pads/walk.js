/* From A to B through the codes of two networks: film strips, and a scrubber that plays. */

const WAY = 'The way from A to B among the codes of 1,000 test images. Across: from A to B. Up: the direction in which the codes differ most otherwise.';
const FRAMES = 11, PLANE = 106, ROUNDS = 20, SECONDS = 2.5, COLOURS = { own: 'reconstruction', beside: 'limit' };

export default function ({ parentElement, data }) {
  learn(data.translations);
  const pad = recall(parentElement, 'walk', data, start);
  Object.assign(pad, { data });
  pad.digits = unpack(data.digits);
  for (const name of ['own', 'beside']) pad.films[name].dots = data.codes[name] && unpack(data.codes[name]);
  for (const name of ['own', 'beside'])
    if (pad.versions[name] !== data[name]?.version) {
      pad.versions[name] = data[name]?.version;
      pad[name] = data[name] && unpackLayers(data[name].layers);
    }
  Object.assign(pad.board, { ink: data.colours.ink });
  pad.board.paint();
  pad.ends ??= data.pairs.length ? data.pairs[0].map(taken) : [taken(0), taken(pad.digits.shape[0] - 1)];
  pad.drawing.hidden = !data.draws;
  showChoices(pad);
  walk(pad);
}

const taken = (number) => ({ number });

function start(root) {
  const pad = { root, versions: {}, end: 0, at: 0.5, isSpherical: false, isPlaying: false, redraws: 0, films: {} };
  const board = element('canvas', { class: 'board', role: 'application' });
  pad.board = new Board(board, '#000000', () => {
    pad.ends[pad.end] = { drawn: pad.board.image(pad.data.shape[0], true) };
    schedule(pad);
  });
  pad.drawing = element('div', { class: 'drawing' }, board,
    element('button', { title: t('An empty board'), onclick: () => pad.board.clear() }, t('Clear')));
  pad.choices = element('div', { class: 'choices' });
  pad.scrubber = element('input', {
    type: 'range', min: 0, max: 1, step: 0.01, value: pad.at, 'aria-label': t('from A to B'),
    oninput: ({ target }) => { stop(pad); scrub(pad, Number(target.value)); },
  });
  pad.player = element('button', { class: 'play', title: t('Plays the path from A to B and back'), onclick: () => (pad.isPlaying ? stop(pad) : play(pad)) }, t('▶ Play'));
  pad.kind = element('button', {
    'aria-pressed': 'false', title: t('Along the arc between the two codes instead of the straight line: it keeps their distance from 0 (White 2016)'),
    onclick: () => { pad.isSpherical = !pad.isSpherical; pad.kind.setAttribute('aria-pressed', String(pad.isSpherical)); walk(pad); },
  }, t('Spherical'));
  const films = element('div', { class: 'films' }, ...['own', 'beside'].map((name) => film(pad, name)));
  root.replaceChildren(
    element('div', { class: 'ends' }, pad.drawing, pad.choices),
    films, element('div', { class: 'scrub' }, pad.player, element('b', {}, 'A'), pad.scrubber, element('b', {}, 'B'), pad.kind));
  return pad;
}

function film(pad, name) {
  const parts = { large: element('canvas', { class: 'large' }), title: element('strong', {}), number: element('span', {}) };
  parts.plane = element('canvas', { class: 'plane', role: 'img', 'aria-label': t('The way among the codes of test images'), title: t(WAY) });
  parts.frames = Array.from({ length: FRAMES }, (_, i) => element('canvas', {
    class: 'frame', onclick: () => { stop(pad); scrub(pad, i / (FRAMES - 1)); },
  }));
  pad.films[name] = parts;
  parts.root = element('div', { class: `film ${name}` }, parts.large,
    element('div', {}, element('p', {}, parts.title, ' ', parts.number), element('div', { class: 'frames' }, ...parts.frames)), parts.plane);
  return parts.root;
}

/* What stands at an end; a drawing for images of another size is none. */
function image(pad, { number = 0, drawn }) {
  const found = row(pad.digits, Math.min(number, pad.digits.shape[0] - 1)).values;
  return drawn?.length === found.length ? drawn : found;
}

function showChoices(pad) {
  const ends = [0, 1].map((end) => element('button', {
    'data-id': `end-${end}`, class: 'end', 'aria-pressed': String(pad.end === end), title: t('What you draw or take now becomes this end'),
    onclick: () => { pad.end = end; showChoices(pad); },
  }, element('b', {}, 'AB'[end]), picture(pad.data, image(pad, pad.ends[end]), 'ink')));
  const digits = Array.from({ length: pad.digits.shape[0] }, (_, i) => element('button', {
    'data-id': `digit-${i}`, class: 'digit', title: t`Takes this test image as ${'AB'[pad.end]}`, 'aria-label': t`test image ${i + 1}`,
    onclick: () => { pad.ends[pad.end] = taken(i); showChoices(pad); walk(pad); },
  }, picture(pad.data, row(pad.digits, i).values, 'ink')));
  const pairs = pad.data.pairs.map((pair) => element('button', {
    'data-id': `pair-${pair.join('-')}`, title: t('Takes both ends from the test images'),
    onclick: () => { pad.ends = pair.map(taken); showChoices(pad); walk(pad); },
  }, pair.map((each) => pad.data.names[each]).join(' → ')));
  refill(pad.choices,
    element('div', { class: 'line' }, ...ends, element('span', {}, pad.data.draws ? t`Draw ${'AB'[pad.end]}, or take it:` : t`Take ${'AB'[pad.end]}:`)),
    element('div', { class: 'line' }, ...digits),
    element('div', { class: 'line' }, ...pairs));
}

function schedule(pad) {
  if (pad.isScheduled) return;
  pad.isScheduled = true;
  requestAnimationFrame(() => {
    pad.isScheduled = false;
    showChoices(pad);
    walk(pad);
  });
}

/* A point of the way from a to b: on the line, or on the arc (White 2016). */
function between(a, b, t, isSpherical) {
  const length = (v) => Math.hypot(...v), norms = length(a) * length(b);
  const cosine = norms ? a.reduce((sum, value, j) => sum + value * b[j], 0) / norms : 1;
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine))), isArc = isSpherical && Math.sin(angle) > 1e-4;
  const share = (s) => (isArc ? Math.sin(s * angle) / Math.sin(angle) : s);
  return a.map((value, j) => share(1 - t) * value + share(t) * b[j]);
}

/* Both films anew: A or B, the weights or the kind of way are others. */
function walk(pad) {
  const { split } = pad.data, [a, b] = pad.ends.map((end) => image(pad, end));
  for (const [name, parts] of Object.entries(pad.films)) {
    const layers = pad[name];
    parts.root.classList.toggle('waiting', !layers);
    parts.title.textContent = pad.data.titles[name];
    if (!layers) {
      parts.number.textContent = pad.data.problem || t('is being trained.');
      parts.codes = null;
      continue;
    }
    parts.codes = [a, b].map((x) => forward(layers.slice(0, split), x));
    const shown = parts.frames.map((canvas, i) => {
      const x = decode(pad, name, i / (FRAMES - 1));
      picture(pad.data, x, COLOURS[name], canvas);
      return x;
    });
    const steps = shown.slice(1).map((x, i) => Math.sqrt(x.length * meanSquare(x, shown[i]))), total = steps.reduce((s, step) => s + step, 0);
    parts.number.textContent = total > 1e-6 ? t`largest step ${((steps.length * Math.max(...steps)) / total).toFixed(1)} times the mean one` : t('A and B are one code');
    parts.axes = parts.dots && findPlane(parts.dots, parts.codes);
    parts.number.title = t('How far neighbouring pictures lie apart (Euclidean distance of their pixels). 1: an even way. Larger: somewhere it jumps.');
  }
  scrub(pad, pad.at);
}

function decode(pad, name, t) {
  const [a, b] = pad.films[name].codes;
  return forward(pad[name].slice(pad.data.split), between(a, b, t, pad.isSpherical));
}

function scrub(pad, at) {
  const percent = Math.round(100 * at);
  pad.at = at;
  pad.scrubber.value = at;
  pad.scrubber.setAttribute('aria-valuetext', t('{percent} % of the way from A to B', { percent }));
  for (const [name, parts] of Object.entries(pad.films)) {
    if (!parts.codes) continue;
    picture(pad.data, decode(pad, name, at), COLOURS[name], parts.large);
    named(parts.large, `${pad.data.titles[name]}: ${t('{percent} % of the way from A to B', { percent })}`);
    paintWay(pad, parts, at);
    parts.frames.forEach((canvas, i) => canvas.classList.toggle('now', Math.round(at * (FRAMES - 1)) === i));
  }
  pad.root.dataset.at = at.toFixed(3);
  pad.root.dataset.redraws = ++pad.redraws;
}

const dot = (a, b) => a.reduce((sum, value, j) => sum + value * b[j], 0);

/* A plane through the mean of the codes: across in the direction from A to B, up in the main direction of
   what is left (by power iteration). Returns the mean and the two directions, both of length 1. */
function findPlane({ values, shape: [count, size] }, [a, b]) {
  const unit = (v) => { const length = Math.hypot(...v); return length > 1e-6 ? v.map((value) => value / length) : v.map((_, j) => (j ? 0 : 1)); };
  const middle = new Float32Array(size), across = unit(b.map((value, j) => value - a[j]));
  values.forEach((value, i) => { middle[i % size] += value / count; });
  let up = unit(across.map((value, j) => ((j % 2) - 0.4) * (1 - Math.abs(value)) + 1e-3));
  for (let round = 0; round < ROUNDS && size > 1; round++) {
    const share = dot(up, across), flat = up.map((value, j) => value - share * across[j]), next = new Float32Array(size);
    for (let i = 0; i < count; i++) {
      const z = values.subarray(i * size, (i + 1) * size), along = z.reduce((sum, value, j) => sum + (value - middle[j]) * flat[j], 0);
      for (let j = 0; j < size; j++) next[j] += along * (z[j] - middle[j]);
    }
    const rest = dot(next, across);
    up = unit(next.map((value, j) => value - rest * across[j]));
  }
  return { middle, across, up: size > 1 ? up : across.map(() => 0) };
}

function paintWay(pad, { plane, dots, axes, codes: [a, b] }, t) {
  const ratio = window.devicePixelRatio || 1, context = plane.getContext('2d'), { labels, colours } = pad.data, tints = colours.classes;
  plane.width = plane.height = PLANE * ratio;
  if (!axes) return;
  context.scale(ratio, ratio);
  const flat = (z) => [axes.across, axes.up].map((direction) => direction.reduce((sum, each, j) => sum + each * (z[j] - axes.middle[j]), 0));
  const size = dots.shape[1], all = Array.from({ length: dots.shape[0] }, (_, i) => flat(dots.values.subarray(i * size, (i + 1) * size)));
  const far = Math.max(...all.flat().map(Math.abs), 1e-6);
  const at = ([u, v]) => [((u / far) * 0.48 + 0.5) * PLANE, (0.5 - (v / far) * 0.48) * PLANE];
  const disc = (z, radius, colour) => {
    context.fillStyle = colour;
    context.beginPath();
    context.arc(...at(z), radius, 0, 2 * Math.PI);
    context.fill();
  };
  all.forEach((z, i) => disc(z, 1.1, labels ? tints[labels[i] % tints.length] : colours.limit));
  context.strokeStyle = colours.ink;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let i = 0; i <= 20; i++) context.lineTo(...at(flat(between(a, b, i / 20, pad.isSpherical))));
  context.stroke();
  disc(flat(between(a, b, t, pad.isSpherical)), 4, colours.ink);
}

function play(pad) {
  let [begin, last] = [pad.at >= 1 ? 0 : pad.at, null];
  pad.isPlaying = true;
  pad.player.textContent = t('❚❚ Stop');
  const frame = (now) => {
    if (!pad.root.isConnected) stop(pad);
    if (!pad.isPlaying) return;
    begin += last === null ? 0 : (now - last) / 1000 / SECONDS;
    last = now;
    const phase = begin % 2;
    scrub(pad, phase > 1 ? 2 - phase : phase);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

function stop(pad) {
  pad.isPlaying = false;
  pad.player.textContent = t('▶ Play');
}
