// Measures the page from inside. `expected` says how many students and steps there are.

const wrong = [];
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const check = (holds, what) => { if (!holds) wrong.push(what.replace(/\s+/g, " ")); };

// What is not seen is not laid out otherwise.
document.head.insertAdjacentHTML("beforeend", "<style>.student { content-visibility: visible !important }</style>");

// What others wrote is text.
check(window.pwned === undefined, "a script of a student ran");
check(all("script").length === 1, "there is a script element");
check(all("img, iframe, object, embed, link, form, input:not(#print-students), svg, base").length === 0, "there is a foreign element");
check(all("[onerror], [onload], [onclick], [style]").length === 0, "there is a foreign attribute");
check(document.body.textContent.includes("<script>window.pwned"), "a hostile name is not shown");
check(!/[\u202a-\u202e\u2066-\u2069\u200e\u200f\0]/.test(document.body.textContent), "a character moves others about");

// Links lead somewhere within the page.
const ids = all("[id]").map(element => element.id);
check(new Set(ids).size === ids.length, "an id is there twice");
for (const link of all("a")) {
  const target = link.getAttribute("href");
  check(target.startsWith("#") && document.getElementById(target.slice(1)), `a link leads nowhere: ${target}`);
}

// The table of the class.
const map = document.querySelector(".map");
check(map.tBodies[0].rows.length === expected.students, "a row of a student is missing");
for (const row of map.rows) check(row.cells.length === expected.steps + 2, `a row has ${row.cells.length} cells`);
check(all("tbody td:not(.total) a", map).length === expected.students * expected.steps, "a cell has no link");
check(all(".student").length === expected.students, "a section of a student is missing");
check(all(".step").length === expected.students * expected.steps, "a section of a step is missing");

// Its head, foot and first column stay.
const scroll = document.querySelector(".scroll");
scroll.scrollTo(60, 120);
const frame = scroll.getBoundingClientRect();
const corner = map.tHead.rows[0].cells[0].getBoundingClientRect();
const name = map.tBodies[0].rows[9].cells[0].getBoundingClientRect();
const last = map.tFoot.rows[1].cells[0].getBoundingClientRect();
check(scroll.scrollTop > 0, "the table does not scroll");
check(Math.abs(corner.top - frame.top) < 2, "the head of the table scrolls away");
check(Math.abs(name.left - frame.left) < 2, "the names scroll away");
check(Math.abs(last.bottom - frame.top - scroll.clientHeight) < 2, "the foot of the table scrolls away");
scroll.scrollTo(0, 0);

// A desk has room for twenty steps and what stands in them.
const steps = map.tHead.rows[0].cells.length - 2;
if (innerWidth > 1200 && steps <= 20) {
  check(scroll.scrollWidth <= scroll.clientWidth, `${steps} steps do not fit a desk`);
  for (const cell of all("td a", map))
    check(cell.scrollWidth <= cell.clientWidth && cell.clientHeight < 28, `a cell is too narrow: ${cell.textContent}`);
}

// Nothing sticks out of the page.
const root = document.documentElement;
check(root.scrollWidth <= root.clientWidth, `the page is ${root.scrollWidth} wide on ${root.clientWidth}`);
for (const heading of all("h1, h2, h3, h4, p, li, dd")) {
  if (heading.closest(".unseen")) continue;
  const box = heading.getBoundingClientRect();
  check(box.right <= root.clientWidth + 1, `it sticks out: ${heading.textContent.slice(0, 60)}`);
}

// For those who listen instead of looking.
check(root.lang === "en", "the language is missing");
check(all("main").length === 1 && all("h1").length === 1, "there is one main part and one title");
let level = 0;
for (const heading of all("h1, h2, h3, h4, h5, h6")) {
  const next = Number(heading.tagName[1]);
  check(next <= level + 1, `a heading skips a level: ${heading.textContent}`);
  level = next;
}
for (const table of all("table")) {
  check(table.caption?.textContent, "a table has no caption");
  check(all("th", table).every(th => th.scope), "a head of a table has no scope");
}
for (const part of all("[aria-labelledby]"))
  check(document.getElementById(part.getAttribute("aria-labelledby")), "a label is missing");

// Every text can be read.
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const rgba = new Map();
function parts(colour) {
  if (!rgba.has(colour)) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    rgba.set(colour, [...canvas.getImageData(0, 0, 1, 1).data]);
  }
  return rgba.get(colour);
}
function luminance(colour) {
  const [r, g, b] = parts(colour).map(value => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const grounds = new Map([[null, "rgb(255, 255, 255)"]]);
function ground(element) {
  if (!grounds.has(element)) {
    const colour = getComputedStyle(element).backgroundColor;
    grounds.set(element, parts(colour)[3] === 255 ? colour : ground(element.parentElement));
  }
  return grounds.get(element);
}
const pairs = new Map();
for (const element of all("main *")) {
  const text = [...element.childNodes].find(node => node.nodeType === 3 && node.data.trim());
  if (text) pairs.set(`${getComputedStyle(element).color} on ${ground(element)}`, element);
}
for (const [pair, element] of pairs) {
  const [light, dark] = pair.split(" on ").map(luminance).sort((a, b) => b - a);
  const contrast = (light + 0.05) / (dark + 0.05);
  check(contrast >= 4.5, `${pair} has a contrast of ${contrast.toFixed(2)}: ${element.textContent.slice(0, 40)}`);
}
check(pairs.size > 12, "hardly a colour was measured");

// On a telephone the page is in a frame, which may be narrower than a window.
window.top.document.body.insertAdjacentHTML("beforeend", "<output id=found></output>");
window.top.document.getElementById("found").textContent = [...new Set(wrong)].slice(0, 30).join("\n");
