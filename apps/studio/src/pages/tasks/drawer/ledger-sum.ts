const MICROS = 1_000_000;

/** Sum of credits given as decimal texts, exact to the millionth. */
export function sumOfCredits(amounts: readonly string[]): string {
  const micros = amounts.reduce((sum, amount) => sum + Math.round(Number(amount) * MICROS), 0);
  return (micros / MICROS).toFixed(6);
}
