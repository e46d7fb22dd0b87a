/** The codes of a submit's answer, as new-api and midjourney-proxy clients know them. */
export const SUBMIT_CODE = {
  ACCEPTED: 1,
  NO_ACCOUNT: 3,
  REJECTED: 4,
  UNREACHABLE: 5,
  FAILURE: 9,
  EXISTS: 21,
  QUEUED: 22,
  QUEUE_FULL: 23,
  BANNED: 24,
  SATURATED: 30,
} as const;
export type SubmitCode = (typeof SUBMIT_CODE)[keyof typeof SUBMIT_CODE];

export const SUBMIT_DESCRIPTION = {
  accepted: 'Submit success',
  exists: 'Task already exists',
  window: 'Waiting for window confirm',
  queued: (ahead: number): string => `In queue, ${ahead} ahead`,
  queueFull: 'Queue is full, try again later',
  banned: 'Prompt may contain a sensitive word',
  noAccount: 'No usable account',
  saturated: 'Too many tasks or requests',
} as const;
