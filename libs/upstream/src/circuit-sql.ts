import type { Statement } from '#libs/database';

/** 5 s, doubled by each opening in a row, at most 60 s. Whole milliseconds, so that a Date is the whole of it. */
const PAUSE = `least(60000, 5000 * power(2, least(circuit_opens, 10)))::integer * interval '1 ms'`;
/** An operator may take a minute to help. */
const OPERATORS_PAUSE = `interval '60 s'`;
const NOW = `date_trunc('milliseconds', now())`;

/** Opens a closed circuit: $1 upstream · $2 when the circuit last changed as the opener knows it. No row: another was first. */
export const OPEN_CIRCUIT: Statement = {
  name: 'upstream_circuit_open',
  pool: 'work',
  text: `update upstream set circuit_until = ${NOW} + ${PAUSE}, circuit_opens = circuit_opens + 1, circuit_changed_at = ${NOW}
    where id = $1 and circuit_until is null and date_trunc('milliseconds', circuit_changed_at) is not distinct from $2
    returning circuit_until`,
};

/**
 * Takes the one probe of a half-open circuit: $1 upstream · $2 circuit_until as it is known · $3 lease, ms. The lease
 * stands in circuit_until, so a prober that dies holds nothing. One that is retired and works at nothing is let be.
 */
export const CLAIM_PROBE: Statement = {
  name: 'upstream_circuit_claim',
  pool: 'work',
  text: `update upstream u set circuit_until = ${NOW} + $3::integer * interval '1 ms'
    where id = $1 and date_trunc('milliseconds', circuit_until) = $2 and circuit_until <= now()
      and (retired_at is null or exists (select from upstream_load l where l.upstream_id = u.id and l.running > 0))
    returning circuit_until`,
};

/**
 * $1 upstream · $2 the lease. That it answers shows that its key and address are right, but neither that it is paid nor what
 * it allows: that the next submit shows.
 */
export const CLOSE_CIRCUIT: Statement = {
  name: 'upstream_circuit_close',
  pool: 'work',
  text: `update upstream set circuit_until = null, circuit_opens = 0,
      circuit_changed_at = case when misconfigured is null then ${NOW} else circuit_changed_at end,
      misconfigured = case when misconfigured in ('payment_required', 'forbidden') then misconfigured end
    where id = $1 and circuit_until = $2 returning id`,
};

/** $1 upstream · $2 the lease · $3 what only its operator can mend; null: it fails */
export const REOPEN_CIRCUIT: Statement = {
  name: 'upstream_circuit_reopen',
  pool: 'work',
  text: `update upstream set circuit_until = ${NOW} + case when $3::text is null then ${PAUSE} else ${OPERATORS_PAUSE} end,
      circuit_opens = circuit_opens + 1, misconfigured = $3
    where id = $1 and circuit_until = $2 returning circuit_until`,
};

/**
 * Keeps new work from an upstream whose operator is needed: $1 upstream · $2 when the circuit last changed as the caller knows
 * it · $3 why. Its tasks are followed meanwhile, so circuit_changed_at, which their patience counts from, stays. No row:
 * another was first.
 */
export const STOP_MISCONFIGURED: Statement = {
  name: 'upstream_circuit_misconfigured',
  pool: 'work',
  text: `update upstream set circuit_until = ${NOW} + ${OPERATORS_PAUSE}, circuit_opens = circuit_opens + 1, misconfigured = $3
    where id = $1 and circuit_until is null and date_trunc('milliseconds', circuit_changed_at) is not distinct from $2
    returning circuit_until`,
};

/** Notes why an upstream's operator is needed, or that he is not: $1 upstream · $2 why; null: it took work on. */
export const NOTE_MISCONFIGURED: Statement = {
  name: 'upstream_note_misconfigured',
  pool: 'work',
  text: 'update upstream set misconfigured = $2 where id = $1 and misconfigured is distinct from $2 returning id',
};
