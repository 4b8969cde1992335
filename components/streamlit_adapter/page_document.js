// A function of the table {name of a page in the address: prefix of its knobs}, as in components/pages.py.
// Corrects how Streamlit (1.67) writes the browser's history:
// - It adds an entry for every change of the query. A knob is no page: while the path stays, the
//   present entry is replaced.
// - It writes the query of the next page while the path is still that of the last one, and may write
//   that of the last page after Back. So an entry takes no knobs of another page.
// - A page whose run comes to its end after Back calls itself back. So after Back or Forward, only
//   what a visitor presses leads to another page.
(prefixes) => {
  const { pushState: push, replaceState: replace } = history;
  let isAsked = true;
  for (const kind of ['click', 'keydown']) addEventListener(kind, () => { isAsked = true; }, true);
  addEventListener('popstate', () => { isAsked = false; }, true);

  const prefixOf = (path) => prefixes[path.split('/').pop()] ?? '';
  const names = (search) => [...new URLSearchParams(search).keys()];
  const isOf = (prefix, name) => prefix !== '' && name.startsWith(`${prefix}_`);

  function write(state, title, address) {
    const target = new URL(address ?? location.href, document.baseURI);
    const own = prefixOf(target.pathname);
    const others = Object.values(prefixes).filter((prefix) => prefix !== own);
    for (const name of names(target.search)) {
      if (others.some((prefix) => isOf(prefix, name))) target.searchParams.delete(name);
    }
    const holdsKnobs = (search) => names(search).some((name) => isOf(own, name));
    if (target.pathname !== location.pathname) {
      if (isAsked) push.call(history, state, title, target.href);
    } else if (holdsKnobs(target.search) || !holdsKnobs(location.search)) {
      replace.call(history, state, title, target.href);
    }
  }
  history.pushState = write;
  history.replaceState = write;
}
