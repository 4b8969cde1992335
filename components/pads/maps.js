/* Small maps side by side; as a film, one map whose points glide from each to the next. */

const SMALL = 190, FILM = 380, GLIDE = 900, REST = 500;

export default function ({ parentElement, data }) {
  learn(data.translations);
  const pad = (parentElement.pad ??= { root: parentElement.querySelector('.maps'), at: 0, frames: {} });
  const labels = data.labels && unpack(data.labels).values;
  const maps = data.maps.map((each) => ({ ...each, values: each.positions && unpack(each.positions).values }));
  Object.assign(pad, { data, labels, maps });
  const figures = maps.map((each) => element('figure', {}, element('figcaption', {}, element('b', {}, each.title), each.words),
    each.values ? small(pad, each) : element('div', { class: 'empty' }, each.problem || t('on its way'))));
  const ready = data.film && maps.every((each) => each.values);
  if (ready && !pad.film) startFilm(pad);
  if (!ready) pad.film = null;
  const grid = element('div', { class: 'grid', style: `--columns: ${data.columns}` }, ...figures);
  pad.root.replaceChildren(grid, ...(pad.film ? [pad.film] : []));
  pad.root.dataset.maps = maps.filter((each) => each.values).length;
  if (pad.film) showFilm(pad);
}

function small(pad, { values, title }) {
  const canvas = named(element('canvas', {}), `${title}. ${pad.data.alt}`);
  canvas.width = canvas.height = 2 * SMALL;
  dots(pad, canvas, values, reach(values));
  return canvas;
}

function reach(values) {
  return 1.2 * values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
}

function dots(pad, canvas, values, most) {
  const pen = canvas.getContext('2d'), { width } = canvas, scale = width / 2 / most, size = width < 500 ? 5 : 7;
  pen.clearRect(0, 0, width, width);
  for (let i = 0; i < values.length / 2; i++) {
    pen.fillStyle = pad.labels ? pad.data.colours.classes[pad.labels[i] % pad.data.colours.classes.length] : pad.data.colours.reconstruction;
    pen.fillRect(width / 2 + scale * values[2 * i] - size / 2, width / 2 - scale * values[2 * i + 1] - size / 2, size, size);
  }
  Object.assign(pen, { fillStyle: pad.data.colours.limit, font: `${width < 500 ? 18 : 22}px sans-serif`, textAlign: 'center' });
  pen.fillText(pad.data.axes[0], width / 2, width - 6);
  pen.save();
  pen.translate(18, width / 2);
  pen.rotate(-Math.PI / 2);
  pen.fillText(pad.data.axes[1], 0, 0);
  pen.restore();
}

function startFilm(pad) {
  pad.screen = element('canvas', { class: 'screen', role: 'img', 'aria-label': pad.data.alt });
  pad.screen.width = pad.screen.height = 2 * FILM;
  pad.slider = element('input', { type: 'range', min: 0, max: pad.maps.length - 1, step: 'any', value: 0, 'aria-label': t('Epoch'),
    title: t('From map to map'), oninput: () => { pad.isPlaying = false; pad.at = Number(pad.slider.value); showFilm(pad); } });
  pad.play = element('button', { title: t('The points glide from map to map'), onclick: () => { pad.isPlaying = !pad.isPlaying; pad.at = 0; pad.begun = performance.now(); step(pad); } }, t('Play'));
  pad.now = element('b', {});
  pad.film = element('div', { class: 'film' }, pad.screen, element('div', {}, pad.play, pad.slider, pad.now));
}

function step(pad) {
  if (!pad.isPlaying || !pad.film) return;
  const elapsed = (performance.now() - pad.begun) / (GLIDE + REST), whole = Math.floor(elapsed);
  pad.at = Math.min(pad.maps.length - 1, whole + Math.min(1, ((elapsed - whole) * (GLIDE + REST)) / GLIDE));
  pad.isPlaying = pad.at < pad.maps.length - 1;
  showFilm(pad);
  requestAnimationFrame(() => step(pad));
}

function showFilm(pad) {
  const low = Math.min(Math.floor(pad.at), pad.maps.length - 1), high = Math.min(low + 1, pad.maps.length - 1);
  const share = isCalm() ? Math.round(pad.at - low) : pad.at - low;
  const [from, to] = [pad.maps[low].values, pad.maps[high].values];
  const most = Math.max(...pad.maps.map((each) => reach(each.values)));
  dots(pad, pad.screen, from.map((value, i) => value + share * (to[i] - value)), most);
  pad.slider.value = pad.at;
  pad.slider.setAttribute('aria-valuetext', pad.maps[Math.round(pad.at)].title);
  pad.now.textContent = pad.maps[Math.round(pad.at)].title;
}
