// Passkeys and recovery codes, on the pages that have them.
"use strict";

{
  const known = window.PublicKeyCredential;
  const can = known && known.parseCreationOptionsFromJSON && known.parseRequestOptionsFromJSON;

  // Sends the answer of a device as a form, so that the server decides where to go on.
  const send = (form, credential) => {
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.submit();
  };

  const fail = (form, error) => {
    if (error.name === "AbortError") return;
    const note = form.querySelector("[data-failed]");
    note.textContent = note.dataset.failed;
    note.hidden = false;
  };

  const begin = async () => {
    const response = await fetch("/api/v1/sessions/passkey/options", { method: "POST" });
    if (!response.ok) throw new Error(response.statusText);
    const { ceremony, options } = await response.json();
    return [ceremony, known.parseRequestOptionsFromJSON(options)];
  };

  const signIn = (form) => {
    let waiting;
    const ask = async (mediation) => {
      waiting?.abort();
      waiting = new AbortController();
      const { signal } = waiting;
      const [ceremony, publicKey] = await begin();
      const credential = await navigator.credentials.get({ publicKey, mediation, signal });
      form.elements.ceremony.value = ceremony;
      sessionStorage.setItem("passkey", JSON.stringify([publicKey.rpId, credential.id]));
      send(form, credential);
    };
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask("optional").catch((error) => fail(form, error));
    });
    if (document.querySelector("[autocomplete~=webauthn]")) {
      known.isConditionalMediationAvailable?.()
        .then((available) => available && ask("conditional"))
        .catch(() => {});
    }
  };

  const create = (form) => {
    document.querySelector("[data-passkey-missing]").hidden = true;
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const publicKey = known.parseCreationOptionsFromJSON(JSON.parse(form.dataset.options));
      navigator.credentials.create({ publicKey })
        .then((credential) => send(form, credential))
        .catch((error) => fail(form, error));
    });
  };

  for (const form of document.querySelectorAll("[data-passkey]")) {
    if (can) (form.dataset.passkey === "get" ? signIn : create)(form);
  }

  // After a sign-in by a passkey that the server does not know.
  const refused = document.querySelector("[data-unknown-passkey]");
  const last = sessionStorage.getItem("passkey");
  sessionStorage.removeItem("passkey");
  if (refused && last) {
    const [rpId, credentialId] = JSON.parse(last);
    known?.signalUnknownCredential?.({ rpId, credentialId }).catch(() => {});
  }

  // After a change of the passkeys of the account: which ones are left.
  const left = document.querySelector("[data-passkeys]");
  if (left) known?.signalAllAcceptedCredentials?.(JSON.parse(left.dataset.passkeys)).catch(() => {});

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const lines = document.querySelectorAll(`#${button.dataset.copy} li`);
      await navigator.clipboard.writeText([...lines].map((line) => line.textContent.trim()).join("\n"));
      button.lastChild.textContent = button.dataset.copied;
    });
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
