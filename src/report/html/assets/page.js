/**
 * The report's script: filters that live in the URL, unfolding what a link points at, packets of a ladder octet by octet,
 * copying. Everything that it shows is in the page already; without it the page can still be read.
 *
 * The fragment of the URL is `#ANCHOR?verdict=fail&q=words`: a place, and what to show.
 */
(() => {
  const root = document.documentElement;
  const form = document.querySelector('form.filter');
  const names = ['q', 'verdict', 'role', 'profile', 'subject'];
  root.classList.add('script');

  /* Filters */

  const rows = [...document.querySelectorAll('.f')].map((element) => ({
    element,
    verdicts: (element.dataset.v ?? '').split(' '),
    roles: element.dataset.r?.split(' '),
    profiles: element.dataset.p?.split(' '),
    subjects: element.dataset.s?.split(' '),
    section: element.closest('section')?.id ?? '',
    text: undefined,
  }));

  /* Topics of a large catalogue have their rows as data; those of an open one are made. */

  const anchorText = (text) => text.replace(/[^A-Za-z0-9._:+-]/gu, (sign) => `~${sign.codePointAt(0).toString(16)}`);
  const titles = [...(form.elements.subject?.options ?? [])].slice(1).map(({ text }) => text);
  const mostRows = 500;

  const rowsIn = (details) =>
    JSON.parse(details.querySelector('script.rows').textContent).map(
      ([id, title, why, requirements, role, profiles, outcomes]) => ({
        ...{ id, title, why, requirements, outcomes, anchor: `catalogue/${anchorText(id)}` },
        verdicts:
          outcomes.length === 0 ? ['not-run'] : outcomes.flatMap(([, ...own]) => own.map(([verdict]) => verdict)),
        roles: [role],
        profiles: profiles.split(' '),
        subjects: outcomes.map(([subject]) => String(subject)),
        text: undefined,
      }),
    );

  const topics = [...document.querySelectorAll('details.lazy')].map((details) => {
    const topic = { details, fitting: undefined };
    // Read when first needed.
    Object.defineProperty(topic, 'rows', { get: () => (topic.all ??= rowsIn(details)) });
    details.addEventListener('toggle', () => draw(topic));
    return topic;
  });

  // Nobody who types waits for it.
  (window.requestIdleCallback ?? setTimeout)(() => topics.map(({ rows }) => rows));

  const linkTo = (anchor, content) => element('a', content, { href: `#${anchor}` });

  const drawOutcome = ([verdict, text, anchor]) => {
    const chip = anchor === undefined ? element('b', [text]) : linkTo(anchor, [text]);
    chip.className = `v ${verdict}`;
    return [chip, ' '];
  };

  const drawRow = ({ id, title, why, requirements, outcomes, anchor }) => {
    const quiet = (text) => element('span', [text], { class: 'quiet' });
    const links = requirements.flatMap((each) => [linkTo(`requirement/${anchorText(each)}`, [each]), ' ']);
    const lines = outcomes.map(([subject, ...own]) =>
      element('span', [...(titles.length > 1 ? [quiet(titles[subject]), ' '] : []), ...own.flatMap(drawOutcome)], {
        class: 'line',
      }),
    );
    const name = [
      element('code', [id]),
      element('span', [title], { class: 'statement' }),
      ...(why ? [quiet(why)] : []),
    ];
    return element(
      'tr',
      [
        element('th', name, { scope: 'row' }),
        element('td', links, { class: 'ids' }),
        element('td', lines.length === 0 ? [quiet('not selected')] : lines, { class: 'chips' }),
      ],
      { id: anchor },
    );
  };

  const hideChips = (place, verdict) => {
    for (const chip of place.querySelectorAll('.chips .v'))
      chip.hidden = verdict !== '' && !chip.classList.contains(verdict);
  };

  /* The row that a link asked for is there in any case. */
  function draw(topic) {
    const { details, first } = topic;
    const body = details.querySelector('tbody');
    if (!details.open) {
      body.replaceChildren();
      return;
    }
    const fitting = topic.fitting ?? topic.rows;
    const shown = new Set([...(first === undefined ? [] : [first]), ...fitting.slice(0, mostRows)]);
    const more = fitting.length - mostRows;
    const rest = element('tr', [
      element('td', [`${more} more: the filter shows which`], { colspan: 3, class: 'quiet' }),
    ]);
    body.replaceChildren(...[...shown].map(drawRow), ...(more > 0 ? [rest] : []));
    hideChips(body, form.elements.verdict.value);
  }

  const counted = (count, one) => `${count} ${count === 1 ? one : `${one}s`}`;

  const narrow = (topic, active, want, words) => {
    topic.first = undefined;
    topic.fitting = active ? topic.rows.filter((row) => fits(row, want, words)) : undefined;
    const { details, fitting } = topic;
    details.hidden = fitting?.length === 0;
    details.querySelector('.count').textContent =
      `${fitting === undefined ? '' : `${fitting.length} of `}${counted(topic.rows.length, 'case')}`;
    if (details.open) draw(topic);
    return fitting?.length ?? topic.rows.length;
  };

  const textOf = (row) => {
    row.text ??=
      row.element === undefined
        ? `${row.id} ${row.title} ${row.why} ${row.requirements.join(' ')}`.toLowerCase()
        : (row.element.matches('details')
            ? row.element.querySelector('summary').textContent
            : row.element.textContent
          ).toLowerCase();
    return row.text;
  };

  const wanted = () => Object.fromEntries(names.map((name) => [name, form.elements[name]?.value ?? '']));

  const fits = (row, want, words) =>
    (want.verdict === '' || row.verdicts.includes(want.verdict)) &&
    (want.role === '' || row.roles === undefined || row.roles.includes(want.role)) &&
    (want.profile === '' || row.profiles === undefined || row.profiles.includes(want.profile)) &&
    (want.subject === '' || row.subjects === undefined || row.subjects.includes(want.subject)) &&
    words.every((word) => textOf(row).includes(word));

  const filter = () => {
    const want = wanted();
    const words = want.q.toLowerCase().split(/\s+/).filter(Boolean);
    const active = names.some((name) => want[name] !== '');
    const found = { causes: 0, requirements: 0, cases: 0, catalogue: 0 };
    for (const row of rows) {
      const fit = fits(row, want, words);
      if (row.element.hidden === fit) row.element.hidden = !fit;
      if (fit && row.section in found) found[row.section] += 1;
    }
    hideChips(document.getElementById('catalogue'), want.verdict);
    for (const topic of topics) found.catalogue += narrow(topic, active, want, words);
    for (const group of document.querySelectorAll('.f-group')) group.hidden = !group.querySelector('.f:not([hidden])');
    document.querySelector('.nothing').hidden = found.catalogue > 0;
    form.elements.count.value = active
      ? `${counted(found.causes, 'cause')}, ${counted(found.requirements, 'requirement')}, ${counted(found.cases, 'case')} not green, ${found.catalogue} of the catalogue`
      : '';
    // What was found is a click away, wherever the reader stands.
    const places = active ? Object.keys(found).filter((name) => found[name] > 0) : [];
    form
      .querySelector('.hits')
      .replaceChildren(...places.flatMap((name) => [element('a', [name], { href: `#${name}` }), ' ']));
  };

  const query = () => {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(wanted())) if (value !== '') parameters.set(name, value);
    const text = parameters.toString();
    return text === '' ? '' : `?${text}`;
  };

  const anchorOf = (hash) => decodeURIComponent(hash.slice(1).split('?')[0]);

  const remember = (anchor) => {
    const hash = `${encodeURI(anchor)}${query()}`;
    history.replaceState(null, '', hash === '' ? location.pathname + location.search : `#${hash}`);
  };

  const setFilters = (text) => {
    const parameters = new URLSearchParams(text);
    for (const name of names) if (form.elements[name]) form.elements[name].value = parameters.get(name) ?? '';
    filter();
  };

  /* Places */

  const unfold = (element) => {
    for (let details = element.closest('details'); details; details = details.parentElement?.closest('details'))
      details.open = true;
    for (let hidden = element.closest('[hidden]'); hidden; hidden = hidden.parentElement?.closest('[hidden]'))
      hidden.hidden = false;
  };

  const go = () => {
    const [, text] = location.hash.split('?');
    if (text !== undefined) setFilters(text);
    const anchor = anchorOf(location.hash);
    if (text === undefined && query() !== '') remember(anchor);
    for (const topic of anchor.startsWith('catalogue/') ? topics : []) {
      const row = topic.rows.find((each) => each.anchor === anchor);
      if (row === undefined) continue;
      topic.first = row;
      topic.details.open = true;
      draw(topic);
    }
    const target = anchor === '' ? null : document.getElementById(anchor);
    if (target === null) return;
    unfold(target);
    // A row of a step log is a packet: it is shown beside the ladder.
    const segment = target.closest('.body')?.querySelector(`.segment[href="#${CSS.escape(anchor)}"]`);
    if (segment) showPacket(segment);
    else target.scrollIntoView();
  };

  /* Packets */

  function element(name, content, attributes = {}) {
    const made = document.createElement(name);
    made.append(...content);
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
    return made;
  }

  const isWrong = (name, wrong) =>
    wrong.some((each) => name === each || (name.startsWith(`${each}.`) && !each.includes('.')));

  const range = (from, to) => (to - from === 1 ? String(from) : `${from}–${to - 1}`);

  const drawHex = ({ h, f, w }) => {
    const octets = h.match(/../g) ?? [];
    const dump = element('pre', [], { class: 'hex', 'aria-label': 'Octets' });
    octets.forEach((digits, at) => {
      if (at % 16 === 0) dump.append(element('i', [at.toString(16).padStart(4, '0')]), ' ');
      const index = f.findLastIndex(([from, to]) => from <= at && at < to);
      const attributes = index < 0 ? {} : { 'data-field': index };
      if (index >= 0 && isWrong(f[index][2], w)) attributes.class = 'wrong';
      dump.append(' ', element('span', [digits], attributes), at % 16 === 15 ? '\n' : '');
    });
    return dump;
  };

  const drawFields = ({ f, w }) => {
    const head = element(
      'tr',
      ['Octets', 'Field', 'Value'].map((each) => element('th', [each], { scope: 'col' })),
    );
    const body = f.map(([from, to, name, value], index) =>
      element(
        'tr',
        [element('td', [range(from, to)]), element('th', [name], { scope: 'row' }), element('td', [value])],
        isWrong(name, w) ? { 'data-field': index, class: 'wrong' } : { 'data-field': index },
      ),
    );
    return element('table', [element('thead', [head]), element('tbody', body)], { class: 'fields' });
  };

  const packetsOf = new WeakMap();
  const packet = (body, entry) => {
    if (!packetsOf.has(body)) packetsOf.set(body, JSON.parse(body.querySelector('script.packets').textContent));
    return packetsOf.get(body)[entry];
  };

  function showPacket(segment) {
    const body = segment.closest('.body');
    const found = packet(body, segment.dataset.entry);
    if (found === undefined) return;
    for (const other of body.querySelectorAll('.segment.on')) other.classList.remove('on');
    segment.classList.add('on');
    const panel = body.querySelector('.packet');
    panel.replaceChildren(
      element('h4', [found.t]),
      element('div', [drawHex(found), drawFields(found)], { class: 'octets' }),
    );
    panel.scrollTop = 0;
    segment.scrollIntoView({ block: 'nearest' });
  }

  /* Each packet has an address, and Back leads to the one before. */
  const choose = (segment) => {
    showPacket(segment);
    history.pushState(null, '', `${segment.getAttribute('href')}${query()}`);
  };

  document.addEventListener('click', (event) => {
    const segment = event.target.closest('.ladder .segment');
    if (segment !== null) {
      event.preventDefault();
      choose(segment);
      return;
    }
    const copy = event.target.closest('button.copy');
    if (copy === null) return;
    const code = copy.parentElement.querySelector('code');
    const done = () => {
      copy.textContent = 'Copied';
    };
    const select = () => getSelection().selectAllChildren(code);
    if (navigator.clipboard) navigator.clipboard.writeText(code.textContent).then(done, select);
    else select();
  });

  /* An octet shows its field, a field its octets. */
  document.addEventListener('mouseover', (event) => {
    const over = event.target.closest('[data-field]');
    for (const lit of document.querySelectorAll('[data-field].on')) lit.classList.remove('on');
    if (over === null) return;
    const field = CSS.escape(over.dataset.field);
    for (const same of over.closest('.octets').querySelectorAll(`[data-field="${field}"]`)) same.classList.add('on');
  });

  /* Up and down go from segment to segment. */
  document.addEventListener('keydown', (event) => {
    const segment = event.target.closest?.('.ladder .segment');
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!segment || step === undefined) return;
    event.preventDefault();
    const all = [...segment.closest('.ladder').querySelectorAll('.segment')];
    const next = all[all.indexOf(segment) + step];
    if (next === undefined) return;
    next.focus();
    choose(next);
  });

  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(changed));
  function changed() {
    filter();
    remember(anchorOf(location.hash));
  }
  form.addEventListener('input', changed);
  window.addEventListener('hashchange', go);
  window.addEventListener('popstate', go);
  if (location.hash !== '') go();
})();
