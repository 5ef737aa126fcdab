/** The keys of a shortcut as they are printed on them, "Ctrl+L". */
export function Keys({ keys }: { keys: string }) {
  return (
    <span aria-hidden className="ms-2 inline-flex gap-1">
      {keys.split("+").map((key) => (
        <kbd
          key={key}
          className="rounded-small border border-line bg-hover px-1.5 font-sans text-ink-soft text-tiny"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
