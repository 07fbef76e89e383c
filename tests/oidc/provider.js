// A real OpenID provider (npm oidc-provider) for the tests: whoever presses the button has signed in. Never part of the
// product. Started by tests/signin/real.py with PORT and CALLBACK; says "ready" when it listens.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const { PORT, CALLBACK, SECRET } = process.env;
const issuer = `http://127.0.0.1:${PORT}`;
const people = {
  jan: { email: "jan@voorbeeld.test", email_verified: true, name: "Jan Bakker" },
  onbekend: { email: "onbekend@voorbeeld.test", email_verified: true, name: "Niemand Uitgenodigd" },
  losvast: { email: "karin@voorbeeld.test", email_verified: false, name: "Karin Smit" },
};

const provider = new Provider(issuer, {
  clients: [{ client_id: "driekolom", client_secret: SECRET, redirect_uris: [CALLBACK], post_logout_redirect_uris: [new URL("/aanmelden", CALLBACK).href] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  cookies: { keys: ["only for tests"] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  interactions: { url: (_, interaction) => `/wie/${interaction.uid}` },
  pkce: { required: () => true },
  ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, AuthorizationCode: 60, IdToken: 600 },
});
const callback = provider.callback();

createServer(async (request, response) => {
  if (!request.url.startsWith("/wie/")) return callback(request, response);
  try {
    const { params } = await provider.interactionDetails(request, response);
    const accountId = new URL(request.url, issuer).searchParams.get("als");
    if (!people[accountId]) {
      const links = Object.keys(people).map((id) => `<p><a href="?als=${id}">Ik ben ${id}</a></p>`).join("");
      response.setHeader("content-type", "text/html; charset=utf-8");
      return response.end(`<!doctype html><html lang="nl"><title>Wie bent u?</title><h1>Wie bent u?</h1>${links}</html>`);
    }
    const grant = new provider.Grant({ accountId, clientId: params.client_id });
    grant.addOIDCScope("openid email profile");
    return provider.interactionFinished(request, response, { login: { accountId }, consent: { grantId: await grant.save() } });
  } catch (problem) {
    response.statusCode = 500;
    return response.end(String(problem));
  }
}).listen(Number(PORT), "127.0.0.1", () => console.log("ready"));
