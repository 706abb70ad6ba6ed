/** A duration in words: `45 s`, `2 min 5 s`, `3 h 20 min`, `4 d 2 h`. */
export function spell(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  const units: readonly (readonly [number, string])[] = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  const at = units.findIndex(([size]) => seconds >= size);
  const [size, unit] = units[at]!;
  const [nextSize, nextUnit] = units[at + 1] ?? [1, ''];
  const rest = Math.floor((seconds % size) / nextSize);
  const whole = `${Math.floor(seconds / size)} ${unit}`;
  return rest === 0 ? whole : `${whole} ${rest} ${nextUnit}`;
}
