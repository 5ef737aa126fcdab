import type { Action } from "../../api/bindings";
import * as m from "../../paraglide/messages.js";

/** Who did it, and to whom. */
type Sentence = (people: { who: string; whom: string }) => string;

export type ActionGroup = "sign_in" | "accounts" | "secrets" | "shop";

type Words = {
  group: ActionGroup;
  /** Its name in the filter. */
  label: () => string;
  done: Sentence;
  /** When a rule said no. */
  tried?: Sentence;
  /** When a secret was wrong. */
  wrong?: Sentence;
};

export const groups: Record<ActionGroup, () => string> = {
  sign_in: m.group_sign_in,
  accounts: m.group_accounts,
  secrets: m.group_secrets,
  shop: m.group_shop,
};

/** Every action has words, or this does not compile. */
export const actions: Record<Action, Words> = {
  "shop.created": {
    group: "shop",
    label: m.action_shop_created,
    done: m.action_shop_created_done,
    tried: m.action_shop_created_tried,
  },
  "policy.changed": {
    group: "shop",
    label: m.action_policy_changed,
    done: m.action_policy_changed_done,
    tried: m.action_policy_changed_tried,
  },
  "sign_in.password": {
    group: "sign_in",
    label: m.action_sign_in_password,
    done: m.action_sign_in_password_done,
    tried: m.action_sign_in_password_tried,
    wrong: m.action_sign_in_password_wrong,
  },
  "sign_in.code": {
    group: "sign_in",
    label: m.action_sign_in_code,
    done: m.action_sign_in_code_done,
    tried: m.action_sign_in_code_tried,
    wrong: m.action_sign_in_code_wrong,
  },
  "sign_in.recovery_code": {
    group: "sign_in",
    label: m.action_sign_in_recovery_code,
    done: m.action_sign_in_recovery_code_done,
    tried: m.action_sign_in_recovery_code_tried,
    wrong: m.action_sign_in_recovery_code_wrong,
  },
  "session.locked": { group: "sign_in", label: m.action_session_locked, done: m.action_session_locked_done },
  "session.unlocked": {
    group: "sign_in",
    label: m.action_session_unlocked,
    done: m.action_session_unlocked_done,
    tried: m.action_session_unlocked_tried,
    wrong: m.action_session_unlocked_wrong,
  },
  "session.ended": {
    group: "sign_in",
    label: m.action_session_ended,
    done: m.action_session_ended_done,
    tried: m.action_session_ended_tried,
  },
  "session.all_ended": {
    group: "sign_in",
    label: m.action_session_all_ended,
    done: m.action_session_all_ended_done,
    tried: m.action_session_all_ended_tried,
  },
  "account.created": {
    group: "accounts",
    label: m.action_account_created,
    done: m.action_account_created_done,
    tried: m.action_account_created_tried,
  },
  "account.imported": {
    group: "accounts",
    label: m.action_account_imported,
    done: m.action_account_imported_done,
    tried: m.action_account_imported_tried,
  },
  "account.exported": {
    group: "accounts",
    label: m.action_account_exported,
    done: m.action_account_exported_done,
    tried: m.action_account_exported_tried,
  },
  "account.edited": {
    group: "accounts",
    label: m.action_account_edited,
    done: m.action_account_edited_done,
    tried: m.action_account_edited_tried,
  },
  "account.disabled": {
    group: "accounts",
    label: m.action_account_disabled,
    done: m.action_account_disabled_done,
    tried: m.action_account_disabled_tried,
  },
  "account.enabled": {
    group: "accounts",
    label: m.action_account_enabled,
    done: m.action_account_enabled_done,
    tried: m.action_account_enabled_tried,
  },
  "account.locked": {
    group: "accounts",
    label: m.action_account_locked,
    done: m.action_account_locked_done,
    tried: m.action_account_locked_tried,
  },
  "account.unlocked": {
    group: "accounts",
    label: m.action_account_unlocked,
    done: m.action_account_unlocked_done,
    tried: m.action_account_unlocked_tried,
  },
  "account.deleted": {
    group: "accounts",
    label: m.action_account_deleted,
    done: m.action_account_deleted_done,
    tried: m.action_account_deleted_tried,
  },
  "account.restored": {
    group: "accounts",
    label: m.action_account_restored,
    done: m.action_account_restored_done,
    tried: m.action_account_restored_tried,
  },
  "account.purged": { group: "accounts", label: m.action_account_purged, done: m.action_account_purged_done },
  "enrolment.issued": {
    group: "accounts",
    label: m.action_enrolment_issued,
    done: m.action_enrolment_issued_done,
    tried: m.action_enrolment_issued_tried,
  },
  "enrolment.redeemed": {
    group: "accounts",
    label: m.action_enrolment_redeemed,
    done: m.action_enrolment_redeemed_done,
    tried: m.action_enrolment_redeemed_tried,
    wrong: m.action_enrolment_redeemed_wrong,
  },
  "password.changed": {
    group: "secrets",
    label: m.action_password_changed,
    done: m.action_password_changed_done,
    tried: m.action_password_changed_tried,
    wrong: m.action_password_changed_wrong,
  },
  "password.change_forced": {
    group: "secrets",
    label: m.action_password_change_forced,
    done: m.action_password_change_forced_done,
    tried: m.action_password_change_forced_tried,
  },
  "password.breached": {
    group: "secrets",
    label: m.action_password_breached,
    done: m.action_password_breached_done,
  },
  "second_factor.begun": {
    group: "secrets",
    label: m.action_second_factor_begun,
    done: m.action_second_factor_begun_done,
    tried: m.action_second_factor_begun_tried,
  },
  "second_factor.confirmed": {
    group: "secrets",
    label: m.action_second_factor_confirmed,
    done: m.action_second_factor_confirmed_done,
    tried: m.action_second_factor_confirmed_tried,
    wrong: m.action_second_factor_confirmed_wrong,
  },
  "second_factor.put_off": {
    group: "secrets",
    label: m.action_second_factor_put_off,
    done: m.action_second_factor_put_off_done,
    tried: m.action_second_factor_put_off_tried,
  },
  "second_factor.reset": {
    group: "secrets",
    label: m.action_second_factor_reset,
    done: m.action_second_factor_reset_done,
    tried: m.action_second_factor_reset_tried,
  },
  "second_factor.removed": {
    group: "secrets",
    label: m.action_second_factor_removed,
    done: m.action_second_factor_removed_done,
    tried: m.action_second_factor_removed_tried,
    wrong: m.action_second_factor_removed_wrong,
  },
  "recovery_codes.replaced": {
    group: "secrets",
    label: m.action_recovery_codes_replaced,
    done: m.action_recovery_codes_replaced_done,
    tried: m.action_recovery_codes_replaced_tried,
    wrong: m.action_recovery_codes_replaced_wrong,
  },
  "recovery_key.confirmed": {
    group: "shop",
    label: m.action_recovery_key_confirmed,
    done: m.action_recovery_key_confirmed_done,
    tried: m.action_recovery_key_confirmed_tried,
    wrong: m.action_recovery_key_confirmed_wrong,
  },
  "recovery_key.replaced": {
    group: "shop",
    label: m.action_recovery_key_replaced,
    done: m.action_recovery_key_replaced_done,
    tried: m.action_recovery_key_replaced_tried,
  },
  "owner.recovered": {
    group: "shop",
    label: m.action_owner_recovered,
    done: m.action_owner_recovered_done,
    tried: m.action_owner_recovered_tried,
    wrong: m.action_owner_recovered_wrong,
  },
  "breach.checked": {
    group: "shop",
    label: m.action_breach_checked,
    done: m.action_breach_checked_done,
    tried: m.action_breach_checked_tried,
  },
  "audit.exported": {
    group: "shop",
    label: m.action_audit_exported,
    done: m.action_audit_exported_done,
    tried: m.action_audit_exported_tried,
  },
  "audit.verified": {
    group: "shop",
    label: m.action_audit_verified,
    done: m.action_audit_verified_done,
    tried: m.action_audit_verified_tried,
  },
  "account.registered": {
    group: "accounts",
    label: m.action_account_registered,
    done: m.action_account_registered_done,
    tried: m.action_account_registered_tried,
  },
  "account.invited": {
    group: "accounts",
    label: m.action_account_invited,
    done: m.action_account_invited_done,
    tried: m.action_account_invited_tried,
  },
  "email.change_requested": {
    group: "accounts",
    label: m.action_email_change_requested,
    done: m.action_email_change_requested_done,
    tried: m.action_email_change_requested_tried,
  },
  "password.reset_requested": {
    group: "secrets",
    label: m.action_password_reset_requested,
    done: m.action_password_reset_requested_done,
    tried: m.action_password_reset_requested_tried,
  },
  "password.reset": {
    group: "secrets",
    label: m.action_password_reset,
    done: m.action_password_reset_done,
    tried: m.action_password_reset_tried,
  },
  "sign_in.link_requested": {
    group: "sign_in",
    label: m.action_sign_in_link_requested,
    done: m.action_sign_in_link_requested_done,
    tried: m.action_sign_in_link_requested_tried,
  },
  "sign_in.link": {
    group: "sign_in",
    label: m.action_sign_in_link,
    done: m.action_sign_in_link_done,
    tried: m.action_sign_in_link_tried,
  },
  "sign_in.passkey": {
    group: "sign_in",
    label: m.action_sign_in_passkey,
    done: m.action_sign_in_passkey_done,
    tried: m.action_sign_in_passkey_tried,
    wrong: m.action_sign_in_passkey_wrong,
  },
  "sign_in.second_factor_missing": {
    group: "sign_in",
    label: m.action_sign_in_second_factor_missing,
    done: m.action_sign_in_second_factor_missing_done,
  },
  "device.new": {
    group: "sign_in",
    label: m.action_device_new,
    done: m.action_device_new_done,
  },
  "device.disowned": {
    group: "sign_in",
    label: m.action_device_disowned,
    done: m.action_device_disowned_done,
    tried: m.action_device_disowned_tried,
  },
  "session.renewed": {
    group: "sign_in",
    label: m.action_session_renewed,
    done: m.action_session_renewed_done,
  },
  "passkey.added": {
    group: "secrets",
    label: m.action_passkey_added,
    done: m.action_passkey_added_done,
    tried: m.action_passkey_added_tried,
    wrong: m.action_passkey_added_wrong,
  },
  "passkey.removed": {
    group: "secrets",
    label: m.action_passkey_removed,
    done: m.action_passkey_removed_done,
    tried: m.action_passkey_removed_tried,
    wrong: m.action_passkey_removed_wrong,
  },
  "api_token.created": {
    group: "shop",
    label: m.action_api_token_created,
    done: m.action_api_token_created_done,
    tried: m.action_api_token_created_tried,
  },
  "api_token.revoked": {
    group: "shop",
    label: m.action_api_token_revoked,
    done: m.action_api_token_revoked_done,
    tried: m.action_api_token_revoked_tried,
  },
  "limit.reached": {
    group: "sign_in",
    label: m.action_limit_reached,
    done: m.action_limit_reached_done,
    tried: m.action_limit_reached_tried,
  },
  "limit.cleared": {
    group: "shop",
    label: m.action_limit_cleared,
    done: m.action_limit_cleared_done,
    tried: m.action_limit_cleared_tried,
  },
  "letter.dropped": {
    group: "shop",
    label: m.action_letter_dropped,
    done: m.action_letter_dropped_done,
  },
  "letter.failed": {
    group: "shop",
    label: m.action_letter_failed,
    done: m.action_letter_failed_done,
  },
  "shop.settings": {
    group: "shop",
    label: m.action_shop_settings,
    done: m.action_shop_settings_done,
  },
  "shop.theme": {
    group: "shop",
    label: m.action_shop_theme,
    done: m.action_shop_theme_done,
  },
  "shop.page": {
    group: "shop",
    label: m.action_shop_page,
    done: m.action_shop_page_done,
  },
  "shop.order": {
    group: "shop",
    label: m.action_shop_order,
    done: m.action_shop_order_done,
  },
  "shop.provider": {
    group: "shop",
    label: m.action_shop_provider,
    done: m.action_shop_provider_done,
  },
  "shop.image": {
    group: "shop",
    label: m.action_shop_image,
    done: m.action_shop_image_done,
  },
  "shop.other": {
    group: "shop",
    label: m.action_shop_other,
    done: m.action_shop_other_done,
  },
  "backup.created": {
    group: "shop",
    label: m.action_backup_created,
    done: m.action_backup_created_done,
    tried: m.action_backup_created_tried,
  },
  "backup.restored": {
    group: "shop",
    label: m.action_backup_restored,
    done: m.action_backup_restored_done,
    tried: m.action_backup_restored_tried,
  },
};

export const everyAction = Object.keys(actions) as Action[];
