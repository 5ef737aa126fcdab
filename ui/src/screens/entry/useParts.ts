import { useState } from "react";

/** A form typed part by part, each change of it told as a whole. */
export function useParts<F extends object>(
  empty: F,
  onChange: (form: F) => void,
): [F, (part: Partial<F>) => void] {
  const [form, setForm] = useState(empty);
  const set = (part: Partial<F>) => {
    const next = { ...form, ...part };
    setForm(next);
    onChange(next);
  };
  return [form, set];
}
