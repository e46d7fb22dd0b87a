import { Injectable } from '@nestjs/common';
import { SecretBox } from '#libs/database';
import { parseTaskId } from '#libs/wire';
import { TrackingOptions } from '../tracking-options.js';

const PURPOSE = 'push';

/**
 * The capability URL under which the upstream of one task may push that something happened; the token is `<id>-<mac>`.
 */
@Injectable()
export class PushTokens {
  constructor(
    private readonly secrets: SecretBox,
    private readonly options: TrackingOptions,
  ) {}

  /**
   * The URL that an upstream gets as `notifyHook`; null if PUBLIC_URL is not set, because the upstream could not reach
   * this gateway.
   */
  urlOf(taskId: string): string | null {
    const { publicUrl } = this.options;
    if (publicUrl === null) return null;
    return `${publicUrl}/mj/notify/${taskId}-${this.secrets.mac(PURPOSE, taskId)}`;
  }

  /** Id of the task that a token was made for; null for a forged or malformed token. */
  taskIdOf(token: string): string | null {
    // The MAC is base64url and may contain a "-" itself, so the first "-" ends the id.
    const at = token.indexOf('-');
    const id = token.slice(0, Math.max(0, at));
    return this.secrets.verifies(PURPOSE, id, token.slice(at + 1)) && parseTaskId(id) === id ? id : null;
  }
}
