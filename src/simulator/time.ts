/** A time as .NET prints it, to the tenth of a microsecond. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/(\.\d{3})Z$/, "$10000+00:00");
}
