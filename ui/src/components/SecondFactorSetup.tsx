import { useState } from "react";
import { Form } from "react-aria-components";
import * as m from "../paraglide/messages.js";
import { Button } from "./Button";
import { CodeField } from "./CodeField";
import { QrPicture } from "./QrPicture";
import { SecretGroups } from "./SecretGroups";

export type SecondFactorSetupProps = {
  /** The QR code as SVG text. */
  qr: string;
  /** The secret in groups of four. */
  secret: readonly string[];
  pending: boolean;
  error?: string | undefined;
  onConfirm: (code: string) => void;
};

/** Sets up an authenticator app: read the picture, then prove it with a code. */
export function SecondFactorSetup({ qr, secret, pending, error, onConfirm }: SecondFactorSetupProps) {
  const [code, setCode] = useState("");
  const [asked, setAsked] = useState(false);
  const short = code.length < 6;
  return (
    <Form
      className="flex flex-wrap gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (!short && !pending) onConfirm(code);
      }}
    >
      <QrPicture svg={qr} label={m.second_factor_qr()} />
      <div className="grid min-w-56 flex-1 content-start gap-4">
        <div className="grid gap-1">
          <p className="text-ink-soft">{m.second_factor_secret_help()}</p>
          <SecretGroups label={m.second_factor_secret()} groups={secret} />
        </div>
        <CodeField
          autoFocus
          label={m.second_factor_code_label()}
          value={code}
          onChange={setCode}
          error={asked && short ? m.code_short() : error}
        />
        <div>
          <Button type="submit" kind="primary" pending={pending}>
            {m.second_factor_confirm()}
          </Button>
        </div>
      </div>
    </Form>
  );
}
