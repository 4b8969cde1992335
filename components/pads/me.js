/* A digit that is drawn here goes to the server when the pen is lifted, to be placed on the map. */

export default function ({ parentElement, data, setStateValue }) {
  learn(data.translations);
  const pad = recall(parentElement, 'me', data, start);
  Object.assign(pad, { data, tell: (drawn) => setStateValue('drawn', drawn) });
  Object.assign(pad.board, { ink: data.colours.ink });
  pad.board.paint();
  show(pad);
}

function start(root) {
  const pad = { root };
  const canvas = element('canvas', { class: 'board', role: 'application' });
  pad.board = new Board(canvas, '#000000', (isDone) => {
    show(pad);
    if (isDone) tell(pad);
  });
  const button = (words, title, onclick) => element('button', { title, onclick }, words);
  pad.seen = element('canvas', { class: 'seen' });
  root.replaceChildren(canvas, element('div', { class: 'tools' },
    button(t('Undo'), t('Takes back the last stroke, or Clear'), () => pad.board.undo()),
    button(t('Clear'), t('An empty board'), () => pad.board.clear()),
    element('figure', {}, pad.seen, element('figcaption', {}, t('what the network gets')))));
  return pad;
}

function show(pad) {
  if (!pad.data) return;
  named(pad.seen, t('what the network gets'));
  paint(pad.seen, pad.board.image(pad.data.shape[0], true), pad.data.shape, { colour: pad.data.colours.ink });
}

function tell(pad) {
  const { buffer } = pad.board.image(pad.data.shape[0], true);
  pad.tell({ x: btoa(String.fromCharCode(...new Uint8Array(buffer))) });
}
