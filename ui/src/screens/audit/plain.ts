/** Characters that cannot be seen or turn the direction of writing: with them a text could pass for another. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const longest = 300;

/** A text somebody else wrote, as it may stand in a line of ours: what cannot be seen is shown as �, and what does
 *  not end is cut. */
export function plain(text: string): string {
  const letters = [...text.replace(unseen, "\u{fffd}")];
  return letters.length > longest ? `${letters.slice(0, longest).join("")}…` : letters.join("");
}
