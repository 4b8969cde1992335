/* A drawn digit, corrupted and restored while the pen moves. */

export default function ({ parentElement, data, setStateValue }) {
  learn(data.translations);
  const pad = recall(parentElement, 'denoise', data, start);
  Object.assign(pad, { data, tell: (drawn) => setStateValue('drawn', drawn) });
  for (const name of ['own', 'beside'])
    if (data[name] && pad.versions[name] !== data[name].version) {
      pad.versions[name] = data[name].version;
      pad[name] = unpackLayers(data[name].layers);
    }
  if (!data.beside) pad.beside = pad.versions.beside = null;
  Object.assign(pad.board, { ink: data.colours.ink });
  pad.board.paint();
  showDigits(pad);
  redraw(pad);
  if (data.rests && pad.told && pad.told !== pad.versions.own) tell(pad);
}

function start(root) {
  const pad = { root, versions: {}, seed: 1, isCentred: true, taken: null, views: {}, redraws: 0 };
  const canvas = element('canvas', { class: 'board', role: 'application' });
  pad.board = new Board(canvas, '#000000', (isDone) => {
    pad.taken = null;
    schedule(pad);
    if (isDone) tell(pad);
  });
  const button = (words, title, onclick, pressed) =>
    element('button', { title, onclick, 'aria-pressed': pressed === undefined ? undefined : String(pressed) }, words);
  const again = () => { redraw(pad); tell(pad); };
  pad.eraser = button(t('Eraser'), t('Takes ink away'), () => switched(pad.eraser, (pad.board.erases = !pad.board.erases)), false);
  pad.centre = button(t('Centre'), t("Scales and centres the drawing as MNIST's digits were. Off: see why it matters"),
    () => { switched(pad.centre, (pad.isCentred = !pad.isCentred)); again(); }, true);
  const tools = element('div', { class: 'tools' },
    pad.eraser,
    button(t('Undo'), t('Takes back the last stroke, or Clear'), () => pad.board.undo()),
    button(t('Clear'), t('An empty board'), () => pad.board.clear()),
    pad.centre,
    button(t('New noise'), t('Corrupts the same digit in another way'), () => { pad.seed++; again(); }));
  const views = element('div', { class: 'views' }, ...['seen', 'ruined', 'restored', 'beside'].map((name) => {
    pad.views[name] = { canvas: element('canvas', { class: name }), words: element('figcaption', {}) };
    return element('figure', {}, pad.views[name].canvas, pad.views[name].words);
  }));
  pad.digits = element('div', { class: 'digits' });
  root.replaceChildren(
    element('div', {}, canvas), tools, element('div', {}, views, pad.digits));
  return pad;
}

function switched(button, isOn) {
  button.setAttribute('aria-pressed', String(isOn));
}

function showDigits(pad) {
  const x = unpack(pad.data.digits);
  refill(pad.digits, t('or take one: '), ...Array.from({ length: x.shape[0] }, (_, i) => element('button', {
    'data-id': `digit-${i}`, title: t('Corrupts and restores this test image'), 'aria-label': t`test image ${i + 1}`,
    onclick: () => { pad.taken = row(x, i).values; redraw(pad); tell(pad); },
  }, paint(element('canvas', {}), row(x, i).values, pad.data.shape, { colour: pad.data.colours.ink }))));
}

function schedule(pad) {
  if (pad.isScheduled) return;
  pad.isScheduled = true;
  requestAnimationFrame(() => {
    pad.isScheduled = false;
    redraw(pad);
  });
}

function redraw(pad) {
  const { shape, colours, corruption, captions } = pad.data;
  const x = pad.taken ?? pad.board.image(shape[0], pad.isCentred);
  const ruined = corrupt(x, corruption.kind, corruption.level, pad.seed);
  const restored = forward(pad.own, ruined), beside = pad.beside && forward(pad.beside, ruined);
  const show = (name, values, colour, caption) => {
    paint(pad.views[name].canvas, values ?? new Float32Array(x.length), shape, { colour });
    named(pad.views[name].canvas, caption);
    pad.views[name].words.textContent = caption;
  };
  show('seen', x, colours.ink, pad.taken ? t('test image') : t('what the network sees'));
  show('ruined', ruined, colours.corrupted, captions.ruined);
  show('restored', restored, colours.reconstruction, captions.restored);
  show('beside', beside, colours.limit, captions.beside);
  pad.last = { x_tilde: ruined, x_hat: restored };
  pad.root.dataset.redraws = ++pad.redraws;
}

/* What was drawn goes to the server, where Keras restores it too. */
function tell(pad) {
  redraw(pad);
  const text = ({ buffer }) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  pad.told = pad.versions.own;
  pad.tell({ version: pad.told, x_tilde: text(pad.last.x_tilde), x_hat: text(pad.last.x_hat) });
}
