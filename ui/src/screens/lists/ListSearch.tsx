import { useEffect, useEffectEvent, useRef, useState } from "react";
import { SearchField } from "../../components/SearchField";
import { useShortcut } from "../../components/shortcuts";

/** How long nobody types before the list is asked, in milliseconds: shorter than a pause between words. */
const pause = 150;

export type ListSearchProps = {
  label: string;
  /** What the list is searched for now. */
  value: string;
  onSearch: (text: string) => void;
};

/** Searches a list as one types; Ctrl+F leads there. */
export function ListSearch({ label, value, onSearch }: ListSearchProps) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  const [sent, setSent] = useState(value);
  useShortcut("search", () => {
    field.current?.focus();
    field.current?.select();
  });

  // A value that was not sent from here comes from elsewhere, such as from clearing all filters.
  if (value !== known) {
    setKnown(value);
    if (value !== sent) setText(value);
    setSent(value);
  }

  const send = useEffectEvent(() => {
    if (text === value) return;
    setSent(text);
    onSearch(text);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each letter starts the pause anew
  useEffect(() => {
    const timer = setTimeout(() => send(), pause);
    return () => clearTimeout(timer);
  }, [text]);

  return <SearchField ref={field} label={label} value={text} onChange={setText} />;
}
