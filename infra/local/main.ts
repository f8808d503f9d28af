import { announceRun } from './connect.ts';
import { openDataFolder } from './data-folder.ts';
import { FrontDoor, localAddresses } from './edge/front-door.ts';
import { Failure, messageOf } from './failure.ts';
import { firstAdminOf } from './first-admin.ts';
import { type Options, parseOptions, usage } from './options.ts';
import { type Platform, startPlatform } from './platform.ts';
import { assemblyOf } from './prepare.ts';
import { Terminal } from './terminal.ts';
import { welcome } from './welcome.ts';

const terminal = new Terminal();

async function run(options: Options): Promise<void> {
  const data = openDataFolder({ path: options.data, school: options.school, fresh: options.fresh });
  if (data.movedTo !== undefined) terminal.line(`The old data folder is now ${data.movedTo}`);
  const firstAdmin = data.isNew ? await firstAdminOf(process.env) : undefined;
  const frontDoor = await FrontDoor.listen(options);
  const phase = (text: string) => terminal.phase(text);

  phase('Look for changes since the last start');
  const assembly = await assemblyOf(options.school, data, phase);
  const platform = await startPlatform({
    assembly,
    data,
    frontDoor,
    adverse: seedOf(process.env['LYCEUM_ADVERSE']),
    firstAdmin,
    phase,
    warn: (text) => terminal.warn(text),
    broke: giveUp,
  });
  const toAnnounce = data.isNew ? await platform.firstAdmin() : undefined;
  data.complete();
  const run = announceRun(data, { gateway: platform.gateway, assembly });
  terminal.done();
  stopOnSignal(platform, () => {
    run.withdraw();
    data.close();
  });
  const tookMs = Date.now() - Number(process.env['LYCEUM_STARTED_AT'] ?? performance.timeOrigin);
  welcome(terminal, { platform, options, firstAdmin: toAnnounce, tookMs, addresses: localAddresses() });
  process.send?.({ type: 'ready', origin: platform.origins[0], gateway: platform.gateway, tookMs });
  platform.startServices();
}

function seedOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw new Failure(`LYCEUM_ADVERSE must be a number, not "${text}".`);
  return Number(text);
}

function stopOnSignal(platform: Platform, release: () => void): void {
  let since: number | undefined;
  const stop = async (): Promise<void> => {
    // One Ctrl-C may arrive twice, from the terminal and from npm.
    if (since !== undefined && performance.now() - since < 500) return;
    if (since !== undefined) {
      terminal.failure('Stopped at once; what was under way is taken up at the next start.');
      process.exit(130);
    }
    since = performance.now();
    terminal.line();
    await platform.stop((text) => terminal.phase(text));
    terminal.done();
    terminal.line('Everything is stopped and kept.');
    release();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void stop().catch(giveUp));
  process.on('disconnect', () => void stop().catch(giveUp));
}

/** Children do not outlive this process: see leash.ts. */
function giveUp(error: unknown): never {
  terminal.failure(
    error instanceof Failure
      ? error.message
      : `${messageOf(error)}\n${error instanceof Error ? error.stack : ''}`,
  );
  process.exit(1);
}

process.on('uncaughtException', giveUp);
try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) terminal.line(usage);
  else await run(options);
} catch (error) {
  giveUp(error);
}
