/**
 * Which class a waiting task of the relation `t` is served in, 0 first: TURBO, FAST, RELAX, and 10 minutes of waiting lift
 * it one class.
 */
export function queueClass(t: string): string {
  return `greatest(0, array_position(array['TURBO', 'FAST', 'RELAX'], ${t}.mode) - 1
    - floor(extract(epoch from now() - ${t}.submitted_at) / 600))`;
}
