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
