// Measures a page of the book from inside, and has axe look at it.

const wrong = [];
const check = (holds, what) => { if (!holds) wrong.push(what.replace(/\s+/g, " ").slice(0, 300)); };
const all = selector => [...document.querySelectorAll(selector)];
const page = document.documentElement;

// Nothing sticks out of the page but what scrolls by itself.
check(page.scrollWidth <= page.clientWidth, `the page is ${page.scrollWidth} wide on ${page.clientWidth}`);
for (const element of all("main :is(h1, h2, h3, p, li, figure, svg, details, summary)")) {
  if (element.closest(".scroll, pre, .formula")) continue;
  const box = element.getBoundingClientRect();
  check(box.right <= page.clientWidth + 1, `it sticks out: ${element.tagName} ${element.textContent.slice(0, 60)}`);
}

// Words of figures stay within their panel.
for (const svg of all("main svg")) {
  const box = svg.getBoundingClientRect();
  for (const text of svg.querySelectorAll("text")) {
    const words = text.getBoundingClientRect();
    check(words.left >= box.left - 1 && words.right <= box.right + 1, `it sticks out of its panel: ${text.textContent}`);
    check(words.height >= 9, `it is too small to be read: ${text.textContent}`);
  }
}

// Formulas are set as formulas.
for (const fraction of all("math mfrac")) {
  const [above, below] = [...fraction.children].map(part => part.getBoundingClientRect());
  check(above.bottom <= below.top + 2, `a fraction is not one above the other: ${fraction.textContent}`);
}

// Hints come one after the other.
const hints = all(".hint");
const seen = () => hints.filter(hint => hint.getBoundingClientRect().height > 0).length;
if (hints.length > 1) {
  check(seen() === 1, `${seen()} hints are there at once`);
  hints[0].open = true;
  check(seen() === 2, `${seen()} hints are there behind the first one`);
  hints[0].open = false;
}

// What is folded is measured, too.
for (const details of all("details")) details.open = true;

const tell = () => {
  window.top.document.body.insertAdjacentHTML("beforeend", "<output id=found></output>");
  window.top.document.getElementById("found").textContent = [...new Set(wrong)].slice(0, 30).join("\n");
};

// Searching: the list is a script of the book's own.
const query = document.getElementById("query");
const searched = () => new Promise(resolve => {
  query.value = "softmax";
  query.dispatchEvent(new Event("input"));
  const wait = left => {
    const links = all("#found a");
    if (links.length === 0 && left > 0) return setTimeout(() => wait(left - 1), 50);
    check(links.length > 5, `a search finds ${links.length} places`);
    check(all("#found mark").length > 5, "what was found is not marked");
    resolve();
  };
  wait(100);
});

window.addEventListener("load", async () => {
  await searched();
  check(page.scrollWidth <= page.clientWidth, "what was found makes the page wider");
  const shade = document.getElementById("theme").textContent;
  document.getElementById("theme").click();
  check(document.getElementById("theme").textContent !== shade, "light and dark are not exchanged");
  document.getElementById("theme").click();
  // Of the page that holds everything, its parts have been looked at.
  if (window.axe) {
    const result = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    for (const violation of result.violations) {
      const node = violation.nodes[0];
      check(false, `${violation.id} (${violation.nodes.length}): ${node.html} ${node.failureSummary}`);
    }
    check(result.passes.length > 10, "axe looked at hardly anything");
  }
  tell();
});
