const DECIMALS = 6;

/** The exact sum of credits, which are decimal strings with at most six decimals. */
export function sumOfCredits(amounts: readonly string[]): string {
  const millionths = amounts.reduce((sum, amount) => sum + millionthsOf(amount), 0n);
  const digits = String(millionths < 0n ? -millionths : millionths).padStart(DECIMALS + 1, '0');
  return `${millionths < 0n ? '-' : ''}${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}

function millionthsOf(amount: string): bigint {
  const [whole = '0', decimals = ''] = amount.split('.');
  return BigInt(whole + decimals.padEnd(DECIMALS, '0').slice(0, DECIMALS));
}
