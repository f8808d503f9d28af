import { renderUnicodeCompact } from 'uqr';
import * as z from 'zod';
import type { Options } from './options.ts';
import type { Platform } from './platform.ts';
import type { Terminal } from './terminal.ts';

const signIn = z.object({ email: z.string(), password: z.string(), chosen: z.boolean().default(false) });

export interface Welcome {
  readonly platform: Platform;
  readonly options: Options;
  /** The value of the first administrator's secret, at the first start only. */
  readonly firstAdmin: string | undefined;
  readonly tookMs: number;
  readonly addresses: readonly string[];
}

/** What a person needs once everything runs: where, as whom, and how to end it. */
export function welcome(
  terminal: Terminal,
  { platform, options, firstAdmin, tookMs, addresses }: Welcome,
): void {
  const bold = (text: string) => terminal.style('bold', text);
  const [origin = ''] = platform.origins;
  terminal.line();
  terminal.line(
    `  Lyceum is ready at ${bold(terminal.style('cyan', origin))} after ${(tookMs / 1000).toFixed(1)} s`,
  );
  if (firstAdmin !== undefined) announceSignIn(terminal, firstAdmin);
  if (options.host !== undefined)
    announceHost(terminal, options.host, Number(new URL(origin).port), addresses);
  terminal.line();
  terminal.line(`  Data in ${options.data}. Stop with ${bold('Ctrl-C')}.`);
  terminal.line();
}

function announceSignIn(terminal: Terminal, secret: string): void {
  const { email, password, chosen } = signIn.parse(JSON.parse(secret));
  terminal.line();
  terminal.line('  Sign in as the first administrator (shown this once):');
  terminal.line(`    ${terminal.style('bold', email)}`);
  terminal.line(
    `    ${chosen ? 'with the password of LYCEUM_ADMIN_PASSWORD' : terminal.style('bold', password)}`,
  );
}

function announceHost(terminal: Terminal, host: string, port: number, addresses: readonly string[]): void {
  const address = host === '0.0.0.0' || host === '::' ? addresses[0] : host;
  if (address === undefined) return;
  const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  terminal.line();
  terminal.line(`  Other devices in this network: ${terminal.style('bold', url)}`);
  terminal.line();
  for (const line of renderUnicodeCompact(url).split('\n')) terminal.line(`  ${line}`);
}
