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
