import { ShieldAlert } from "lucide-react";
import { useState } from "react";
import type { CertificateShown } from "../../api/bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Checkbox } from "../../components/Checkbox";
import { momentInWords } from "../../components/DateTime";
import { DescriptionList } from "../../components/DescriptionList";
import { Gate } from "../../components/Gate";
import * as m from "../../paraglide/messages.js";
import { plain } from "../audit/plain";

export type CertificateCheckProps = {
  address: string;
  certificate: CertificateShown;
  /** The fingerprint that was confirmed there before, if it was another. */
  before: string | null;
  pending: boolean;
  error: string | undefined;
  onConfirm: () => void;
  onCancel: () => void;
};

/** Nobody vouches for the service: a person compares its fingerprint with what its keeper sees, and says so. */
export function CertificateCheck(props: CertificateCheckProps) {
  const { address, certificate, before, pending, error, onConfirm, onCancel } = props;
  const [compared, setCompared] = useState(false);
  const names = certificate.names.map((name) => plain(name)).join(", ");
  return (
    <Gate
      screen="certificate"
      wide
      title={before ? m.certificate_changed_title() : m.certificate_title()}
      lead={before ? m.certificate_changed_lead({ address }) : m.certificate_lead({ address })}
    >
      <div className="grid gap-4">
        {before && (
          <Banner tone="danger" icon={ShieldAlert}>
            <Fingerprint label={m.certificate_before()} fingerprint={before} small />
          </Banner>
        )}
        <div className="rounded-card border border-line bg-canvas p-4">
          <Fingerprint label={m.certificate_fingerprint()} fingerprint={certificate.fingerprint} />
        </div>
        <div className="text-ink-soft">
          <p>{m.certificate_how()}</p>
          <code className="block pt-1 font-mono text-ink text-small select-all">
            {m.certificate_command()}
          </code>
        </div>
        <DescriptionList
          entries={[
            { label: m.certificate_for(), value: names || plain(certificate.subject) },
            {
              label: m.certificate_by(),
              value:
                certificate.issuer === certificate.subject
                  ? m.certificate_by_itself()
                  : plain(certificate.issuer),
            },
            { label: m.certificate_until(), value: momentInWords(certificate.not_after) },
          ]}
        />
        <Checkbox isSelected={compared} onChange={setCompared}>
          {m.certificate_compared()}
        </Checkbox>
        {error && (
          <p role="alert" className="text-danger-ink">
            {error}
          </p>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onPress={onCancel}>{m.certificate_no()}</Button>
          <Button
            kind="primary"
            pending={pending}
            disabledReason={compared ? undefined : m.certificate_compare_first()}
            onPress={onConfirm}
          >
            {m.certificate_do()}
          </Button>
        </div>
      </div>
    </Gate>
  );
}

/** How many pairs stand together: as many as are read out in one breath. */
const together = 4;

function Fingerprint({ label, fingerprint, small }: { label: string; fingerprint: string; small?: boolean }) {
  const pairs = fingerprint.split(":");
  const groups = Array.from({ length: Math.ceil(pairs.length / together) }, (_, at) =>
    pairs.slice(at * together, (at + 1) * together).join(":"),
  );
  return (
    <div>
      <p className="pb-1.5 text-ink-soft text-small">{label}</p>
      <ol
        aria-label={label}
        className={`grid grid-cols-[repeat(auto-fill,minmax(7rem,1fr))] gap-x-3 gap-y-1 font-mono select-text ${small ? "text-small" : "text-body"}`}
      >
        {groups.map((group, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups may repeat and never move
          <li key={at} className="whitespace-nowrap">
            {group}
          </li>
        ))}
      </ol>
    </div>
  );
}
