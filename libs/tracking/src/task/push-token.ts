import { Injectable } from '@nestjs/common';
import { SecretBox } from '#libs/database';
import { parseTaskId } from '#libs/wire';
import { TrackingOptions } from '../tracking-options.js';

const PURPOSE = 'push';

/** The secret path under which one task's upstream may tell us that something happened: `<id>-<mac>`. */
@Injectable()
export class PushTokens {
  constructor(
    private readonly secrets: SecretBox,
    private readonly options: TrackingOptions,
  ) {}

  /** What an upstream gets as its notifyHook; null where PUBLIC_URL is not set, so it could not reach us. */
  urlOf(taskId: string): string | null {
    const { publicUrl } = this.options;
    if (publicUrl === null) return null;
    return `${publicUrl}/mj/notify/${taskId}-${this.secrets.mac(PURPOSE, taskId)}`;
  }

  /** The task that a token is for; null when it is forged or no token at all. */
  taskIdOf(token: string): string | null {
    // The MAC is base64url, so it may hold a "-" itself.
    const at = token.indexOf('-');
    const id = token.slice(0, Math.max(0, at));
    return this.secrets.verifies(PURPOSE, id, token.slice(at + 1)) && parseTaskId(id) === id ? id : null;
  }
}
