import { parseArgs } from 'node:util';
import { Failure, messageOf } from './failure.ts';

export interface Options {
  readonly port: number;
  readonly host: string | undefined;
  readonly data: string;
  readonly school: string;
  readonly fresh: boolean;
  readonly help: boolean;
}

export const usage = `Lyceum on this machine

  npm start -- [options]

  --port NUMBER   port of the console on 127.0.0.1 (8080)
  --host ADDRESS  open the console to other devices, too, on this address of the machine
  --data FOLDER   where everything is kept (.lyceum)
  --school NAME   the school of infra/schools/NAME.json (demo)
  --fresh         start with an empty folder; the old one is renamed, never deleted
  --help          this text

The first start prints the sign-in of the first administrator, or takes
LYCEUM_ADMIN_EMAIL and LYCEUM_ADMIN_PASSWORD from the environment.
`;

/** Parses the command line of `npm start`. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parsed(args);
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535)
    throw new Failure(`--port must be a number from 0 to 65535, not "${values.port}".`);
  if (values.host === '') throw new Failure('--host must be an address of this machine, not nothing.');
  if (values.data === '') throw new Failure('--data must be a folder, not nothing.');
  if (!/^[a-z][a-z0-9-]*$/.test(values.school))
    throw new Failure(`--school must be the name of a file in infra/schools, not "${values.school}".`);
  return { ...values, port, host: values.host };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '8080' },
        host: { type: 'string' },
        data: { type: 'string', default: '.lyceum' },
        school: { type: 'string', default: 'demo' },
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Failure(`${messageOf(error)}\n\n${usage}`);
  }
}
