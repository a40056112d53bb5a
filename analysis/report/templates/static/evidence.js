"use strict";
// The reader: the articles behind a cell, and in each the sentences that give a claim, with what they rest on.

const reader = document.getElementById("reader");
const evidence = new Map(), asked = new Map();
const STATES = {included: "atd", omitted: "o", not_yet_public: "n", not_observable: "x"};
const STANCES = {a: "asserted", t: "attributed", d: "disputed"};
const AT_ONCE = 50;

/** An evidence file calls this with what it has of an outlet. */
function readEvidence(outlet, told) {
  evidence.set(outlet, new Map(told.map(article => [article.row, article])));
}
window.readEvidence = readEvidence;

/** The evidence of an outlet: from the page, or from the file that has it. */
function evidenceOf(outlet) {
  if (evidence.has(outlet)) return Promise.resolve(evidence.get(outlet));
  const inside = [...document.querySelectorAll("script.evidence")].find(part => part.dataset.outlet === outlet);
  if (inside) {
    readEvidence(outlet, JSON.parse(inside.textContent));
    return Promise.resolve(evidence.get(outlet));
  }
  const file = facts.places[outlet];
  if (!asked.has(file)) asked.set(file, load(file));
  return asked.get(file).then(() => evidence.get(outlet));
}

function load(file) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = file;
    script.onload = resolve;
    script.onerror = () => reject(new Error(say(words.evidence.unloaded, {file})));
    document.head.append(script);
  });
}

/** An element with text or other elements in it; a text is never taken for mark-up. */
function make(tag, attributes = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) element.setAttribute(name, value);
  element.append(...content.filter(part => part !== null && part !== ""));
  return element;
}

/** What a text from the web would hide, as its code point; visible.py has the same. */
const visible = text => text.replace(
  /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]/g,
  found => "⟨U+" + found.codePointAt(0).toString(16).toUpperCase().padStart(4, "0") + "⟩");

/** A link to an address of the web, and to no other kind. */
const link = (url, text) => /^https?:\/\//.test(url)
  ? make("a", {href: url, rel: "noopener noreferrer", target: "_blank"}, text) : make("code", {}, visible(url));

function when(moment, precision) {
  if (!moment) return words.reasons.no_date;
  const [, year, month, day, clock] = /^(\d+)-(\d+)-(\d+)T(\d+:\d+)/.exec(moment);
  const told = Number(day) + " " + words.months[Number(month) - 1] + " " + year;
  return precision === "day" || precision === "unknown" ? told : told + ", " + clock + " UTC";
}

/** Open the reader on what the address says, or close it. */
function openReader({filter, cell, state: wanted, article}) {
  const [, party, unit] = /^([bo]:[^/]+)\/(.+)$/.exec(cell) || [];
  const known = party && claimsOf.has(unit) && (party.startsWith("o:") ? facts.outlets : facts.blocs).some(one => one.id === party.slice(2));
  if (!known) { if (reader.open) reader.close(); return; }
  const asked = stands(unit, filter);
  const here = chosen(filter).filter(({article}) => party === "b:all" || party === "b:" + article.outlet.bloc || party === "o:" + article.outlet.id)
    .map(({article, letters}) => ({article, letter: state(letters, asked)}));
  const name = STATES[wanted] ? wanted : Object.keys(STATES).find(name => here.some(({letter}) => STATES[name].includes(letter))) || "included";
  document.getElementById("reader-title").textContent = visible(say(words.evidence.title, {party: nameOf(party), side: unitName(asked)}));
  reader.querySelector(".tabs").replaceChildren(...Object.keys(STATES).map(state => {
    const number = here.filter(({letter}) => STATES[state].includes(letter)).length;
    return make("a", {href: addressOf(filter, {cell, state}), class: state, "aria-current": state === name ? "true" : null},
      words.states[state] + " (" + number.toLocaleString(words.language) + ")");
  }));
  const list = reader.querySelector(".list");
  const found = here.filter(({letter}) => STATES[name].includes(letter)).map(({article}) => article);
  list.replaceChildren(...(found.length ? [] : [make("p", {}, words.evidence.no_article)]));
  if (!reader.open) reader.showModal();
  reader.scrollTop = 0;
  listed(list, found, 0, asked, Number(article));
}

/** Append some of the articles, and a button for more. */
async function listed(list, found, begin, unit, open) {
  const key = list.dataset.key = String(Math.random());
  for (const article of found.slice(begin, begin + AT_ONCE)) {
    let told;
    try { told = (await evidenceOf(article.outlet.id)).get(article.row); }
    catch (error) { list.append(make("p", {class: "warning"}, error.message)); return; }
    if (list.dataset.key !== key) return;
    list.append(told ? shown(article, told, unit, article.row === open || found.length === 1)
      : make("p", {class: "note"}, visible(article.outlet.name) + ": " + say(words.evidence.missing, {limit: facts.limit})));
  }
  const left = found.length - begin - AT_ONCE;
  if (left > 0) {
    const more = make("button", {type: "button"}, say(words.evidence.more, {number: Math.min(left, AT_ONCE)}));
    more.addEventListener("click", () => { more.remove(); listed(list, found, begin + AT_ONCE, unit, open); });
    list.append(more);
  }
}

/** An article: its headline, and when opened all that its codings rest on. */
function shown(article, told, unit, open) {
  const head = make("summary", {},
    make("bdi", {lang: article.language, class: "headline"}, visible(told.headline || told.url)),
    make("span", {class: "of"}, visible(article.outlet.name) + " · " + when(told.published, told.precision)
      + (told.reason ? " · " + (words.reasons[told.reason] || told.reason) : "")));
  const details = make("details", {class: "article"}, head);
  const fillIn = () => { if (details.open && details.children.length === 1) details.append(...inside(article, told, unit)); };
  details.addEventListener("toggle", fillIn);
  details.open = open;
  return details;
}

function inside(article, told, unit) {
  const marked = claimsOf.get(unit);
  const since = facts.claims.filter((claim, no) => marked.includes(no)).map(claim => claim.public);
  const parts = [make("p", {class: "of"}, say(words.evidence.public, {time: [...new Set(since)].join("; ")}))];
  if (told.copy) parts.push(make("p", {class: "of"}, say(words.evidence.copy, {source: visible(told.copy)})));
  if (told.agency) parts.push(make("p", {class: "of"}, say(words.evidence.agency, {agency: told.agency})));
  const read = new Map((told.read || []).map(([claim, stance, sentences]) => [claim, {stance, sentences}]));
  if (told.coder) parts.push(make("p", {class: "of"}, say(read.size ? words.evidence.person : words.evidence.person_all, {coder: visible(told.coder)})));
  for (const sentence of told.sentences) parts.push(quoted(sentence, article, told, marked, read));
  if (!told.sentences.length) parts.push(make("p", {}, words.evidence.none));
  parts.push(captured(article, told));
  return parts;
}

/** A sentence with the claims that it gives, those asked for first to the eye. */
function quoted([number, text, before, after, claims], article, told, marked, read) {
  const codes = claims.map(([claim, stance, score, chance, matched]) => coded(claim, stance, score, chance, matched, marked));
  for (const [claim, {stance, sentences}] of read) {
    if (sentences.includes(number)) {
      codes.push(make("li", {class: marked.includes(claim) ? "asked" : null}, tag(claim), " ", stanceOf(stance), " ",
        make("span", {class: "of"}, say(words.evidence.person_marked, {coder: visible(told.coder)}))));
    }
  }
  const asked = claims.some(([claim]) => marked.includes(claim)) || [...read].some(([claim, one]) => marked.includes(claim) && one.sentences.includes(number));
  return make("figure", {class: asked ? "quote asked" : "quote"},
    make("blockquote", {dir: "auto", lang: article.language},
      before ? make("span", {class: "context"}, "… " + visible(before)) : "", make("mark", {}, visible(text)),
      after ? make("span", {class: "context"}, visible(after) + " …") : ""),
    make("figcaption", {}, make("span", {class: "of"}, number < 0 ? words.evidence.headline : say(words.evidence.sentence, {number: number + 1})),
      make("ul", {}, ...codes)));
}

function tag(claim) {
  const side = facts.sides.findIndex(side => side.id === facts.claims[claim].side);
  return make("span", {class: "tag side-" + side % 8}, facts.sides[side].name + ": " + facts.claims[claim].text);
}

const stanceOf = stance => make("span", {class: "stance " + STANCES[stance]}, words.stances[STANCES[stance]]);

function coded(claim, stance, score, chance, matched, marked) {
  const speaker = facts.sides.find(side => matched.includes(": " + side.id + " speaks"));
  const why = [say(words.evidence.score, {score})].concat(chance === null ? [] : [say(words.evidence.chance, {chance})]);
  return make("li", {class: marked.includes(claim) ? "asked" : null}, tag(claim), " ", stanceOf(stance), " ",
    speaker ? make("span", {class: "of"}, say(words.evidence.speaker, {side: speaker.name}) + ". ") : "",
    make("details", {}, make("summary", {}, words.evidence.spoke),
      make("p", {class: "of"}, words.evidence.program + ": " + why.join("; ")),
      make("ul", {class: "of"}, ...matched.split("; ").map(part => make("li", {}, make("bdi", {}, visible(part)))))));
}

function captured(article, told) {
  const stamp = (told.captured || "").replace(/\D/g, "").slice(0, 14);
  const web = /^https?:\/\//.test(told.url);
  return make("p", {class: "capture"},
    web ? link(told.url, words.evidence.live) : link(told.url), web ? " · " : "",
    web ? link("https://web.archive.org/web/" + stamp + "/" + told.url, words.evidence.archived) : "",
    make("span", {}, " · " + words.evidence.captured + " " + when(told.captured, "minute")),
    told.file ? make("span", {}, " · " + words.evidence.capture + " ", make("code", {}, visible(told.file)), " " + words.evidence.at_byte + " " + told.offset + ", ", make("code", {}, told.digest || "")) : "");
}

reader.querySelector(".close").addEventListener("click", () => reader.close());
reader.addEventListener("click", event => { if (event.target === reader) reader.close(); });
reader.addEventListener("close", () => { const said = address(); if (said.cell) location.hash = addressOf(said.filter); });
document.documentElement.classList.add("scripted");
follow();
