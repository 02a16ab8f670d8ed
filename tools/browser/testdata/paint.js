// Gives what a reader cannot see of a page's items, quotations, statuses and helplines, a line each:
// each text has to be painted, large enough, in front, within the page and with contrast. On screen,
// the stylesheet may add signs, and no words.
((contrast, print) => {
  const faults = new Set(), smallest = print ? 11.5 : 13;
  const name = e => `${e.localName}${e.id ? "#" + e.id : ""}${e.className ? "." + e.className : ""} “${e.textContent.trim().slice(0, 40)}”`;
  const rgba = colour => { const c = colour.match(/[\d.]+/g).map(Number); return [...c.slice(0, 3), c[3] ?? 1]; };
  const mix = (front, back) => [0, 1, 2].map(i => front[i] * front[3] + back[i] * (1 - front[3]));
  const lineage = e => { const all = []; for (; e; e = e.parentElement) all.push(e); return all; };
  const behind = e => lineage(e).map(a => rgba(getComputedStyle(a).backgroundColor)).filter(c => c[3] > 0).reverse().reduce((back, c) => mix(c, back), [255, 255, 255]);
  const check = (text, e) => {
    const style = getComputedStyle(e), range = document.createRange();
    range.selectNodeContents(text);
    if (!e.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })) return "is not painted";
    for (const a of lineage(e)) {
      const s = getComputedStyle(a);
      if (s.opacity < 1 || s.filter !== "none" || s.clipPath !== "none" || s.maskImage !== "none" || s.mixBlendMode !== "normal") return `is painted through ${a.localName}`;
      if (a !== e && a.localName !== "html" && a.localName !== "body" && s.overflow !== "visible" && !a.matches(".scroll, .scroll *, .contents > div")) return `is cut off by ${a.localName}`;
    }
    if (parseFloat(style.fontSize) < smallest) return `is ${style.fontSize} large`;
    if (rgba(style.webkitTextFillColor)[3] < 1) return "is transparent";
    const seen = contrast(mix(rgba(style.webkitTextFillColor), behind(e)), behind(e));
    if (seen < 4.5) return `has a contrast of ${seen.toFixed(1)}`;
    if (style.textDecorationLine.includes("line-through") && !e.closest("del, s")) return "is struck out";
    if (print) return "";
    e.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    const boxes = [...range.getClientRects()].filter(r => r.width > 1 && r.height > 1);
    if (!boxes.length) return "takes no room";
    for (const r of boxes.slice(0, 3)) {
      const [x, y] = [r.left + r.width / 2, r.top + r.height / 2];
      if (r.height < smallest * .9) return "is squeezed";
      if (r.left < -1 || r.right > innerWidth + 1) return "is beside the window";
      if (y < 0 || y > innerHeight) return "is above or below the page";
      const top = document.elementFromPoint(x, y);
      if (!e.contains(top)) return `is behind ${top && top.localName}`;
    }
    return "";
  };
  for (const part of document.querySelectorAll(".items, article, .updates, .totals, blockquote, .status, .state, .movement, #help, .band, h1")) {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode, e = text.parentElement;
      if (!text.data.trim() || e.closest("details:not([open]), svg, script") || e.closest(print ? ".cite + p" : ".on-paper")) continue;
      const fault = check(text, e);
      if (fault) faults.add(`${name(e)} ${fault}`);
    }
  }
  if (!print) for (const e of document.querySelectorAll("*")) for (const side of ["::before", "::after", "::marker"]) {
    const content = getComputedStyle(e, side).content;
    if (/^".*[\p{L}\p{N}]/u.test(content)) faults.add(`${name(e)} has ${content} added by the stylesheet`);
  }
  return [...faults];
})
