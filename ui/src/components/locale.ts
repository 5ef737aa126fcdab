/** The language the window counts and dates in. A webview started under C.UTF-8 names "c" or "C", of which
 *  Intl throws; English is what the words are in then. */
export const locale: string = usable(globalThis.navigator?.languages ?? []);

export function usable(languages: readonly string[]): string {
  return (
    languages.find((language) => {
      try {
        return Intl.DateTimeFormat.supportedLocalesOf(language).length > 0;
      } catch {
        return false;
      }
    }) ?? "en"
  );
}

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });

/** "12,345". */
export function numberInWords(number: number): string {
  return whole.format(number);
}
