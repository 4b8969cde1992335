/* A dense network and its small pictures, from the arrays that Python has packed.
   Joined in front of every pad: what a pad is made of, too. */

const SELU = [1.0507009873554805, 1.6732632423543772];
const ACTIVATIONS = {
  linear: (v) => v,
  relu: (v) => Math.max(v, 0),
  selu: (v) => SELU[0] * (v > 0 ? v : SELU[1] * (Math.exp(v) - 1)),
  sigmoid: (v) => 1 / (1 + Math.exp(-v)),
  tanh: Math.tanh,
};

/* { base64, dtype, shape } -> { values: Float32Array, shape } */
function unpack({ base64, dtype, shape }) {
  const { buffer } = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const values =
    dtype === 'float16' ? Float32Array.from(new Uint16Array(buffer), half) : new Float32Array(buffer);
  return { values, shape };
}

function half(bits) {
  const sign = bits >> 15 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = (bits & 1023) / 1024;
  return sign * (exponent ? (1 + fraction) * 2 ** (exponent - 15) : fraction * 2 ** -14);
}

/* Row number i of an array [N, ...], itself an array without the first dimension. */
function row({ values, shape }, i) {
  const size = shape.slice(1).reduce((a, b) => a * b, 1);
  return { values: values.subarray(i * size, (i + 1) * size), shape: shape.slice(1) };
}

/* What leaves a stack of layers { kernel [D, U], bias [U], activation } for one row x [D]. */
function forward(layers, x) {
  return layers.reduce(dense, x);
}

function dense(x, { kernel, bias, activation }) {
  const units = bias.values.length, sums = Float32Array.from(bias.values);
  for (let i = 0; i < x.length; i++) {
    if (x[i] === 0) continue;
    for (let j = 0, at = i * units; j < units; j++, at++) sums[j] += x[i] * kernel.values[at];
  }
  return sums.map(ACTIVATIONS[activation]);
}

function unpackLayers(layers) {
  return layers.map((layer) => ({
    kernel: unpack(layer.kernel), bias: unpack(layer.bias), activation: layer.activation,
  }));
}

function meanSquare(a, b) {
  return a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length;
}

/* Draws values [H * W] on a canvas: ink of a colour on an empty ground, or greys for photographs
   (0 to 1) and contrasts (-1 to 1). */
function paint(canvas, values, [height, width], { kind = 'strokes', colour = '#000000' } = {}) {
  const image = new ImageData(width, height);
  const ink = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  values.forEach((value, i) => {
    const level = 255 * Math.min(1, Math.max(0, kind === 'contrasts' ? (1 + value) / 2 : value));
    image.data.set(kind === 'strokes' ? [...ink, level] : [level, level, level, 255], 4 * i);
  });
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}

/* The same for a row of the page's data { kind, highest, shape, colours }, in a colour by its name. */
function picture({ kind, highest, shape, colours }, x, colour, canvas = element('canvas', {})) {
  const scaled = kind === 'contrasts' ? x.map((value) => value / highest) : x;
  return paint(canvas, scaled, shape, { kind: kind === 'numbers' ? 'strokes' : kind, colour: colours[colour] });
}

/* An element with attributes and handlers (onclick, ...); children are elements or plain text.
   A canvas without a role is told nothing of, until `named`. */
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) made[name] = value;
    else if (value !== undefined) made.setAttribute(name, value);
  }
  if (tag === 'canvas' && !attributes.role) made.setAttribute('aria-hidden', 'true');
  made.append(...children);
  return made;
}

/* Puts new children into an element; what had the focus (by its data-id) keeps it. */
function refill(parent, ...children) {
  const id = parent.getRootNode().activeElement?.dataset.id;
  parent.replaceChildren(...children);
  if (id) parent.querySelector(`[data-id="${id}"]`)?.focus();
}

let translations = {};

/* Takes in what the pad says in the visitor's language. */
function learn(words) {
  translations = words;
}

/* t('Clear'), t('{n} of {of}', { n, of }) or t`${n} points` in the visitor's language; English, with {} for the values
   of a template, is the key. */
function t(english, ...values) {
  const key = typeof english === 'string' ? english : english.join('{}'), named = typeof english === 'string' ? values[0] : values;
  let next = 0;
  return (translations[key] ?? key).replace(/\{(\w*)\}/g, (_, name) => named[name === '' ? next++ : name]);
}
