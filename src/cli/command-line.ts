/** A command line that can be pasted into a POSIX shell. */
export function commandLine(args: readonly string[]): string {
  return ["azure-vm-reimage", ...args.map(quoted)].join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
