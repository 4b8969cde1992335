/* One digit on its way: mu and sigma, a drawn epsilon, the code z = mu + sigma · epsilon, its picture. */

const MOST_LATENTS = 6, MANY = 12, BELL = [180, 38], WIDEST = 3.5;

export default function ({ parentElement, data }) {
  learn(data.translations);
  const pad = recall(parentElement, 'inside', data, (root) => ({ root, image: 0, seed: 1 }));
  if (pad.data !== data)
    Object.assign(pad, { data, layers: unpackLayers(data.layers), x: unpack(data.x), mean: unpack(data.mean), logVar: unpack(data.log_var) });
  pad.image = Math.min(pad.image, pad.x.shape[0] - 1);
  draw(pad);
}

function change(pad, changes) {
  Object.assign(pad, changes);
  draw(pad);
}

/* Standard normal numbers (Box and Muller 1958), the same ones for a seed. */
function normals(count, seed) {
  const next = generator(seed);
  return Float32Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()));
}

function draw(pad) {
  const mean = row(pad.mean, pad.image).values, logVar = row(pad.logVar, pad.image).values;
  const sample = (seed) => {
    const epsilon = normals(mean.length, seed);
    return { epsilon, z: mean.map((mu, j) => mu + Math.exp(logVar[j] / 2) * epsilon[j]) };
  };
  const now = sample(pad.seed), many = Array.from({ length: MANY }, (_, i) => sample(pad.seed + i).z);
  refill(pad.root,
    images(pad),
    element('div', { class: 'way' },
      figure(t('x, the test image'), picture(pad.data, row(pad.x, pad.image).values, 'ink')),
      element('i', {}, '→'), numbers(pad, mean, logVar, now), element('i', {}, '→'),
      figure(t('decoded from z'), picture(pad.data, forward(pad.layers, now.z), 'reconstruction')),
      figure(t('decoded from μ, no ε'), picture(pad.data, forward(pad.layers, mean), 'reconstruction'))),
    element('p', {}, t`The same image ${MANY} times, each with another ε, as the decoder meets it in training:`),
    element('div', { class: 'tiles' }, ...many.map((z) => picture(pad.data, forward(pad.layers, z), 'reconstruction'))));
  pad.root.dataset.seed = pad.seed;
}

function images(pad) {
  const buttons = Array.from({ length: pad.x.shape[0] }, (_, i) => element('button', {
    'data-id': `image-${i}`, class: 'tile', 'aria-pressed': String(i === pad.image), 'aria-label': t`test image ${i + 1}`,
    title: t('Into which distribution does this one go?'), onclick: () => change(pad, { image: i }),
  }, picture(pad.data, row(pad.x, i).values, 'ink')));
  const again = element('button', {
    'data-id': 'again', class: 'word', title: t('Draws another ε from N(0, 1)'), onclick: () => change(pad, { seed: pad.seed + MANY }),
  }, t('Resample ε'));
  return element('div', { class: 'tiles' }, ...buttons, again);
}

/* A line a latent: mu, log sigma², sigma, epsilon, z, and the bell from which z was drawn. */
function numbers(pad, mean, logVar, { epsilon, z }) {
  const told = (j) => mean[j] ** 2 + Math.exp(logVar[j]) - 1 - logVar[j];
  const order = Array.from(mean.keys()).sort((a, b) => told(b) - told(a)), shown = order.slice(0, MOST_LATENTS);
  const cell = (value) => element('td', {}, value.toFixed(2));
  const lines = shown.map((j) => element('tr', {}, element('th', {}, `z${j + 1}`),
    cell(mean[j]), cell(logVar[j]), cell(Math.exp(logVar[j] / 2)), cell(epsilon[j]), cell(z[j]),
    element('td', {}, bell(pad, mean[j], Math.exp(logVar[j] / 2), z[j]))));
  const heads = ['', 'μ', 'log σ²', 'σ', 'ε', 'z = μ + σ ε', t('prior (dashed), distribution, z')].map((name) => element(name ? 'th' : 'td', {}, name));
  const left = order.length - shown.length;
  return element('div', { class: 'numbers' },
    element('table', {}, element('tr', {}, ...heads), ...lines),
    left ? element('p', {}, t`and ${left} more, with less information about this image`) : '');
}

/* N(0, 1) dashed, N(mu, sigma²) above it, each at its own height, and a tick at z. */
function bell({ data }, mu, sigma, z) {
  const canvas = element('canvas', { class: 'bell', role: 'img', 'aria-label': t`distribution at ${mu.toFixed(2)}, width ${sigma.toFixed(2)}` });
  const ratio = window.devicePixelRatio || 1, [width, height] = BELL, context = canvas.getContext('2d');
  [canvas.width, canvas.height] = [width * ratio, height * ratio];
  context.scale(ratio, ratio);
  const wide = Math.max(WIDEST, Math.abs(mu) + 3 * sigma), across = (u) => ((u / wide + 1) / 2) * width;
  const curve = (middle, spread, colour, dash) => {
    context.beginPath();
    context.setLineDash(dash);
    Object.assign(context, { strokeStyle: colour, lineWidth: 1.6 });
    for (let x = 0; x <= width; x += 0.5) {
      const u = (2 * x / width - 1) * wide;
      context.lineTo(x, height - 3 - (height - 6) * Math.exp(-0.5 * ((u - middle) / spread) ** 2));
    }
    context.stroke();
  };
  curve(0, 1, data.colours.limit, [3, 3]);
  curve(mu, Math.max(sigma, 1e-3), data.colours.latents, []);
  context.setLineDash([]);
  context.fillStyle = data.colours.reconstruction;
  context.fillRect(across(z) - 1, 4, 2, height - 7);
  return canvas;
}

function figure(words, canvas) {
  return element('figure', {}, named(canvas, words), element('figcaption', {}, words));
}
