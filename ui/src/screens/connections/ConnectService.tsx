import { useState } from "react";
import type { IpcError, ServiceSeen } from "../../api/bindings";
import { call } from "../../api/client";
import { connectionName } from "../../api/places";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";
import { useSentence } from "../../session/useSentence";
import { AddressForm } from "./AddressForm";
import { CertificateCheck } from "./CertificateCheck";

type Unvouched = Extract<ServiceSeen, { kind: "unvouched" }>;

/** What is at the address cannot be connected to, for these reasons. */
const refusals: Partial<Record<ServiceSeen["kind"], () => string>> = {
  not_an_address: m.connect_not_an_address,
  not_secret: m.connect_not_secret,
  not_set_up: m.connect_not_set_up,
};

/** From an address that was typed to the sign-in of the shop there. */
export function ConnectService({ address: known = "", onBack }: { address?: string; onBack: () => void }) {
  const { move, goAside } = useSession();
  const [address, setAddress] = useState(known);
  const [refused, setRefused] = useState<string>();
  const [unvouched, setUnvouched] = useState<Unvouched>();
  const look = useAct((address: string) => call("lookAtService", address));
  const connect = useAct((address: string, fingerprint: string | null) =>
    call("connect", address, fingerprint),
  );
  const error = useNumbered(connect.error ?? look.error);

  const go = async (address: string, fingerprint: string | null) => {
    const outcome = await connect.run(address, fingerprint);
    if (!outcome?.ok) return;
    const present = outcome.value.connections.find(({ present }) => present);
    if (present) say(m.connect_done({ name: connectionName(present) }));
    goAside(undefined);
    move(outcome.value);
  };

  const submit = async () => {
    connect.reset();
    setRefused(address.trim() === "" ? m.connect_address_missing() : undefined);
    if (address.trim() === "") return;
    const outcome = await look.run(address);
    if (!outcome?.ok) return;
    const seen = outcome.value;
    if (seen.kind === "shop") await go(seen.address, null);
    else if (seen.kind === "unvouched") setUnvouched(seen);
    else setRefused(refusals[seen.kind]?.());
  };

  if (unvouched) {
    const { address, certificate, before } = unvouched;
    return (
      <CertificateCheck
        address={address}
        certificate={certificate}
        before={before}
        pending={connect.pending}
        error={error}
        onConfirm={() => void go(address, certificate.fingerprint)}
        onCancel={() => {
          setUnvouched(undefined);
          connect.reset();
        }}
      />
    );
  }
  return (
    <AddressForm
      address={address}
      onAddress={setAddress}
      pending={look.pending || connect.pending}
      error={refused ?? error}
      onSubmit={() => void submit()}
      onBack={onBack}
    />
  );
}

/** With the number to quote: whoever looks after the service is asked about it. */
function useNumbered(error: IpcError | undefined): string | undefined {
  const sentence = useSentence(error);
  const said = error?.code === "unreachable" ? m.connect_unreachable() : sentence;
  return error && said && `${said} (${error.number})`;
}
