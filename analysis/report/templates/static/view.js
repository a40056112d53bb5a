"use strict";
// The filter, which stands in the address, and what follows it: the same cells that the page came with, filled anew.

const form = document.getElementById("filter");
const FIELDS = ["bloc", "country", "language", "ownership", "outlet", "claim", "from", "to", "originals", "people"];
const PARTS = {included: "included", rebutted: "disputed", omitted: "omitted", not_yet_public: "early", not_observable: "unseen"};
let counted = null, filledBy = "#";

/** What the address says: the filter, and which cell is open. */
function address() {
  const said = new URLSearchParams(location.hash.slice(1));
  const filter = {};
  for (const name of FIELDS) {
    const field = form.elements[name], value = said.get(name);
    if (!value || field.disabled) continue;
    if (field.tagName === "SELECT" && ![...field.options].some(option => option.value === value)) continue;
    if (field.type === "date" && !/^\d{4}-\d\d-\d\d$/.test(value)) continue;
    filter[name] = value;
  }
  return {filter, cell: said.get("cell") || "", state: said.get("state") || "", article: said.get("article") || ""};
}

function addressOf(filter, more = {}) {
  const said = new URLSearchParams();
  for (const name of FIELDS) if (filter[name]) said.set(name, filter[name]);
  for (const [name, value] of Object.entries(more)) if (value) said.set(name, value);
  return "#" + said;
}

function filled() {
  const filter = {};
  for (const name of FIELDS) {
    const field = form.elements[name];
    const value = field.type === "checkbox" ? (field.checked ? "1" : "") : field.value;
    if (value) filter[name] = value;
  }
  return filter;
}

function show(filter) {
  for (const name of FIELDS) {
    const field = form.elements[name];
    if (field.type === "checkbox") field.checked = Boolean(filter[name]); else field.value = filter[name] || "";
  }
  const found = chosen(filter), on = Object.keys(filter).length > 0;
  counted = tally(found, filter);
  tell(filter, found.length, on);
  for (const part of document.querySelectorAll("[data-whole]")) part.hidden = on;
  for (const part of document.querySelectorAll("[data-filtered]")) part.hidden = !on;
  for (const row of document.querySelectorAll(".picture tr[data-party], .grid tr[data-party]")) fillRow(row, filter, on);
  for (const row of document.querySelectorAll("tr[data-claim]")) fillClaim(row, filter);
  for (const group of document.querySelectorAll(".grid tbody")) {
    group.hidden = on && ![...group.querySelectorAll("tr[data-party]")].some(row => !row.hidden);
    for (const empty of group.querySelectorAll(".empty")) empty.hidden = on;
  }
  showSides(filter);
}

function tell(filter, number, on) {
  const output = form.querySelector("output");
  const parts = FIELDS.filter(name => filter[name]).map(name => {
    const field = form.elements[name];
    const value = field.tagName === "SELECT" ? field.selectedOptions[0].text : filter[name];
    return field.type === "checkbox" ? words.filter[name] : words.filter[name] + ": " + value;
  });
  const all = several(articles.filter(article => article.program).length, "article").split(" ");
  output.textContent = !on ? "" : say(words.filter.shown, {shown: number.toLocaleString(words.language), all: all[0]})
    + " – " + parts.join(" · ") + (filter.people ? ". " + words.filter.people_note : "")
    + (number ? "" : " " + words.filter.nothing) + ". " + words.filter.folded;
  form.querySelector("button[type=reset]").hidden = !on;
  form.querySelector("details").open ||= on;
  document.body.classList.toggle("filtered", on);
}

/** With a claim chosen, only its side has a column. */
function showSides(filter) {
  const side = filter.claim && facts.claims.find(claim => claim.id === filter.claim).side;
  for (const part of document.querySelectorAll("[data-side-column]")) part.hidden = Boolean(side) && part.dataset.sideColumn !== side;
  for (const row of document.querySelectorAll("tr[data-claim]")) row.hidden ||= Boolean(filter.claim) && row.dataset.claim !== filter.claim;
}

function fillRow(row, filter, on) {
  const party = row.dataset.party, cells = counted.get(party);
  row.hidden = !cells;
  if (!cells) return;
  const number = cells.values().next().value.articles;
  const own = row.querySelector("td.articles"), of = row.querySelector(".of");
  if (own) own.textContent = number.toLocaleString(words.language);
  if (of) of.textContent = several(number, "article") + " · " + several(outletsOf(party), "outlet");
  for (const link of row.querySelectorAll("a.cell")) fill(link, party, cells.get(link.dataset.unit), filter);
}

const outletsOf = party => party === "b:all"
  ? [...counted.keys()].filter(key => key.startsWith("o:")).length
  : facts.outlets.filter(outlet => outlet.bloc === party.slice(2) && counted.has("o:" + outlet.id)).length;

function fillClaim(row, filter) {
  row.hidden = false;
  for (const part of row.querySelectorAll("td[data-party]")) {
    const counts = (counted.get(part.dataset.party) || new Map()).get(row.dataset.claim);
    const link = part.querySelector("a");
    link.textContent = counts && counts.eligible ? counts.included + "/" + counts.eligible : "–";
    link.href = addressOf(filter, {cell: cellOf(link)});
    link.setAttribute("aria-label", say(words.claims.spoken, {party: nameOf(part.dataset.party), claim: unitName(row.dataset.claim),
      included: counts ? counts.included : 0, eligible: counts ? counts.eligible : 0}));
  }
}

function fill(link, party, counts, filter) {
  const unit = link.dataset.unit, people = party.startsWith("b:") && estimate(party, unit, filter);
  const [share, low, high] = people || [counts.share, counts.low, counts.high];
  const bloc = party.startsWith("b:");
  link.href = addressOf(filter, {cell: cellOf(link)});
  const of = counts.eligible ? say(words.blocs.count, counts) : words.blocs.none, few = !people && counts.eligible < FEW;
  link.querySelector("b").textContent = !bloc ? (counts.eligible ? counts.included + "/" + counts.eligible : "–")
    : few ? (counts.eligible ? of : "–") : percent(share, low, high);
  const number = link.querySelector(".count");
  if (number) number.textContent = few && counts.eligible ? "" : of;
  link.querySelector(".rest").textContent = [
    counts.disputed && say(words.blocs.rebut, {number: counts.disputed}),
    counts.early && say(words.blocs.early, {number: counts.early}),
    counts.unseen && say(words.blocs.unseen, {number: counts.unseen})].filter(Boolean).join(" · ");
  fillStrip(link.querySelector(".strip"), counts);
  const dots = link.querySelector(".dots");
  if (dots) fillDots(dots, counts.eligible || people ? share : undefined, low, high, people);
  const told = {party: nameOf(party), side: unitName(unit), included: counts.included, eligible: counts.eligible,
    omitted: counts.omitted, early: counts.early, unseen: counts.unseen};
  link.setAttribute("aria-label", !bloc ? say(words.outlets.spoken, told) : !counts.eligible ? say(words.blocs.spoken_none, told)
    : say(words.blocs.spoken, {...told, percent: percent(share, low, high), low: percent(low), high: percent(high),
      kind: people ? words.blocs.people : words.blocs.raw}));
}

function fillStrip(strip, counts) {
  let begin = 0;
  for (const part of strip.children) {
    const name = PARTS[part.getAttribute("class")];
    const number = name === "included" ? counts.included - counts.disputed : counts[name];
    const width = counts.articles ? 100 * number / counts.articles : 0;
    part.setAttribute("x", tenths(begin) + "%");
    part.setAttribute("width", tenths(width) + "%");
    begin += width;
  }
}

function fillDots(dots, share, low, high, people) {
  dots.setAttribute("class", "dots " + (people ? "people" : "raw"));
  const reach = dots.querySelector(".reach"), mark = dots.querySelector(".mark"), none = share === undefined;
  mark.setAttribute("class", none ? "mark none" : "mark");
  mark.setAttribute("cx", tenths(none ? 0 : 100 * share) + "%");
  reach.setAttribute("x1", tenths(none ? 0 : 100 * low) + "%");
  reach.setAttribute("x2", tenths(none ? 0 : 100 * high) + "%");
}

const tenths = number => String(Math.round(number * 10) / 10);

const nameOf = party => (party.startsWith("o:") ? facts.outlets : facts.blocs).find(one => one.id === party.slice(2)).name;

function unitName(unit) {
  const side = facts.sides.find(side => side.id === unit);
  return side ? side.name : facts.claims.find(claim => claim.id === unit).text;
}

/** Sort the outlets within their blocs by what a heading says. */
function sortBy(heading) {
  const by = heading.dataset.sort, up = heading.getAttribute("aria-sort") === "descending";
  for (const other of heading.parentElement.children) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", up ? "ascending" : "descending");
  counted ||= tally(chosen({}), {});
  const value = row => {
    const cells = counted.get(row.dataset.party);
    if (by === "name") return nameOf(row.dataset.party);
    if (!cells) return -1;
    return by === "articles" ? cells.values().next().value.articles : cells.get(by).share ?? -1;
  };
  for (const group of document.querySelectorAll(".grid tbody")) {
    const rows = [...group.querySelectorAll("tr[data-party]")].map(row => ({row, key: value(row)}));
    rows.sort((one, other) => (typeof one.key === "string" ? other.key.localeCompare(one.key) : other.key - one.key) * (up ? -1 : 1));
    const end = group.querySelector(".empty");
    for (const {row} of rows) group.insertBefore(row, end);
  }
}

for (const heading of document.querySelectorAll("[data-sort]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sort";
  button.textContent = heading.textContent;
  button.title = say(words.outlets.sort, {what: heading.textContent});
  button.addEventListener("click", () => sortBy(heading));
  heading.replaceChildren(button);
}

/** Do what the address says. The page came filled: it is filled anew only where the filter is another one. */
function follow() {
  const said = address(), filter = addressOf(said.filter);
  if (filter !== filledBy) show(said.filter);
  filledBy = filter;
  openReader(said);
}

/** A cell leads to its articles under the filter that is on. */
document.querySelector("main").addEventListener("click", event => {
  const link = event.target.closest("a.cell");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  location.hash = addressOf(address().filter, {cell: cellOf(link)});
});

const cellOf = link => link.closest("[data-party]").dataset.party + "/" + link.dataset.unit;

form.addEventListener("change", () => { location.hash = addressOf(filled()); });
form.addEventListener("submit", event => event.preventDefault());
form.addEventListener("reset", () => { location.hash = "#"; });
form.hidden = false;
addEventListener("hashchange", follow);
