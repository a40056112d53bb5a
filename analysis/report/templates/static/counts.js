"use strict";
// What is counted of the articles that a filter leaves, by the rules of analysis/measuring/*.sql.

const facts = JSON.parse(document.getElementById("facts").textContent);
const words = facts.words;
const DAY = 86400000;
const FEW = 10; // of fewer articles a program's count is no percentage (words.py)

const articles = (() => {
  const program = facts.program.split(","), people = facts.people.split(",");
  return facts.outlet.map((outlet, row) => ({
    row, outlet: facts.outlets[outlet], language: facts.languages[facts.language[row]], day: facts.day[row],
    text: facts.text[row], original: facts.original[row] === "1", program: program[row], people: people[row],
  }));
})();

const claimsOf = new Map(facts.sides.map(side => [side.id,
  facts.claims.map((claim, no) => claim.side === side.id ? no : -1).filter(no => no >= 0)]));
facts.claims.forEach((claim, no) => claimsOf.set(claim.id, [no]));

/** The state of a side, or of a claim: a asserted, t attributed, d disputed, o left out, n not yet public, x not observable. */
function state(letters, unit) {
  const found = claimsOf.get(unit).map(no => letters[no]);
  return ["a", "t", "d", "o", "n"].find(letter => found.includes(letter)) || "x";
}

/** The articles that a filter leaves, with the letters of the coder who is asked: a person, or the program. */
function chosen(filter) {
  const first = filter.from ? Date.parse(filter.from) / DAY : -Infinity;
  const last = filter.to ? Date.parse(filter.to) / DAY : Infinity;
  const dated = filter.from || filter.to;
  return articles.map(article => ({article, letters: filter.people ? article.people : article.program}))
    .filter(({article, letters}) => letters
      && (!filter.bloc || article.outlet.bloc === filter.bloc)
      && (!filter.country || article.outlet.country === filter.country)
      && (!filter.ownership || article.outlet.ownership === filter.ownership)
      && (!filter.outlet || article.outlet.id === filter.outlet)
      && (!filter.language || article.language === filter.language)
      && (!filter.originals || article.original)
      && (!dated || article.day !== null && article.day >= first && article.day <= last));
}

/** Party ("b:" and a bloc, "o:" and an outlet, "b:all") → unit → counts. `filter.claim` stands for its side's whole account. */
function tally(found, filter) {
  const parties = new Map();
  const units = [...facts.sides.map(side => side.id), ...facts.claims.map(claim => claim.id)];
  for (const {article, letters} of found) {
    const owners = ["b:all", "b:" + article.outlet.bloc, "o:" + article.outlet.id];
    for (const unit of units) {
      const letter = state(letters, stands(unit, filter));
      for (const party of owners) count(cell(parties, party, unit), letter, article.text);
    }
  }
  for (const cells of parties.values()) for (const counts of cells.values()) finish(counts);
  return parties;
}

function stands(unit, filter) {
  const claim = filter.claim && facts.claims.find(claim => claim.id === filter.claim);
  return claim && claim.side === unit ? claim.id : unit;
}

function cell(parties, party, unit) {
  if (!parties.has(party)) parties.set(party, new Map());
  const cells = parties.get(party);
  if (!cells.has(unit)) {
    cells.set(unit, {articles: 0, included: 0, disputed: 0, omitted: 0, early: 0, unseen: 0, texts: new Map()});
  }
  return cells.get(unit);
}

function count(counts, letter, text) {
  counts.articles += 1;
  if (letter === "n") counts.early += 1;
  else if (letter === "x") counts.unseen += 1;
  else {
    if (letter === "o") counts.omitted += 1; else counts.included += 1;
    if (letter === "d") counts.disputed += 1;
    if (text) counts.texts.set(text, (counts.texts.get(text) || 0) + 1);
  }
}

/** Share and interval; a text printed several times says no more than once (Kish 1965). */
function finish(counts) {
  counts.eligible = counts.included + counts.omitted;
  if (!counts.eligible) return;
  let excess = 0;
  for (const copies of counts.texts.values()) excess += copies * copies - copies;
  const texts = counts.eligible ** 2 / (counts.eligible + excess);
  const share = counts.included / counts.eligible;
  counts.share = millionths(share);
  [counts.low, counts.high] = wilson(share, texts).map(millionths);
}

/** Wilson's 95 % interval (1927). */
function wilson(share, texts) {
  const z = 1.959964, middle = share + z ** 2 / (2 * texts), whole = 1 + z ** 2 / texts;
  const reach = z * Math.sqrt(share * (1 - share) / texts + z ** 2 / (4 * texts ** 2));
  return [Math.max(0, (middle - reach) / whole), Math.min(1, (middle + reach) / whole)];
}

const millionths = number => Math.round(number * 1e6) / 1e6;

/** What people's sample says of a bloc, or of all: made in SQL for all articles, each bloc and each language, and for no other slice. */
function estimate(party, unit, filter) {
  const set = Object.keys(filter).filter(name => filter[name]);
  let key;
  if (!set.length || set.length === 1 && filter.bloc) key = party === "b:all" ? (filter.bloc ? "bloc:" + filter.bloc : "all:all") : "bloc:" + party.slice(2);
  else if (set.length === 1 && filter.language && party === "b:all") key = "language:" + filter.language;
  return (facts.estimates[key] || {})[unit];
}

/** A share in percent, in steps that its interval allows, as words.py has it. */
function rounded(share, low, high) {
  const step = high - low > 0.2 ? 5 : 1;
  return Math.floor(share * 100 / step + 0.5) * step;
}

const percent = (share, low, high) =>
  share === undefined || share === null ? "–" : say(words.percent, {number: rounded(share, low, high)});

/** Words with values in the places of their {braces}. */
const say = (text, values) => text.replace(/\{(\w+)\}/g, (brace, name) => name in values ? values[name] : brace);

const several = (number, noun) => number.toLocaleString(words.language) + " " + words.nouns[noun][number === 1 ? 0 : 1];
