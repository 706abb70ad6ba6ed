/** A command of a POSIX shell that writes a file. */
export function writeCommand(path: string, content: string): string {
  return `printf %s ${quote(content)} > ${quote(path)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
