// Small things that make a page calmer with JavaScript. Everything works without it.
document.documentElement.classList.replace("no-js", "js");

// Text boxes grow with their text where the browser does not do that by itself.
if (!CSS.supports("field-sizing", "content")) {
  const grow = (box) => { box.style.height = "auto"; box.style.height = `${box.scrollHeight + 2}px`; };
  document.addEventListener("input", (event) => { if (event.target.matches("textarea")) grow(event.target); });
  document.querySelectorAll("textarea").forEach(grow);
}

// An option that excludes the others (or those of its group) takes their ticks away (and says so by the ticks themselves).
document.addEventListener("change", (event) => {
  const box = event.target;
  if (!box.matches('input[type="checkbox"][name="waarde"]') || !box.checked) return;
  const others = [...box.form.querySelectorAll('input[type="checkbox"][name="waarde"]')].filter((o) => o !== box);
  const excludes = (o) => [box, o].some((b) => b.hasAttribute("data-alone")) || (box.dataset.group && box.dataset.group === o.dataset.group);
  others.filter(excludes).forEach((o) => { o.checked = false; });
}, { capture: true });

// A long summary above the first question is folded on a phone.
if (matchMedia("(max-width: 40em)").matches) {
  document.querySelectorAll('details[data-narrow="closed"]').forEach((fold) => { fold.open = false; });
}

// "Kopieer": puts the text of the element it names on the clipboard.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const said = document.getElementById(button.dataset.said);
  try {
    await navigator.clipboard.writeText(source.value ?? source.innerText);
    if (said) said.textContent = "Gekopieerd.";
  } catch {
    getSelection().selectAllChildren(source);
    if (said) said.textContent = "De tekst is geselecteerd. Kopieer hem met Ctrl + C.";
  }
});

// Leaving the overview marks what was listed there as seen (without JavaScript there is a button for it).
const seen = document.querySelector("form[data-seen]");
if (seen) {
  addEventListener("pagehide", () => navigator.sendBeacon(seen.action, new URLSearchParams(new FormData(seen))));
}

// How much still fits, from 80 % on; before that a limit is only in the way.
document.addEventListener("input", (event) => {
  const box = event.target;
  const limit = Number(box.dataset?.limit ?? 0);
  if (!limit) return;
  let said = box.nextElementSibling?.matches("[data-left]") ? box.nextElementSibling : null;
  if (box.value.length < limit * 0.8) { said?.remove(); return; }
  if (!said) {
    said = document.createElement("p");
    said.dataset.left = "";
    said.className = "field__help";
    said.setAttribute("aria-live", "polite");
    box.after(said);
  }
  const left = limit - box.value.length;
  said.textContent = left >= 0 ? `Er passen nog ${left} tekens.` : `De tekst is ${-left} tekens te lang.`;
});

// The editor for texts that several people write in is large: for a chapter it comes after the page itself has been drawn,
// for a short text when somebody begins to write in it, or left something in this browser that was not saved.
let coming = null;
function fetchEditor(address) {
  coming ??= new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = () => { coming = null; script.remove(); fail(new Error("no editor")); };
    document.head.append(script);
  });
  return coming;
}
const chapter = document.querySelector("[data-samen]");
if (chapter) requestAnimationFrame(() => setTimeout(() => fetchEditor(chapter.dataset.script).catch(() => {})));

function beginWriting(event) {
  const form = event.target.closest?.("form[data-samen-veld]");
  const template = document.getElementById("samen-veld");
  if (!form || !template || form.dataset.open || !globalThis.WebSocket) return;
  fetchEditor(template.dataset.script).then(() => globalThis.driekolomVeld(form)).catch(() => {}); // then the form does it
}
document.addEventListener("focusin", beginWriting);
document.addEventListener("driekolom:open", beginWriting);
