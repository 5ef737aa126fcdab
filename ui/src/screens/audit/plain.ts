/** Characters that cannot be seen or turn the direction of writing: with them a text could pass for another. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const longestText = 300;
const longestName = 60;

/** A text somebody else wrote, as it may stand in a line of ours: what cannot be seen is shown as �, and what does
 *  not end is cut. */
export function plain(text: string, longest = longestText): string {
  const letters = [...text.replace(unseen, "\u{fffd}")];
  return letters.length > longest ? `${letters.slice(0, longest).join("")}…` : letters.join("");
}

/** What somebody is called in a sentence. A very long name is cut, so that the sentence can be read; whole it stands
 *  on their page. */
export function nameOf({ name, email }: { name: string; email: string }): string {
  return plain(name || email, longestName);
}
