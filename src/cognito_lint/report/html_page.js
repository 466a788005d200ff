
"use strict";
(() => {
  const filters = document.getElementById("filters");
  if (!filters) return;
  const query = document.getElementById("query");
  const count = document.getElementById("count");
  const unfold = document.getElementById("unfold");
  const nothing = document.getElementById("nothing");
  const buttons = [...filters.querySelectorAll("button[data-show]")];
  const pools = [...document.querySelectorAll(".pool")].map((item) => ({
    item,
    details: item.querySelector("details"),
    text: item.textContent.toLowerCase(),
  }));
  let verdict = "all";

  const update = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { item, text } of pools) {
      const matches =
        (verdict === "all" || item.dataset.verdict === verdict) && words.every((word) => text.includes(word));
      item.hidden = !matches;
      shown += matches ? 1 : 0;
    }
    count.textContent = `${shown} of ${pools.length} shown`;
    nothing.hidden = shown > 0;
  };

  for (const button of buttons) {
    button.addEventListener("click", () => {
      verdict = button.dataset.show;
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      update();
    });
  }
  query.addEventListener("input", update);
  unfold.addEventListener("click", () => {
    const open = unfold.textContent === "Unfold all";
    unfold.textContent = open ? "Fold all" : "Unfold all";
    for (const { details } of pools) details.open = open;
  });
  filters.hidden = false;
  update();
})();
