import { LOCAL_ERRORS, type LocalErrorName } from '#libs/wire';

export interface MjErrorExtras {
  /** Seconds after which trying again makes sense; becomes `Retry-After`. */
  retryAfter?: number;
  /** Shown as `properties`, e.g. the field that is wrong. */
  properties?: Record<string, unknown>;
}

/** An answer of the gateway's own with code 4, by its name in the catalogue `LOCAL_ERRORS`. */
export class MjError extends Error {
  readonly status: number;

  constructor(
    readonly code: LocalErrorName,
    readonly extras: MjErrorExtras = {},
  ) {
    super(code);
    this.status = LOCAL_ERRORS[code].status;
  }
}
