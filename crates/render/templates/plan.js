const box = document.getElementById("filter");
const count = document.getElementById("count");
const chips = Array.from(document.querySelectorAll(".chips button"));
const plain = (element) => element.textContent.replace(/\s+/g, " ").toLowerCase();
const items = Array.from(document.querySelectorAll(".item"), (element) => ({
  element,
  text: plain(element),
  kinds: element.dataset.kinds.split(" "),
  rows: Array.from(element.querySelectorAll("tbody tr, .names li"), (row) => ({ row, text: plain(row) })),
}));
const isPressed = (chip) => chip.getAttribute("aria-pressed") === "true";
function show() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (text) => words.every((word) => text.includes(word));
  const asked = chips.filter(isPressed).map((chip) => chip.dataset.kind);
  let shown = 0;
  for (const { element, text, kinds, rows } of items) {
    const hit = fits(text) && (asked.length === 0 || asked.some((kind) => kinds.includes(kind)));
    element.hidden = !hit;
    shown += hit;
    const some = rows.some((entry) => fits(entry.text));
    for (const entry of rows) entry.row.hidden = some && !fits(entry.text);
  }
  count.textContent = shown === items.length ? `all ${shown}` : `${shown} of ${items.length}`;
}
function setOpen(open) {
  for (const { element } of items) if (!element.hidden) element.open = open;
}
box.addEventListener("input", show);
for (const chip of chips) {
  chip.disabled = false;
  chip.addEventListener("click", () => {
    chip.setAttribute("aria-pressed", String(!isPressed(chip)));
    show();
  });
}
document.getElementById("open").addEventListener("click", () => setOpen(true));
document.getElementById("close").addEventListener("click", () => setOpen(false));
document.getElementById("bar").hidden = false;
show();
