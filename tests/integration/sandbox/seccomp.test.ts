import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filterArchs, seccompFilter } from '#functions/tasks/grader/sandbox/seccomp.ts';
import { scratch } from '#tests/support/scratch.ts';
import { runnerFolder } from './world.ts';

const python = ['/usr/bin/python3', '/usr/local/bin/python3'].find(existsSync);
const arch = filterArchs.find((known) => known === process.arch);

/** Puts itself under a filter as setpriv does, which this machine may have too old, and becomes a command. */
const applyFilter = `
import ctypes, os, sys
code = open(sys.argv[1], 'rb').read()
buffer = ctypes.create_string_buffer(code, len(code))
class Program(ctypes.Structure):
    _fields_ = [('length', ctypes.c_ushort), ('filter', ctypes.c_void_p)]
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(Program(len(code) // 8, ctypes.addressof(buffer)))) == 0, ctypes.get_errno()
os.execv(sys.argv[2], sys.argv[2:])
`;

describe.runIf(process.platform === 'linux' && python !== undefined && arch !== undefined)(
  'the filter',
  () => {
    const folder = scratch('seccomp');
    const filter = join(folder, 'filter.bpf');
    const launcher = join(folder, 'apply.py');
    if (arch !== undefined) writeFileSync(filter, seccompFilter(arch));
    writeFileSync(launcher, applyFilter);
    const under = [launcher, filter, process.execPath];

    it('keeps Node from the network, other processes and signals, and from nothing it needs', () => {
      const script = `
      import net from 'node:net'; import dns from 'node:dns'; import dgram from 'node:dgram';
      import { spawnSync } from 'node:child_process'; import { Worker } from 'node:worker_threads';
      const told = {};
      const trying = async (name, act) => { try { told[name] = await act() } catch (e) { told[name] = e.code } };
      await trying('connect', () => new Promise((r, e) => net.connect(9, '127.0.0.1', r).on('error', e)));
      await trying('listen', () => new Promise((r, e) => net.createServer().on('error', e).listen(0, () => r('yes'))));
      await trying('udp', () => new Promise((r, e) => { const s = dgram.createSocket('udp4'); s.on('error', e); s.send('x', 53, '127.0.0.1', (f) => f ? e(f) : r('yes')) }));
      await trying('kill', () => process.kill(process.ppid, 0));
      await trying('spawn', () => spawnSync('/bin/true').error?.code ?? 'yes');
      await trying('thread', () => new Promise((r, e) => new Worker('0', { eval: true }).on('exit', r).on('error', e)));
      await trying('compute', () => [...Array(1e5).keys()].reduce((a, b) => a + b));
      console.log(JSON.stringify(told));`;
      const out = execFileSync(python ?? '', [...under, '--input-type=module', '-e', script], {
        encoding: 'utf8',
      });
      expect(JSON.parse(out)).toEqual({
        connect: 'EPERM',
        listen: 'EPERM',
        udp: 'EPERM',
        kill: 'EPERM',
        spawn: 'EPERM',
        thread: 0,
        compute: 4_999_950_000,
      });
    });

    it('lets the runner start, become nobody and answer', async () => {
      const runner = await runnerFolder();
      const addon = new URL(`node_modules/isolated-vm/prebuilds/linux-${process.arch}/`, runner);
      const file = existsSync('/etc/alpine-release') ? 'musl' : 'glibc';
      const abi = new URL(`isolated-vm.abi${process.versions.modules}.${file}.node`, addon).pathname;
      const user = process.getuid?.() === 0 ? '65534' : '';
      const { stdout } = spawnSync(
        python ?? '',
        [
          ...under,
          '--permission',
          '--allow-addons',
          `--allow-fs-read=${runner.pathname}*`,
          `${runner.pathname}runner.mjs`,
          abi,
          'reuse',
          user,
        ],
        { input: '', timeout: 50_000 },
      );
      expect(stdout.toString()).toContain('{"type":"ready"}');
    });
  },
);
