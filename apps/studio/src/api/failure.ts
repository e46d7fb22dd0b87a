/** What went wrong with a call, as values: words for it are chosen where it is shown. */
export interface Failure {
  /** `offline`: no answer came. `refused`: the gateway answered with an error. */
  kind: 'offline' | 'refused';
  /** HTTP status; 0 when no answer came. */
  status: number;
  /** Name of the error, such as `quota_not_enough`; '' when no answer came. */
  name: string;
  /** A sentence of the gateway, where it gives one. */
  detail: string;
  /** Fields that are wrong, and why. */
  errors: { field: string; message: string; position?: number }[];
  /** Of an error of /mj. */
  properties: Record<string, unknown>;
  /** Seconds after which another try makes sense; null where none was named. */
  retryAfter: number | null;
  requestId: string;
}

/** Thrown by calls; carries what went wrong. */
export class CallFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.name || failure.kind);
  }
}

/** The failure of a call of which no answer came. */
export const OFFLINE: Failure = {
  kind: 'offline',
  status: 0,
  name: '',
  detail: '',
  errors: [],
  properties: {},
  retryAfter: null,
  requestId: '',
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads an error answer: of /mj (`code`, `description`) or of /admin (problem+json). */
export function failureOf(response: Response, body: unknown): Failure {
  const fields = isRecord(body) ? body : {};
  const properties = isRecord(fields['properties']) ? fields['properties'] : {};
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const listed = Array.isArray(fields['errors']) ? fields['errors'].filter(isRecord) : [];
  const field = textOf(properties['field']);
  return {
    kind: 'refused',
    status: response.status,
    name: textOf(fields['description']) || (textOf(fields['type']).split(/[/:#]/).at(-1) ?? ''),
    detail: textOf(fields['detail']) || textOf(fields['title']),
    errors:
      listed.length > 0
        ? listed.map((error) => ({
            field: textOf(error['field']),
            message: textOf(error['message']),
            ...(typeof error['position'] === 'number' ? { position: error['position'] } : {}),
          }))
        : field === ''
          ? []
          : [{ field, message: textOf(fields['description']) }],
    properties,
    retryAfter: Number.isFinite(seconds) ? seconds : null,
    requestId: response.headers.get('x-request-id') ?? '',
  };
}

/** The failure that an exception stands for; anything but a CallFailure is taken for a lost connection. */
export function asFailure(error: unknown): Failure {
  return error instanceof CallFailure ? error.failure : OFFLINE;
}
