/** What a submit is answered with; refusals of the work come with HTTP 200 too. */
export interface SubmitAnswer {
  code: number;
  description: string;
  result: string | null;
  properties?: Record<string, unknown>;
}

/** What came of a submit. */
export type SubmitOutcome =
  | { kind: 'started'; ids: string[] }
  | { kind: 'exists'; ids: string[] }
  | { kind: 'window'; id: string }
  | { kind: 'refused'; code: number; description: string; bannedWord: string };

const ACCEPTED = 1;
const EXISTS_OR_WINDOW = 21;
const QUEUED = 22;

/** Reads an answer, whether or not the gateway rewrites success codes for old clients. */
export function readSubmitAnswer({ code, description, result, properties = {} }: SubmitAnswer): SubmitOutcome {
  const ids = (result ?? '').split(',').filter((id) => /^\d+$/.test(id));
  const [first] = ids;
  const isAccepted = code === ACCEPTED || code === EXISTS_OR_WINDOW || code === QUEUED;
  if (first === undefined || !isAccepted) {
    const word = properties['bannedWord'];
    return { kind: 'refused', code, description, bannedWord: typeof word === 'string' ? word : '' };
  }
  if (/already exists/i.test(description)) return { kind: 'exists', ids };
  return code === EXISTS_OR_WINDOW ? { kind: 'window', id: first } : { kind: 'started', ids };
}
