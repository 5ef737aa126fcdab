import type { AccountPage } from "../../api/bindings";
import { DateTime, momentInWords } from "../../components/DateTime";
import { DescriptionList } from "../../components/DescriptionList";
import { Panel } from "../../components/Panel";
import * as m from "../../paraglide/messages.js";
import { counted } from "../lists/count";

/** Password, second factor and dates of an account; no secret is among them. */
export function About({ page }: { page: AccountPage }) {
  const { account, second_factor: factor, enrolment_until, last_sign_in_at } = page;
  const entries = [
    {
      label: m.account_last_sign_in(),
      value: last_sign_in_at ? <DateTime at={last_sign_in_at} /> : m.never(),
    },
    { label: m.account_password(), value: <Password page={page} /> },
    ...(enrolment_until
      ? [
          {
            label: m.account_enrolment(),
            value: m.account_enrolment_until({ when: momentInWords(enrolment_until) }),
          },
        ]
      : []),
    { label: m.account_factor(), value: <Factor page={page} /> },
    ...(factor.since ? [{ label: m.account_codes(), value: factor.recovery_codes_left }] : []),
    { label: m.account_made(), value: <DateTime at={account.created_at} /> },
    { label: m.account_changed(), value: <DateTime at={account.updated_at} /> },
  ];
  return (
    <Panel title={m.account_about_title()}>
      <DescriptionList stacked entries={entries} />
    </Panel>
  );
}

function Password({ page: { password } }: { page: AccountPage }) {
  if (!password) return m.account_password_none();
  const { set_at, breached, breach_checked_at } = password;
  return (
    <>
      {m.account_password_set()} <DateTime at={set_at} />
      <span className={breached ? "block text-danger-ink" : "block text-ink-soft text-small"}>
        {breached
          ? m.account_password_breached(counted(breached))
          : breach_checked_at
            ? m.account_password_clean()
            : m.account_password_unchecked()}
      </span>
    </>
  );
}

function Factor({ page }: { page: AccountPage }) {
  const { since, put_off_until } = page.second_factor;
  if (since) {
    return (
      <>
        {m.account_factor_since()} <DateTime at={since} />
      </>
    );
  }
  return put_off_until
    ? m.account_factor_put_off({ when: momentInWords(put_off_until) })
    : m.account_factor_off();
}
