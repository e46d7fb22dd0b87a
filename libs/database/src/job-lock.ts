/** Jobs that one process does at a time; each has a row in table job_lock. */
export type LockedJob = 'books' | 'clock' | 'reports_refresh' | 'reports_secure';

/**
 * SQL whose `mine` says whether the job is this transaction's to do: one of those who ask at once, until its transaction
 * ends. Only the owner of the tables can hold it; advisory locks are anybody's who may connect.
 */
export function tryJobLock(job: LockedJob): string {
  return `select exists (select from job_lock where name = '${job}' for no key update skip locked) as mine`;
}
