import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What isolated-vm ships built: platform and architecture, for Node 24 (137) and 26 (147). */
const prebuilt = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64'];
const abis = ['137', '147'];

/** Why no program can be run on this machine, or undefined. */
export function unsupportedReason(
  platform: string = process.platform,
  arch: string = process.arch,
  abi: string | undefined = process.versions.modules,
): string | undefined {
  const machine = `${platform}-${arch}`;
  if (!prebuilt.includes(machine)) return `There is no prebuilt isolate for ${machine}.`;
  if (abi === undefined || !abis.includes(abi))
    return `There is no prebuilt isolate for Node ${process.version}.`;
  return undefined;
}

/** The prebuilt isolate below `folder` for this machine. */
export function addonPath(folder: string): string {
  const libc = process.platform === 'linux' ? (existsSync('/etc/alpine-release') ? '.musl' : '.glibc') : '';
  const file = `isolated-vm.abi${process.versions.modules}${libc}.node`;
  return join(folder, 'node_modules/isolated-vm/prebuilds', `${process.platform}-${process.arch}`, file);
}
