/* Units of a code: which of them fire for an image, and what is lost when they are switched off. */

const MOST_FIRING = 16;

export default function ({ parentElement, data }) {
  learn(data.translations);
  const pad = recall(parentElement, 'units', data, (root) => ({ root, image: 0, sort: 'use' }));
  if (pad.data?.run !== data.run) Object.assign(pad, { off: new Set(), unit: null });
  if (pad.data !== data) Object.assign(pad, { data }, read(data));
  pad.image = Math.min(pad.image, pad.x.shape[0] - 1);
  draw(pad);
}

function read({ layers, x, z, pictures, exciting, by_class }) {
  return {
    layers: unpackLayers(layers), x: unpack(x), z: unpack(z), pictures: unpack(pictures),
    exciting: unpack(exciting), byClass: unpack(by_class),
  };
}

function draw(pad) {
  const z = row(pad.z, pad.image).values, copy = forward(pad.layers, z);
  refill(pad.root,
    images(pad),
    element('div', { class: 'line' }, results(pad, z, copy), firing(pad, z, copy)),
    gallery(pad));
}

function change(pad, changes) {
  Object.assign(pad, changes);
  draw(pad);
}

function toggle(pad, unit) {
  pad.off.has(unit) ? pad.off.delete(unit) : pad.off.add(unit);
  draw(pad);
}

function images(pad) {
  const buttons = Array.from({ length: pad.x.shape[0] }, (_, i) =>
    element('button', {
      'data-id': `image-${i}`, class: i === pad.image ? 'chosen' : '', 'aria-pressed': i === pad.image,
      'aria-label': t`test image ${i + 1}`, title: t('Which units fire for this one?'),
      onclick: () => change(pad, { image: i }),
    }, input(pad, row(pad.x, i).values)));
  return element('div', { class: 'tiles images' }, ...buttons);
}

function results(pad, z, copy) {
  const x = row(pad.x, pad.image).values, { colours } = pad.data;
  const kept = z.map((value, j) => (pad.off.has(j) ? 0 : value)), rest = forward(pad.layers, kept);
  const lost = copy.map((value, i) => value - rest[i]);
  const off = pad.off.size ? t`without ${pad.off.size}` : t('nothing is off');
  return element('div', { class: 'results' },
    figure(t('test image'), input(pad, x), ''),
    figure(t('its copy'), picture(pad.data, copy, 'reconstruction'), error(x, copy)),
    figure(off, picture(pad.data, rest, 'reconstruction'), error(x, rest)),
    figure(t('what is lost'), signed(pad, lost, 1), ''));
}

function error(x, copy) {
  return t`error ${meanSquare(x, copy).toFixed(4)}`;
}

function firing(pad, z, copy) {
  const order = Array.from(z.keys()).sort((a, b) => Math.abs(z[b]) - Math.abs(z[a]));
  const highest = Math.max(Math.abs(z[order[0]]), 1e-7);
  const tiles = order.slice(0, MOST_FIRING).filter((j) => Math.abs(z[j]) > 1e-3).map((j) => {
    const without = forward(pad.layers, z.map((value, i) => (i === j ? 0 : value)));
    const stroke = copy.map((value, i) => value - without[i]), isOff = pad.off.has(j);
    const level = element('i', { style: `width: ${(100 * Math.abs(z[j])) / highest}%` });
    return element('button', {
      'data-id': `firing-${j}`, class: isOff ? 'off' : '', 'aria-pressed': !isOff,
      'aria-label': t`unit ${j + 1}, activation ${z[j].toFixed(2)}`,
      title: t`Unit ${j + 1}, activation ${z[j].toFixed(3)}: what it adds here. Click: off, or on.`,
      onclick: () => toggle(pad, j),
    }, signed(pad, stroke, Math.max(...stroke.map(Math.abs), 1e-7)), element('s', {}, level));
  });
  return element('div', { class: 'firing' },
    element('p', {}, tiles.length ? t('The units that fire most for it. Click to switch one off. ') : t('No unit fires. '),
      element('button', {
        'data-id': 'all', class: 'word', disabled: pad.off.size ? undefined : '', onclick: () => change(pad, { off: new Set() }),
      }, t('All on'))),
    element('div', { class: 'tiles' }, ...tiles));
}

function gallery(pad) {
  const { numbers, class_names: names, colours: { classes: tints } } = pad.data;
  const favourites = numbers.map((_, u) => favourite(pad, u)), order = [...numbers.keys()];
  if (pad.sort === 'class')
    order.sort((a, b) => favourites[a].label - favourites[b].label || favourites[b].share - favourites[a].share);
  const tiles = order.map((u) => {
    const name = names[favourites[u].label], strongest = row(pad.pictures, u).values;
    const tint = tints[favourites[u].label % tints.length];
    return element('button', {
      'data-id': `unit-${u}`, class: pad.unit === numbers[u] ? 'chosen' : '', 'aria-pressed': pad.unit === numbers[u],
      'aria-label': t`unit ${numbers[u] + 1}`,
      title: name ? t`Unit ${numbers[u] + 1}, most active for ${name}` : t`Unit ${numbers[u] + 1}`,
      onclick: () => change(pad, { unit: numbers[u] }),
    }, signed(pad, strongest, 1), name ? element('b', { style: `border-color: ${tint}` }, name.slice(0, 6)) : '');
  });
  return element('div', { class: 'line' },
    element('div', { class: 'gallery' },
      element('p', {}, t`What each unit draws when it alone is active, ${numbers.length} of ${pad.data.size} (the most used, and those that prefer one class): `,
        ...(names.length ? [sorter(pad, 'use', t('most used first')), sorter(pad, 'class', t('by class'))] : [t('most used first')])),
      element('div', { class: 'tiles' }, ...tiles)),
    detail(pad, names, tints));
}

function sorter(pad, sort, words) {
  return element('button', {
    'data-id': sort, class: 'word' + (pad.sort === sort ? ' chosen' : ''), 'aria-pressed': pad.sort === sort,
    onclick: () => change(pad, { sort }),
  }, words);
}

function favourite(pad, u) {
  if (!pad.data.class_names.length) return { label: 0, share: 0 };
  const means = row(pad.byClass, u).values, label = means.indexOf(Math.max(...means));
  return { label, share: means[label] / Math.max(means.reduce((a, b) => a + b), 1e-7) };
}

function detail(pad, names, tints) {
  const unit = pad.unit, u = pad.data.numbers.indexOf(unit);
  if (u < 0)
    return element('p', { class: 'detail' }, t('Choose a unit: the images that activate it most will appear here.'));
  const all = row(pad.exciting, u);
  const found = Array.from({ length: all.shape[0] }, (_, i) => input(pad, row(all, i).values));
  const means = names.length ? Array.from(row(pad.byClass, u).values) : [];
  const highest = Math.max(...means, 1e-7), byName = means.map((mean, label) => `${names[label]} ${mean.toFixed(2)}`).join(', ');
  const bars = means.map((mean, label) => element('span', { title: t`${names[label]}: mean activation ${mean.toFixed(3)}` },
    element('i', { style: `height: ${(100 * mean) / highest}%; background: ${tints[label % tints.length]}` }),
    element('b', {}, names[label].slice(0, 2))));
  return element('div', { class: 'detail' },
    element('p', {}, t`Unit ${unit + 1}: the test images that excite it most `,
      element('button', { 'data-id': 'switch', class: 'word', onclick: () => toggle(pad, unit) },
        pad.off.has(unit) ? t('Switch on') : t('Switch off'))),
    element('div', { class: 'tiles', role: 'img', 'aria-label': t('{count} test images', { count: found.length }) }, ...found),
    bars.length ? element('div', { class: 'classes', role: 'img', 'aria-label': t`Mean activation by class: ${byName}` }, ...bars) : '');
}

function figure(words, canvas, number) {
  return element('figure', {}, named(canvas, `${words} ${number}`), element('figcaption', {}, words, element('b', {}, number)));
}

function input(pad, values) {
  return picture(pad.data, values, 'ink');
}

/* What a unit adds: ink where it adds any; greys where it may also take away. */
function signed(pad, values, scale) {
  const { kind, shape, colours } = pad.data;
  const shown = kind === 'strokes' || kind === 'numbers' ? 'strokes' : 'contrasts';
  return paint(element('canvas', {}), values.map((value) => value / scale), shape, { kind: shown, colour: colours.latents });
}
