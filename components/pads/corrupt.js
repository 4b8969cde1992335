/* As core.engine.draws.corrupt: gaussian, masking, dropout, or salt and pepper; always alike for a seed. */
function corrupt(x, kind, level, seed) {
  const draw = generator(seed);
  return x.map((value) => {
    const u = draw(), v = draw();
    if (kind === 'gaussian') {
      const normal = Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
      return Math.min(1, Math.max(0, value + level * normal));
    }
    if (u >= level) return kind === 'dropout' ? value / (1 - level) : value;
    return kind === 'salt_and_pepper' && u < level / 2 ? 1 : 0;
  });
}

/* Mulberry32 (T. Ettinger): numbers from 0 to 1, the same ones for a seed. */
function generator(seed) {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
