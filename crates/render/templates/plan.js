const box = document.getElementById("filter");
const only = document.getElementById("only");
const count = document.getElementById("count");
const plain = (element) => element.textContent.replace(/\s+/g, " ").toLowerCase();
const items = Array.from(document.querySelectorAll(".item"), (element) => ({
  element,
  text: plain(element),
  rows: Array.from(element.querySelectorAll("tbody tr"), (row) => ({ row, text: plain(row) })),
}));
function show() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (text) => words.every((word) => text.includes(word));
  let shown = 0;
  for (const { element, text, rows } of items) {
    const hit = fits(text) && (!only.checked || "loss" in element.dataset);
    element.hidden = !hit;
    shown += hit;
    const some = rows.some((entry) => fits(entry.text));
    for (const entry of rows) entry.row.hidden = some && !fits(entry.text);
  }
  count.textContent = shown === items.length ? `all ${shown}` : `${shown} of ${items.length}`;
}
box.addEventListener("input", show);
only.addEventListener("change", show);
document.getElementById("bar").hidden = false;
show();
