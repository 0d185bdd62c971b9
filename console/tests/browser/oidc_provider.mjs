// A real OpenID Connect provider, shaped like any of an organisation's own, like Google and like Microsoft, on a port of
// this machine. It keeps no people: the person whose name is typed signs in.
import { createServer } from "node:http";
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const modules = createRequire(join(process.env.HALLPASS_NODE_MODULES, "x.js"));
const { Provider } = await import(pathToFileURL(modules.resolve("oidc-provider")).href);

export const TENANT = "6f1c1f0e-4a5b-4c6d-8e7f-0123456789ab";

const CLAIMS = ["sub", "email", "email_verified", "name", "hd", "tid", "oid", "groups", "amr"];

const read = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return new URLSearchParams(Buffer.concat(parts).toString());
};

/** A page that shows an address in a frame, as a provider does where people log out of it, and that links to one. */
export const framing = (request, response) => {
  const to = new URL(request.url, "http://x").searchParams.get("to").replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end(`<!doctype html><html lang="en"><title>Logged out</title><h1>The organisation</h1><iframe title="Log out" src="${to}"></iframe><p><a href="${to}">Open</a></p>`);
};

/** What the provider stores, in memory; its clients can be changed, as an administrator does. */
class Adapter {
  static stored = new Map();

  constructor(model) { this.model = model; }

  key(id) { return `${this.model}:${id}`; }

  async upsert(id, payload) { Adapter.stored.set(this.key(id), payload); }

  async find(id) { return Adapter.stored.get(this.key(id)); }

  async findByUid(uid) { return [...Adapter.stored.entries()].find(([key, one]) => key.startsWith(`${this.model}:`) && one.uid === uid)?.[1]; }

  async findByUserCode() { return undefined; }

  async consume(id) { Adapter.stored.get(this.key(id)).consumed = Math.floor(Date.now() / 1000); }

  async destroy(id) { Adapter.stored.delete(this.key(id)); }

  async revokeByGrantId(grant) {
    for (const [key, one] of Adapter.stored) if (one.grantId === grant) Adapter.stored.delete(key);
  }
}

export class OidcPeer {
  /** Starts a provider at `/` and one at the path of a tenant of Microsoft. */
  static async start() {
    const peer = new OidcPeer();
    peer.people = new Map();
    peer.server = createServer((request, response) => peer.serve(request, response).catch((error) => {
      response.writeHead(500).end(String(error.stack));
    }));
    await new Promise((resolve) => { peer.server.listen(0, "127.0.0.1", resolve); });
    peer.base = `http://127.0.0.1:${peer.server.address().port}`;
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const key = { ...privateKey.export({ format: "jwk" }), kid: "k1", use: "sig", alg: "RS256" };
    peer.own = peer.provider(peer.base, "", key);
    peer.microsoft = peer.provider(`${peer.base}/${TENANT}/v2.0`, `/${TENANT}/v2.0`, key);
    return peer;
  }

  provider(issuer, prefix, key) {
    const provider = new Provider(issuer, {
      adapter: Adapter,
      jwks: { keys: [key] },
      cookies: { keys: ["of the tests"] },
      claims: { openid: CLAIMS, email: [], profile: [], auth_time: null },
      conformIdTokenClaims: false,
      scopes: ["openid", "email", "profile"],
      features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
      interactions: { url: (_, interaction) => `${prefix}/login/${interaction.uid}` },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...this.people.get(id) }) }),
      // By itself it calls no address of this machine, as our server does not.
      fetch: (url, options) => globalThis.fetch(url, { ...options, dispatcher: undefined }),
      // Everyone has agreed before.
      loadExistingGrant: async (ctx) => {
        const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
        grant.addOIDCScope("openid email profile");
        await grant.save();
        return grant;
      },
      ttl: { Session: 3600, Grant: 3600, Interaction: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
    });
    provider.on("server_error", (_, error) => console.error(error));
    provider.on("backchannel.error", (_, error) => console.error(error));
    return provider;
  }

  async serve(request, response) {
    const prefix = `/${TENANT}/v2.0`;
    if (request.url.startsWith("/leaving?") || request.url.startsWith("/elsewhere?")) {
      framing(request, response);
      return;
    }
    const provider = request.url.startsWith(prefix) ? this.microsoft : this.own;
    if (provider === this.microsoft) {
      request.originalUrl = request.url;
      request.url = request.url.slice(prefix.length) || "/";
    }
    if (!request.url.startsWith("/login/")) {
      await provider.callback()(request, response);
      return;
    }
    if (request.method === "GET") {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.end(`<!doctype html><html lang="en"><title>Log in</title><h1>The organisation</h1><form method="post"><label>Person <input name="person"></label><button>Log in</button></form>`);
      return;
    }
    const accountId = (await read(request)).get("person");
    await provider.interactionFinished(request, response, { login: { accountId, ts: this.told_at ?? Math.floor(Date.now() / 1000) } });
  }

  /** Registers a client; returns what an administrator copies. */
  register(provider, changes = {}) {
    const client = { client_id: `client-${Adapter.stored.size}`, client_secret: "a secret of the tests, long enough", redirect_uris: [`${this.base}/none`],
      grant_types: ["authorization_code"], response_types: ["code"], ...changes };
    Adapter.stored.set(`Client:${client.client_id}`, client);
    return client;
  }

  /** The ids that the sessions of a person at the provider have at a client. */
  sids(clientId, accountId) {
    const sessions = [...Adapter.stored].filter(([key, one]) => key.startsWith("Session:") && one.accountId === accountId);
    return sessions.map(([, one]) => one.authorizations?.[clientId]?.sid).filter(Boolean);
  }

  /** A token of the provider with other claims, signed with its key. */
  async token(clientId, claims) {
    const client = await this.own.Client.find(clientId);
    const token = new this.own.IdToken({ sub: claims.sub }, { client });
    for (const [name, value] of Object.entries(claims)) token.set(name, value);
    return token.issue({ use: "logout" });
  }

  stop() { this.server.closeAllConnections(); this.server.close(); }
}
