import type { Code, KeyTrouble } from "../../api/bindings";
import { wordsOf } from "../../api/errors";
import * as m from "../../paraglide/messages.js";

const codes: Record<Exclude<KeyTrouble, "prompting">, Code> = {
  locked: "keychain_locked",
  missing: "key_missing",
  no_keychain: "no_keychain",
  silent: "keychain_silent",
  wrong_key: "wrong_key",
};

/** What is the matter with the keychain, and what to do about it. */
export function keyTroubleInWords(why: KeyTrouble): { happened: string; next: string } {
  if (why === "prompting") return { happened: m.key_prompting(), next: m.key_prompting_next() };
  return wordsOf(codes[why]);
}
