// A small SAML identity provider on a port of this machine, on samlify: it reads our metadata, verifies our signed requests,
// and signs and encrypts by a library that shares no code with ours.
import { framing } from "./oidc_provider.mjs";
import { createServer } from "node:http";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRequire } from "node:module";

const modules = createRequire(join(process.env.HALLPASS_NODE_MODULES, "x.js"));
const samlify = modules("samlify");
samlify.setSchemaValidator({ validate: async () => "the metadata and requests of the tests are read by the library alone" });

const GCM = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
const OAEP = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";

const read = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return new URLSearchParams(Buffer.concat(parts).toString());
};

/** A key with a certificate of its own. */
const certify = () => {
  const folder = mkdtempSync(join(tmpdir(), "saml-"));
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ format: "pem", type: "pkcs8" });
  writeFileSync(join(folder, "key.pem"), key);
  execFileSync("openssl", ["req", "-x509", "-new", "-key", join(folder, "key.pem"), "-subj", "/CN=idp", "-days", "2", "-out", join(folder, "cert.pem")]);
  const certificate = readFileSync(join(folder, "cert.pem"), "utf8");
  rmSync(folder, { recursive: true });
  return { key, certificate };
};

export class SamlPeer {
  static async start() {
    const peer = new SamlPeer();
    peer.server = createServer((request, response) => peer.serve(request, response).catch((error) => {
      response.writeHead(500).end(String(error.stack ?? error));
    }));
    await new Promise((resolve) => { peer.server.listen(0, "127.0.0.1", resolve); });
    peer.base = `http://127.0.0.1:${peer.server.address().port}`;
    const { key, certificate } = certify();
    peer.setting = {
      entityID: `${peer.base}/metadata`,
      wantLogoutResponseSigned: true,
      privateKey: key,
      signingCert: certificate,
      wantAuthnRequestsSigned: true,
      requestSignatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
      dataEncryptionAlgorithm: GCM,
      keyEncryptionAlgorithm: OAEP,
      nameIDFormat: ["urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"],
      singleSignOnService: [{ Binding: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect", Location: `${peer.base}/sso` }],
      singleLogoutService: [{ Binding: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect", Location: `${peer.base}/slo` }],
    };
    peer.isEncrypted = false;
    peer.requests = [];
    peer.answers = [];
    return peer;
  }

  get provider() { return samlify.IdentityProvider({ ...this.setting, isAssertionEncrypted: this.isEncrypted }); }

  get metadata() { return this.provider.getMetadata(); }

  /** Reads the metadata of the service, as its administrator loads it. */
  async trust(url) {
    const answer = await fetch(url);
    this.service = samlify.ServiceProvider({ metadata: await answer.text(), wantLogoutRequestSigned: true });
  }

  async serve(request, response) {
    const url = new URL(request.url, this.base);
    const page = (body) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.end(`<!doctype html><html lang="en"><title>Log in</title><h1>The organisation</h1>${body}`);
    };
    const escape = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
    if (url.pathname === "/slo") {
      const query = Object.fromEntries(url.searchParams);
      const octetString = url.search.slice(1).split("&Signature=")[0];
      const read = await this.provider.parseLogoutResponse(this.service, "redirect", { query, octetString });
      this.answers.push(read.extract);
      page("<p>Logged out</p>");
      return;
    }
    if (url.pathname === "/elsewhere") {
      framing(request, response);
      return;
    }
    if (url.pathname === "/start") {
      page(this.form(await this.response(url.searchParams.get("person"), null), ""));
      return;
    }
    if (url.pathname !== "/sso") { response.writeHead(404).end(); return; }
    if (request.method === "GET") {
      page(`<form method="post" action="${escape(request.url)}"><label>Person <input name="person"></label><button>Log in</button></form>`);
      return;
    }
    const query = Object.fromEntries(url.searchParams);
    const octetString = url.search.slice(1).split("&Signature=")[0];
    const { extract } = await this.provider.parseLoginRequest(this.service, "redirect", { query, octetString });
    this.requests.push({ ...extract.request, xml: samlify.Utility.inflateString(query.SAMLRequest) });
    page(this.form(await this.response((await read(request)).get("person"), extract.request.id), query.RelayState));
  }

  form(response, relayState) {
    return `<form method="post" action="${this.service.entityMeta.getAssertionConsumerService("post")}">
      <input type="hidden" name="SAMLResponse" value="${response}"><input type="hidden" name="RelayState" value="${relayState}"><button>Continue</button></form>`;
  }

  /** A signed response about a person, to a request or to none. */
  async response(person, request) {
    const at = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString();
    const acs = this.service.entityMeta.getAssertionConsumerService("post");
    this.session = `_${randomUUID()}`;
    const values = {
      ID: `_${randomUUID()}`, AssertionID: `_${randomUUID()}`, Destination: acs, Audience: this.service.entityMeta.getEntityID(), SubjectRecipient: acs,
      EntityID: this.setting.entityID, Issuer: this.setting.entityID, IssueInstant: at(0), AssertionConsumerServiceURL: acs,
      StatusCode: "urn:oasis:names:tc:SAML:2.0:status:Success", ConditionsNotBefore: at(-1), ConditionsNotOnOrAfter: at(5),
      SubjectConfirmationDataNotOnOrAfter: at(5), NameIDFormat: this.setting.nameIDFormat[0], NameID: person, InResponseTo: request ?? "",
      AuthnStatement: `<saml:AuthnStatement AuthnInstant="${this.authenticatedAt ?? at(0)}" SessionIndex="${this.session}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
      AttributeStatement: `<saml:AttributeStatement><saml:Attribute Name="email" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic"><saml:AttributeValue>${person}@northwind.example</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`,
    };
    const fill = (template) => {
      let context = Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), template);
      if (!request) context = context.replaceAll(' InResponseTo=""', "");
      return { id: values.ID, context };
    };
    const { context } = await this.provider.createLoginResponse(this.service, { extract: { request: { id: request } } }, "post", {},
      { customTagReplacement: fill, encryptThenSign: false });
    return context;
  }

  /** The address to which the provider sends the browser of a person who logs out. */
  logout(person, session = this.session) {
    const fill = (template, tags) => {
      const id = `_${randomUUID()}`;
      const values = { ...tags, ID: id, NameID: person, NameIDFormat: this.setting.nameIDFormat[0], SessionIndex: session };
      return { id, context: Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), template) };
    };
    return this.provider.createLogoutRequest(this.service, "redirect", { logoutNameID: person, sessionIndex: session }, "of the provider", fill).context;
  }

  stop() { this.server.closeAllConnections(); this.server.close(); }
}
