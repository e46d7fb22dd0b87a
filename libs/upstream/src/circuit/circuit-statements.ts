import { statement } from '#libs/database';
import type { OperatorFault } from '../port/outcome.js';

/**
 * How long a circuit opens: 5 s, doubled by each opening in a row, at most 60 s. Whole milliseconds, so that a Date holds
 * it exactly.
 */
const PAUSE = `least(60000, 5000 * power(2, least(circuit_opens, 10)))::integer * interval '1 ms'`;
/** How long a circuit opens for an OperatorFault. */
const OPERATORS_PAUSE = `interval '60 s'`;
const NOW = `date_trunc('milliseconds', now())`;

/** An upstream, and when its circuit last changed as the caller knows it; null: never. */
interface KnownCircuit {
  upstreamId: string;
  changedAt: Date | null;
}

/** A probe of a half-open circuit, and its lease. */
interface LeasedProbe {
  upstreamId: string;
  lease: Date;
}

interface CircuitRow {
  circuit_until: Date;
}

/** Opens a closed circuit. No row: the circuit has changed meanwhile, as another replica was first. */
export const OPEN_CIRCUIT = statement<KnownCircuit, CircuitRow>({
  name: 'upstream_circuit_open',
  pool: 'work',
  text: `update upstream set circuit_until = ${NOW} + ${PAUSE}, circuit_opens = circuit_opens + 1, circuit_changed_at = ${NOW}
    where id = :upstreamId and circuit_until is null and date_trunc('milliseconds', circuit_changed_at) is not distinct from :changedAt
    returning circuit_until`,
});

/**
 * Claims the one probe of a half-open circuit whose `circuit_until` is `until`. The lease stands in `circuit_until`, so a
 * prober that dies holds nothing. A retired upstream without running tasks is not probed.
 */
export const CLAIM_PROBE = statement<{ upstreamId: string; until: Date; leaseMs: number }, CircuitRow>({
  name: 'upstream_circuit_claim',
  pool: 'work',
  text: `update upstream u set circuit_until = ${NOW} + :leaseMs::integer * interval '1 ms'
    where id = :upstreamId and date_trunc('milliseconds', circuit_until) = :until and circuit_until <= now()
      and (retired_at is null or exists (select from upstream_load l where l.upstream_id = u.id and l.running > 0))
    returning circuit_until`,
});

/**
 * Ends a probe that was answered. The answer shows that the upstream's key and address are right, but neither that it is
 * paid nor what it allows: the next submit shows that.
 */
export const CLOSE_CIRCUIT = statement<LeasedProbe, { id: string }>({
  name: 'upstream_circuit_close',
  pool: 'work',
  text: `update upstream set circuit_until = null, circuit_opens = 0,
      circuit_changed_at = case when misconfigured is null then ${NOW} else circuit_changed_at end,
      misconfigured = case when misconfigured in ('payment_required', 'forbidden') then misconfigured end
    where id = :upstreamId and circuit_until = :lease returning id`,
});

/** Ends a probe that failed. `fault`: a fault that only an operator can mend; null: any other failure. */
export const REOPEN_CIRCUIT = statement<LeasedProbe & { fault: OperatorFault | null }, CircuitRow>({
  name: 'upstream_circuit_reopen',
  pool: 'work',
  text: `update upstream set circuit_until = ${NOW} + case when :fault::text is null then ${PAUSE} else ${OPERATORS_PAUSE} end,
      circuit_opens = circuit_opens + 1, misconfigured = :fault
    where id = :upstreamId and circuit_until = :lease returning circuit_until`,
});

/**
 * Keeps new work from an upstream whose operator is needed. Its tasks are followed meanwhile, so `circuit_changed_at`, from
 * which their time limits count, stays. No row: the circuit has changed meanwhile, as another replica was first.
 */
export const STOP_MISCONFIGURED = statement<KnownCircuit & { fault: OperatorFault }, CircuitRow>({
  name: 'upstream_circuit_misconfigured',
  pool: 'work',
  text: `update upstream set circuit_until = ${NOW} + ${OPERATORS_PAUSE}, circuit_opens = circuit_opens + 1, misconfigured = :fault
    where id = :upstreamId and circuit_until is null and date_trunc('milliseconds', circuit_changed_at) is not distinct from :changedAt
    returning circuit_until`,
});

/** Notes why an upstream's operator is needed; null: it took work on, so he is not. No row: the row says so already. */
export const NOTE_MISCONFIGURED = statement<{ upstreamId: string; fault: OperatorFault | null }, { id: string }>({
  name: 'upstream_note_misconfigured',
  pool: 'work',
  text: 'update upstream set misconfigured = :fault where id = :upstreamId and misconfigured is distinct from :fault returning id',
});
