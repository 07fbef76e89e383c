// Passkeys: asks the server for a challenge, lets the device answer it, and sends the answer with the form it stands in.
// A form[data-passkey] holds the address of the question; data-passkey-new makes a key instead of using one.
document.documentElement.classList.replace("no-js", "js");

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// Browsers of before 2025 cannot change JSON into options and back themselves.
function options(asked) {
  const found = { ...asked, challenge: bytes(asked.challenge) };
  if (asked.user) found.user = { ...asked.user, id: bytes(asked.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (asked[list]) found[list] = asked[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return found;
}

function answer(made) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[name]) response[name] = text(made.response[name]);
  }
  return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const say = (sentence) => { form.querySelector("[role=status]").textContent = sentence; };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!globalThis.PublicKeyCredential) return say("Deze browser kan dit niet. Kies een andere manier.");
    say("Volg wat uw apparaat vraagt.");
    try {
      const response = await fetch(form.dataset.passkey, { method: "POST", headers: { "driekolom-deel": "1" }, signal: AbortSignal.timeout(15000) });
      if (!response.ok) throw new Error(response.status);
      const publicKey = options(await response.json());
      const made = "passkeyNew" in form.dataset ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
      form.elements.antwoord.value = answer(made);
      form.submit();
    } catch (problem) {
      say(problem.name === "InvalidStateError" ? "Op dit apparaat is dit al ingesteld." : "Dit is niet gelukt. Probeer het opnieuw, of kies een andere manier.");
    }
  });
}
