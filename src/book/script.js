// Light or dark, and searching: all that a page of the book does. Without scripts, neither is offered.
"use strict";

const root = document.documentElement;
const night = matchMedia("(prefers-color-scheme: dark)");
let kept = null;
try { kept = localStorage.getItem("theme"); } catch { /* A browser may keep nothing. */ }
if (kept === "light" || kept === "dark") root.dataset.theme = kept;

// Called by search.js.
let entries = null;
function searchable(list) {
  entries = list.map(([address, chapter, title, words]) =>
    ({ address, chapter, title, words, plain: `${chapter} ${title} ${words}`.toLowerCase() }));
  search();
}

const MOST = 20;
const AROUND = 60;

function wanted() {
  return document.getElementById("query").value.toLowerCase().split(/\s+/).filter(word => word);
}

function score(entry, words) {
  const head = `${entry.title || entry.chapter}`.toLowerCase();
  let sum = 0;
  for (const word of words) {
    const times = entry.plain.split(word).length - 1;
    if (times === 0) return 0;
    sum += Math.min(times, 5) + (head.includes(word) ? 10 : 0);
  }
  return sum;
}

// The words around the first one that was found, with marks.
function snippet(entry, words) {
  const line = document.createElement("p");
  const plain = entry.words.toLowerCase();
  const first = Math.min(...words.map(word => plain.indexOf(word)).filter(at => at >= 0), plain.length);
  const begin = first === plain.length ? 0 : Math.max(0, first - AROUND);
  const text = entry.words.slice(begin, begin + 3 * AROUND);
  const low = text.toLowerCase();
  let at = 0;
  if (begin > 0) line.append("… ");
  while (at < text.length) {
    const next = words.map(word => [low.indexOf(word, at), word.length]).filter(([place]) => place >= 0)
      .sort((a, b) => a[0] - b[0] || b[1] - a[1])[0];
    if (!next) break;
    line.append(text.slice(at, next[0]));
    const mark = document.createElement("mark");
    mark.textContent = text.slice(next[0], next[0] + next[1]);
    line.append(mark);
    at = next[0] + next[1];
  }
  line.append(text.slice(at));
  if (begin + 3 * AROUND < entry.words.length) line.append(" …");
  return line;
}

function search() {
  const found = document.getElementById("found");
  const words = wanted();
  found.hidden = words.length === 0;
  if (!entries || words.length === 0) return;
  const hits = entries.map(entry => [score(entry, words), entry]).filter(([points]) => points > 0);
  hits.sort((a, b) => b[0] - a[0]);
  const count = document.createElement("p");
  count.textContent = hits.length === 0 ? "Nothing was found." : hits.length === 1 ? "1 place" : `${hits.length} places`;
  const list = document.createElement("ol");
  for (const [, entry] of hits.slice(0, MOST)) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = entry.address;
    link.textContent = entry.title ? `${entry.chapter}: ${entry.title}` : entry.chapter;
    item.append(link, snippet(entry, words));
    list.append(item);
  }
  found.replaceChildren(count, list);
}

function load() {
  if (document.querySelector("script[src='search.js']")) return;
  const script = document.createElement("script");
  script.src = "search.js";
  document.head.append(script);
}

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector(".search");
  const query = document.getElementById("query");
  form.hidden = false;
  query.addEventListener("focus", load);
  query.addEventListener("input", () => { load(); search(); });
  form.addEventListener("submit", event => {
    event.preventDefault();
    document.querySelector("#found a")?.focus();
  });
  document.addEventListener("keydown", event => {
    const typing = /^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing) { event.preventDefault(); query.focus(); }
    if (event.key === "Escape" && query.value) { query.value = ""; search(); }
  });
  const button = document.getElementById("theme");
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : night.matches;
  const name = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.hidden = false;
  name();
  night.addEventListener("change", name);
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* The page has it all the same. */ }
    name();
  });
});
