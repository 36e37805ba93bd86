/** A program to be started, without a shell. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: { readonly cwd?: string; readonly windowsVerbatimArguments?: boolean };
}

/**
 * The command that prints a token for a scope.
 *
 * On Windows `az` is a batch file, which Node refuses to start, and cmd.exe reads its line by rules of its own: so a scope and
 * a tenant may hold nothing that it would understand, and it starts in its own folder, lest it find an `az.cmd` in ours.
 *
 * @throws {TypeError} when the scope or the tenant has other characters than those have
 */
export function azCommand(
  { platform, env }: { readonly platform: string; readonly env: Readonly<Record<string, string | undefined>> },
  scope: string,
  tenantId?: string,
): Command {
  if (!/^\w[\w./:-]*$/.test(scope))
    throw new TypeError("The scope is none: it has letters, digits and _ . / : - only.");
  if (tenantId !== undefined && !/^\w[\w.-]*$/.test(tenantId)) {
    throw new TypeError("The tenant is none: it has letters, digits and _ . - only.");
  }
  const args = ["account", "get-access-token", "--output", "json", "--scope", scope];
  if (tenantId !== undefined) args.push("--tenant", tenantId);
  if (platform !== "win32") return { file: "az", args, options: {} };
  const system = `${env.SystemRoot ?? "C:\\Windows"}\\System32`;
  return {
    file: `${system}\\cmd.exe`,
    args: ["/d", "/s", "/c", `"az.cmd ${args.join(" ")}"`],
    options: { cwd: system, windowsVerbatimArguments: true },
  };
}
