// Searches the index that the page holds, and shows what it finds as you type. Words are found by how they begin; titles,
// names and numbers come before text. What is searched for is in the page's address, so that it can be shared.
(() => {
  const $ = id => document.getElementById(id);
  const form = $("find"), input = $("words"), count = $("count"), results = $("results");
  const data = JSON.parse($("index").textContent);
  const most = +results.dataset.most, first = 8, before = 60, after = 200;

  // fold gives a text as it is compared: in small letters, without accents and signs, but with the stops within numbers.
  const fold = text => text.normalize("NFD").replace(/[\p{M}'’‘]/gu, "").toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, " ").replace(/\.(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])\./gu, " ").replace(/ +/g, " ").trim();
  const padded = text => " " + fold(text) + " ";

  const rows = data.rows.map(([page, id, report, name, title, others, text]) => ({
    href: data.root + data.pages[page] + (id && "#" + id), report: data.reports[report], name, title, text,
    parts: [[padded(name), 40, 8], [padded(title), 30, 20], [padded(others), 25, 15], [padded(text), 2, 1]],
  }));

  // rank tells how well a row has all words: 0 if it lacks one. A whole word counts more than the beginning of one.
  const rank = (row, words) => {
    let all = 0;
    for (const word of words) {
      let best = 0;
      for (const [text, whole, start] of row.parts)
        if (text.includes(" " + word)) best += text.includes(" " + word + " ") ? whole : start;
      if (!best) return 0;
      all += best;
    }
    return all + (row.parts[1][0].startsWith(" " + words.join(" ")) ? 25 : 0);
  };

  // put adds a text to an element, with the words that were searched for marked.
  const put = (to, text, words) => {
    let end = 0;
    for (const m of text.matchAll(/[\p{L}\p{M}\p{N}.'’]+/gu)) {
      if (!words.some(word => fold(m[0]).startsWith(word))) continue;
      const mark = document.createElement("mark");
      mark.textContent = m[0];
      to.append(text.slice(end, m.index), mark);
      end = m.index + m[0].length;
    }
    to.append(text.slice(end));
    return to;
  };

  // excerpt gives the part of a text around the first of the words.
  const excerpt = (text, words) => {
    const hit = [...text.matchAll(/[\p{L}\p{M}\p{N}.'’]+/gu)].find(m => words.some(word => fold(m[0]).startsWith(word)));
    let from = hit ? Math.max(0, hit.index - before) : 0, to = from + before + after;
    if (from) from = text.indexOf(" ", from) + 1;
    if (to < text.length) to = text.lastIndexOf(" ", to);
    return (from ? "… " : "") + text.slice(from, to) + (to < text.length ? " …" : "");
  };

  const add = (to, tag, text, words) => to.appendChild(put(document.createElement(tag), text, words));

  const show = (row, words) => {
    const item = document.createElement("li");
    add(item, "a", row.title || row.name, words).href = row.href;
    add(item, "span", [row.title && row.name, row.report].filter(Boolean).join(", "), words);
    if (row.text) add(item, "p", excerpt(row.text, words), words);
    return item;
  };

  let speech, rest;
  const search = () => {
    const words = fold(input.value).split(" ").filter(Boolean);
    const found = words.length ? rows.map(row => [rank(row, words), row]).filter(([points]) => points).sort((a, b) => b[0] - a[0]) : [];
    const some = (from, to) => found.slice(from, to).map(([, row]) => show(row, words));
    // What fills a screen is shown at once, the others when there is time.
    clearTimeout(rest);
    results.replaceChildren(...some(0, first));
    if (found.length > first) rest = setTimeout(() => results.append(...some(first, most)), 100);
    results.hidden = !found.length;
    $("letters").hidden = words.length > 0;
    // A screen reader hears the number when the typing stops.
    clearTimeout(speech);
    const n = found.length, say = count.dataset[!n ? "none" : n < 2 ? "single" : n > most ? "first" : "many"].replace("#", n);
    speech = setTimeout(() => count.textContent = words.length ? say : "", 250);
  };

  // The address has what is searched for behind #q=, which a page on a disk can have as well; ?q= is read too.
  const read = () => {
    const asked = new URLSearchParams(location.hash.slice(1)).get("q") ?? new URLSearchParams(location.search).get("q");
    if (asked !== null) input.value = asked;
    search();
  };
  const write = () => {
    history.replaceState(null, "", input.value.trim() ? "#" + new URLSearchParams({q: input.value.trim()}) : location.pathname + location.search);
    search();
  };
  const clear = () => {
    input.value = "";
    write();
    input.focus();
  };

  input.addEventListener("input", write);
  input.addEventListener("keydown", event => { if (event.key === "Escape") { event.preventDefault(); clear(); } });
  form.addEventListener("reset", event => { event.preventDefault(); clear(); });
  form.addEventListener("submit", event => event.preventDefault());
  addEventListener("hashchange", read);
  form.hidden = false;
  read();
})();
