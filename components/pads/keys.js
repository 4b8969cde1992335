/* What a pad says to those who do not see it, and how the keyboard moves over its points.
   Joined in front of every pad, after dense.js. */

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/* A canvas as a picture with words of its own. */
function named(canvas, words) {
  canvas.removeAttribute('aria-hidden');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', words);
  return canvas;
}

/* A pad with all that the visitor has done to it, also when its part of the page has been away; a new one the first
   time, and in another language. start(root): { root, ... }. */
function recall(parentElement, name, { translations, pad = name }, start) {
  const root = parentElement.querySelector(`.${name}`), known = (globalThis.bottleneckPads ??= {});
  const spoken = JSON.stringify(translations), found = known[pad];
  if (found?.spoken !== spoken) {
    mirror(root, pad);
    return (known[pad] = Object.assign(start(root), { spoken }));
  }
  if (found.root !== root) root.replaceWith(found.root);
  return found;
}

const MIRRORED = ['pointermove', 'pointerout', 'pointerleave', 'click', 'input', 'change', 'keydown'];

/* Two runs side by side: what is hovered, picked or turned on a pad is so on its twin on the other side too. */
function mirror(root, pad) {
  const twins = (globalThis.bottleneckTwins ??= {}), isRight = pad.includes('_right');
  const pair = (twins[pad.replace('_right', '')] ??= {});
  pair[isRight ? 'right' : 'left'] = root;
  for (const type of MIRRORED) root.addEventListener(type, (event) => repeatOn(pair[isRight ? 'left' : 'right'], root, event), true);
}

function repeatOn(other, root, event) {
  if (!event.isTrusted || !other?.isConnected || event.buttons) return;
  const path = [];
  for (let node = event.target; node !== root; node = node.parentElement) {
    if (!node?.parentElement) return;
    path.unshift([...node.parentElement.children].indexOf(node));
  }
  const twin = path.reduce((node, i) => node?.children[i], other);
  if (!twin || twin.tagName !== event.target.tagName) return;
  if ('value' in twin) Object.assign(twin, { value: event.target.value, checked: event.target.checked });
  const from = event.target.getBoundingClientRect(), to = twin.getBoundingClientRect();
  const place = (at, low, size, low2, size2) => low2 + ((at - low) * size2) / Math.max(1, size);
  twin.dispatchEvent(new event.constructor(event.type, {
    bubbles: event.bubbles, cancelable: true, key: event.key, shiftKey: event.shiftKey,
    clientX: place(event.clientX, from.left, from.width, to.left, to.width),
    clientY: place(event.clientY, from.top, from.height, to.top, to.height),
  }));
}

/* Tells a screen reader something, in a line beside an element that nobody sees. */
function speak(beside, words) {
  let line = beside.parentNode.querySelector(':scope > .spoken');
  if (!line) beside.after((line = element('p', { class: 'spoken', role: 'status' })));
  line.textContent = words;
}

/* The nearest of so many points in the direction of an arrow [dx, dy], or null. at(i): [x, y]. */
function pointTowards(count, at, [x, y], [dx, dy], isAllowed = () => true) {
  let [best, least] = [null, Infinity];
  for (let i = 0; i < count; i++) {
    const [a, b] = at(i), along = (a - x) * dx + (b - y) * dy, away = Math.hypot(a - x, b - y);
    if (along > 0.5 && along > 0.7 * away && away < least && isAllowed(i)) [best, least] = [i, away];
  }
  return best;
}

function isCalm() {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
