import { createHash } from 'node:crypto';
import type { SecretBox } from '#libs/database';

const PURPOSE = 'studio-session';

/** Of what admins sign in with, as their sessions store it: they end where ADMIN_KEY or SECRET_KEY has changed. */
export class AdminCredential {
  /** null: there is no ADMIN_KEY, and nobody is admin. */
  readonly value: Buffer | null;

  constructor(secrets: Pick<SecretBox, 'mac'>, adminKey: string | null) {
    // A MAC and no plain hash: an ADMIN_KEY may be short enough to be found by trying, for who reads the database.
    const mac = adminKey === null ? null : secrets.mac(PURPOSE, adminKey);
    this.value = mac === null ? null : createHash('sha256').update(mac).digest();
  }
}
