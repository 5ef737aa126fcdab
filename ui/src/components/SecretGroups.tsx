/** A secret in groups that can be read out and typed; selected as a whole. */
export function SecretGroups({ label, groups }: { label: string; groups: readonly string[] }) {
  return (
    <div>
      <span className="sr-only">{label}</span>
      <p className="flex flex-wrap gap-x-3 gap-y-1 select-all font-medium font-mono text-lead tracking-code">
        {groups.map((group, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups repeat and never move
          <span key={at}>{group} </span>
        ))}
      </p>
    </div>
  );
}
