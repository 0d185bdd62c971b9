// Clears an open page once its session has ended: in this tab, in another one, elsewhere, or by itself, whether or not
// the server answers.
"use strict";

{
  const CHECKED_EVERY = 60_000;
  // A page that is not seen asks less often.
  const SKIPPED = 4;
  // The longest time that a timer takes.
  const LONGEST = 2 ** 31 - 1;
  const ENDED = "hallpass-ended";
  const LEAVING = "leaving";
  const GONE = "gone";
  const told = { ...document.getElementById("session")?.dataset };
  let ends = told.session ? Date.now() + Number(told.session) * 1000 : Infinity;
  let isCleared = false;
  let timer;
  let skipped = 0;

  const show = (text, control) => {
    const note = document.createElement("p");
    note.className = "banner";
    note.setAttribute("role", "alert");
    note.textContent = text;
    const main = document.createElement("main");
    main.className = "one-column";
    main.append(note, control);
    document.body.replaceChildren(main);
  };
  const signIn = () => {
    const link = document.createElement("a");
    link.className = "button primary large";
    link.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = told.sessionAgain;
    return link;
  };
  const clear = (text, control = signIn()) => {
    isCleared = true;
    clearTimeout(timer);
    for (const name of Object.keys(document.body.dataset)) delete document.body.dataset[name];
    document.title = "Hallpass";
    document.body.className = "outside";
    show(text, control);
  };
  // A session that ends by itself leaves what its person has typed in a form that was sent; who signs out leaves nothing.
  const forget = () => {
    sessionStorage.clear();
    // A page that the browser has kept in its history is cleared when it comes back.
    sessionStorage.setItem(ENDED, "1");
  };

  const check = async () => {
    const path = `/session${told.workspace ? `?workspace=${encodeURIComponent(told.workspace)}` : ""}`;
    const answer = await fetch(path, { cache: "no-store" }).catch(() => null);
    const left = answer?.ok ? (await answer.json()).seconds : null;
    if (isCleared) return;
    if (left > 0) {
      ends = Date.now() + left * 1000;
      wait();
    } else if (left === 0) {
      clear(told.sessionEnded);
      location.replace(location.pathname + location.search);
    } else if (Date.now() >= ends) clear(told.sessionUnreachable);
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(check, Math.max(0, Math.min(ends - Date.now(), LONGEST)));
  };

  if (told.session !== undefined) {
    const tabs = new BroadcastChannel("hallpass-session");
    sessionStorage.removeItem(ENDED);
    if (told.session === "") check();
    else wait();
    setInterval(() => {
      skipped = document.hidden && Date.now() < ends && skipped < SKIPPED ? skipped + 1 : 0;
      if (skipped === 0 && !isCleared) check();
    }, CHECKED_EVERY);
    document.addEventListener("visibilitychange", () => { if (!document.hidden && !isCleared) check(); });
    addEventListener("pageshow", (event) => {
      if (!event.persisted || isCleared) return;
      if (sessionStorage.getItem(ENDED)) clear(told.sessionEnded);
      else check();
    });
    // Other tabs are cleared at once, and go on when the server has ended the session: before, they would come back.
    tabs.addEventListener("message", ({ data }) => {
      if (!isCleared) {
        forget();
        clear(told.sessionEnded);
      }
      if (data === GONE) location.replace("/sign-in");
    });

    // Signing out clears every page at once, before the server answers.
    addEventListener("submit", async (event) => {
      const form = event.target;
      if (form.getAttribute("action") !== "/sign-out") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const body = new URLSearchParams(new FormData(form));
      forget();
      tabs.postMessage(LEAVING);
      if (!isCleared) clear(told.sessionEnded);
      const answer = await fetch("/sign-out", { method: "POST", body, redirect: "manual" }).catch(() => null);
      if (answer?.type === "opaqueredirect" || answer?.ok) {
        tabs.postMessage(GONE);
        return location.replace("/sign-in");
      }
      const again = document.createElement("form");
      again.method = "post";
      again.setAttribute("action", "/sign-out");
      for (const [name, value] of body) again.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
      again.append(form.querySelector("button"));
      show(told.sessionOpen, again);
    }, true);
  }
}
