"use strict";
// The page of one article. What is decided lives in the form's own controls; keys only set these.
const $ = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const lying = $("#lying") ? JSON.parse($("#lying").textContent) : null;
const claims = all(".claim");
let chosen = null;   // the claim that digits and stance keys speak of
let digits = "";     // of a sentence's number that could go on
let reason = false;  // whether a digit is a reason why the article cannot be judged

const said = (words) => { $("#said").textContent = words; $("#problem").textContent = ""; };
const nameOf = (claim) => `${claim.dataset.key}, ${claim.dataset.claim}`;
const box = (claim) => $(".included", claim);
const stanceOf = (claim) => $("input[type=radio]:checked", claim).value;

function numbersOf(claim) {
  return [...new Set(($(".sentences", claim).value.match(/\d+/g) || []).map(Number))];
}

function write(claim, numbers) {
  $(".sentences", claim).value = numbers.join(", ");
  draw();
}

function draw() {
  for (const claim of claims) {
    $(".how", claim).hidden = !box(claim).checked;
    claim.classList.toggle("chosen", claim === chosen);
  }
  const marked = chosen && box(chosen).checked ? numbersOf(chosen) : [];
  for (const button of all(".number")) {
    const on = marked.includes(Number(button.dataset.number));
    button.parentElement.classList.toggle("marked", on);
    button.setAttribute("aria-pressed", String(on));
  }
}

function choose(claim) {
  settle();
  chosen = claim;
  reason = false;
  draw();
  if (claim) { claim.scrollIntoView({block: "nearest"}); }
}

function press(claim) {
  const included = box(claim);
  if (!included.checked) {
    included.checked = true;
    if ("about" in claim.dataset && !$("input[name=topic]:checked")) { topic("yes"); }
    choose(claim); said(`${nameOf(claim)}: included, attributed. Its sentences?`);
  } else if (chosen === claim) { included.checked = false; write(claim, []); choose(null); said(`${nameOf(claim)}: not included`); }
  else { choose(claim); said(`${nameOf(claim)}: chosen`); }
}

function toggle(number) {
  if (!chosen) { said("Choose a claim first, by its letter"); return; }
  const numbers = numbersOf(chosen);
  write(chosen, numbers.includes(number) ? numbers.filter((one) => one !== number) : [...numbers, number]);
  said(`${nameOf(chosen)}: sentences ${numbersOf(chosen).join(", ") || "none"}`);
}

function settle() {
  if (digits) { const number = Number(digits); digits = ""; toggle(number); }
}

function digit(key) {
  if (reason) { const radios = all("input[name=cannot]"); if (radios[key - 1]) { radios[key - 1].checked = true; said("Cannot be judged"); } return; }
  if (!chosen && lying.pair.length > 1) { take(Number(key) - 1); return; }
  if (!chosen) { said("Choose a claim first, by its letter"); return; }
  if (Number(digits + key) > lying.sentences) { settle(); }
  if (Number(key) > lying.sentences) { said(`There is no sentence ${key}`); return; }
  digits += key;
  if (Number(digits) * 10 > lying.sentences || digits === "0") { settle(); } else { said(`Sentence ${digits} …`); }
}

function stance(value) {
  settle();
  if (!chosen) { said("Choose a claim first, by its letter"); return; }
  $(`input[value=${value}]`, chosen).checked = true;
  said(`${nameOf(chosen)}: ${value}`);
}

function topic(value) {
  settle();
  $(`input[name=topic][value=${value}]`).checked = true;
  said(value === "yes" ? "On topic" : "Not on topic");
}

function show(coded) {
  all("input[name=topic]").forEach((radio) => { radio.checked = !coded.cannot && (radio.value === "yes") === coded.on_topic; });
  all("input[name=cannot]").forEach((radio) => { radio.checked = radio.value === coded.cannot; });
  for (const claim of claims) {
    const label = coded.labels[claim.dataset.claim];
    box(claim).checked = Boolean(label);
    $(".sentences", claim).value = label ? label.sentences.map((number) => number + 1).join(", ") : "";
    if (label) { $(`input[value=${label.stance}]`, claim).checked = true; }
  }
  $("#note").value = coded.note || "";
  draw();
}

function take(place) {
  if (lying.pair[place]) { choose(null); show(lying.pair[place]); said(`${lying.pair[place].coder}’s coding is taken`); }
}

function answer() {
  const labels = {};
  for (const claim of claims.filter((one) => box(one).checked)) {
    labels[claim.dataset.claim] = {stance: stanceOf(claim), sentences: numbersOf(claim).map((number) => number - 1)};
  }
  const about = $("input[name=topic]:checked");
  const cannot = $("input[name=cannot]:checked");
  return {article: lying.article, version: lying.version, mode: lying.mode, labels: labels, note: $("#note").value,
          on_topic: about ? about.value === "yes" : null, cannot: cannot ? cannot.value : null};
}

let sending = false;
async function send(where, body) {
  if (sending) { return; }
  sending = true;
  try {
    const response = await fetch(where, {method: "POST", body: body === undefined ? "" : JSON.stringify(body)});
    if (response.ok) { location.reload(); return; }
    const refused = await response.json().catch(() => ({problem: response.statusText}));
    $("#problem").textContent = refused.problem;
    if (refused.problem.includes("loaded anew")) { location.reload(); }
  } catch (error) {
    $("#problem").textContent = "Not saved: nobody answers. Is gossi review still running? Start it again and confirm once more.";
  }
  sending = false;
}

function confirmed() { settle(); send("code", answer()); }
const back = () => { if (!$("#undo").disabled) { send("undo"); } };

const plain = {
  y: () => topic("yes"), n: () => topic("no"), z: () => stance("attributed"), w: () => stance("asserted"), x: () => stance("disputed"),
  q: () => { choose(null); reason = true; said("Why can it not be judged? 1 to 4"); }, ",": () => { settle(); $("#note").focus(); },
  " ": settle, Backspace: () => { if (digits) { digits = ""; } else if (chosen) { write(chosen, numbersOf(chosen).slice(0, -1)); } },
  Escape: () => choose(null), Enter: confirmed,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("#rules").open) { return; }
  const at = document.activeElement;
  const typing = at.matches("textarea, input[type=text]");
  if (typing) { if (event.key === "Escape" || (event.key === "Enter" && at.matches("input"))) { at.blur(); event.preventDefault(); } return; }
  if (!$("#single-keys").checked) { return; }
  // Where the focus is on a control, its own keys are its own.
  if (at !== document.body && ["Enter", " "].includes(event.key)) { return; }
  const claim = claims.find((one) => one.dataset.key === event.key);
  let act = null;
  if (event.key === "?") { act = () => $("#rules").showModal(); }
  else if (event.key === "u") { act = back; }
  else if (!lying) { return; }
  else if (claim) { act = () => press(claim); }
  else if (/^\d$/.test(event.key)) { act = () => digit(event.key); }
  else { act = plain[event.key]; }
  if (act) { event.preventDefault(); act(); }
});

// A click of the mouse leaves the keyboard where it was.
document.addEventListener("click", (event) => {
  if (event.detail && event.target.closest("button, label") && !event.target.closest("dialog, textarea, input[type=text]")) { document.activeElement.blur(); }
});
$("#show-rules").addEventListener("click", () => $("#rules").showModal());
$("#hide-rules").addEventListener("click", () => $("#rules").close());
$("#undo").addEventListener("click", back);
if ($("#forward")) { $("#forward").addEventListener("click", () => send("forward")); }
const keys = $("#single-keys");
keys.checked = localStorage.getItem("single-keys") !== "off";
keys.addEventListener("change", () => localStorage.setItem("single-keys", keys.checked ? "on" : "off"));
if (lying) {
  $("#confirm").addEventListener("click", confirmed);
  all(".number").forEach((button) => button.addEventListener("click", () => { settle(); toggle(Number(button.dataset.number)); }));
  all(".take").forEach((button) => button.addEventListener("click", () => take(Number(button.dataset.take))));
  $("#can-be-judged").addEventListener("click", () => all("input[name=cannot]").forEach((radio) => { radio.checked = false; }));
  for (const claim of claims) {
    box(claim).addEventListener("change", () => { if (box(claim).checked) { choose(claim); } else { write(claim, []); choose(null); } });
    $(".sentences", claim).addEventListener("input", draw);
    claim.addEventListener("focusin", () => { if (box(claim).checked && chosen !== claim) { choose(claim); } });
  }
  if (lying.coded) { show(lying.coded); } else { draw(); }
}
