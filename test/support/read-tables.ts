/** A row of a Markdown table: its cells by the heads of their columns. */
export type TableRow = { readonly [column: string]: string };

/** The first table under a heading. Throws when there is none. */
export function readTable(text: string, heading: string): readonly TableRow[] {
  const start = new RegExp(`^#+ ${heading}$`, 'm').exec(text);
  if (start === null) throw new Error(`there is no heading "${heading}"`);
  const lines = text.slice(start.index).split('\n');
  const first = lines.findIndex((line) => line.startsWith('|'));
  const after = lines.findIndex((line, at) => at > first && !line.startsWith('|'));
  const [head, , ...rows] = lines.slice(first, after < 0 ? undefined : after).map(readCells);
  if (first < 0 || head === undefined) throw new Error(`there is no table under "${heading}"`);
  return rows.map((cells) => Object.fromEntries(head.map((column, at) => [column, cells[at] ?? ''])));
}

/** The cell of a column in the row whose first cell names `name`. Throws when there is none. */
export function findCell(table: readonly TableRow[], name: string, column: string): string {
  const row = table.find((one) => {
    const key = Object.values(one)[0] ?? '';
    return key === name || codeWords(key).includes(name);
  });
  const cell = row?.[column];
  if (cell === undefined) throw new Error(`there is no row "${name}" with a column "${column}"`);
  return cell;
}

/** Everything that is set as code. */
export function codeWords(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, word]) => word!);
}

function readCells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
