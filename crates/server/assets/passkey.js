// Passkeys: the one thing on these pages that needs a script. Where a browser knows none, nothing of this
// is seen.
"use strict";
(() => {
  const known = globalThis.PublicKeyCredential;
  if (!known?.parseCreationOptionsFromJSON || !known.parseRequestOptionsFromJSON) return;
  for (const offer of document.querySelectorAll("[data-passkey-offer]")) offer.hidden = false;
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const options = JSON.parse(form.dataset.options);
  const failed = document.getElementById("passkey-failed");
  const asked = () =>
    form.dataset.passkey === "make"
      ? navigator.credentials.create({ publicKey: known.parseCreationOptionsFromJSON(options) })
      : navigator.credentials.get({ publicKey: known.parseRequestOptionsFromJSON(options) });
  let busy = false;
  const ask = async () => {
    if (busy) return;
    busy = true;
    failed.hidden = true;
    try {
      const answer = await asked();
      form.elements.answer.value = JSON.stringify(answer);
      form.submit();
    } catch {
      failed.hidden = false;
      busy = false;
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  ask();
})();
