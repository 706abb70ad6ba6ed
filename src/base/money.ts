/** Money is kept in whole billionths of a US dollar: a token costs a few of them, and sums stay exact up to nine million dollars. */
export const NANOS_PER_DOLLAR = 1_000_000_000;

/** An amount as the admin API writes it: US dollars as a decimal string, `0.0000425`. */
export function writeDollars(nanos: number): string {
  const amount = Math.abs(Math.round(nanos));
  const rest = String(amount % NANOS_PER_DOLLAR)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const sign = nanos < 0 && amount > 0 ? '-' : '';
  return `${sign}${Math.floor(amount / NANOS_PER_DOLLAR)}${rest === '' ? '' : `.${rest}`}`;
}

/** The amount that a decimal string means; `undefined` for one that is none, is negative or has more than nine decimals. */
export function readDollars(text: string): number | undefined {
  const found = /^(\d{1,6})(?:\.(\d{1,9}))?$/.exec(text.trim());
  if (found === null) return undefined;
  return Number(found[1]) * NANOS_PER_DOLLAR + Number((found[2] ?? '').padEnd(9, '0'));
}
