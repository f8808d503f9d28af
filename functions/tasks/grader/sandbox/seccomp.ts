import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * A filter of system calls for runners: no sockets, no signals to others, no other processes, nothing of the kernel's
 * that a JavaScript engine has no use for. The isolate and `--permission` stand before it; this is for what falls
 * through both, since Node 24's permission model leaves the network and signals open.
 *
 * Classic BPF over `struct seccomp_data` (seccomp(2)). Applied by `setpriv` of util-linux 2.41 or newer, where there is
 * one: without it a runner is kept from the network by nothing but its isolate, and from the supervisor by its user id.
 */
export type FilterArch = keyof typeof architectures;

interface Architecture {
  /** AUDIT_ARCH_* of linux/audit.h */
  readonly audit: number;
  readonly clone: number;
  readonly clone3: number;
  readonly denied: readonly number[];
}

/** Alike everywhere: pidfd_send_signal, io_uring_setup, io_uring_enter, io_uring_register, pidfd_open, pidfd_getfd. */
const deniedEverywhere = [424, 425, 426, 427, 434, 438];

const architectures = {
  x64: {
    audit: 0xc000003e,
    clone: 56,
    clone3: 435,
    denied: [
      ...deniedEverywhere,
      // socket connect accept sendto sendmsg bind listen socketpair accept4 sendmmsg
      ...[41, 42, 43, 44, 46, 49, 50, 53, 288, 307],
      // fork vfork kill tkill rt_sigqueueinfo rt_tgsigqueueinfo execveat
      ...[57, 58, 62, 200, 129, 297, 322],
      // ptrace process_vm_readv process_vm_writev
      ...[101, 310, 311],
      // pivot_root chroot mount umount2 unshare setns open_by_handle_at
      ...[155, 161, 165, 166, 272, 308, 304],
      // add_key request_key keyctl perf_event_open bpf userfaultfd init_module delete_module finit_module kexec_load
      ...[248, 249, 250, 298, 321, 323, 175, 176, 313, 246],
    ],
  },
  arm64: {
    audit: 0xc00000b7,
    clone: 220,
    clone3: 435,
    denied: [
      ...deniedEverywhere,
      // socket socketpair bind listen accept connect sendto sendmsg accept4 sendmmsg
      ...[198, 199, 200, 201, 202, 203, 206, 211, 242, 269],
      // kill tkill rt_sigqueueinfo rt_tgsigqueueinfo execveat
      ...[129, 130, 138, 240, 281],
      // ptrace process_vm_readv process_vm_writev
      ...[117, 270, 271],
      // umount2 mount pivot_root chroot unshare setns open_by_handle_at
      ...[39, 40, 41, 51, 97, 268, 265],
      // add_key request_key keyctl perf_event_open bpf userfaultfd init_module delete_module finit_module kexec_load
      ...[217, 218, 219, 241, 280, 282, 105, 106, 273, 104],
    ],
  },
} satisfies Readonly<Record<string, Architecture>>;

export const filterArchs: readonly FilterArch[] = ['x64', 'arm64'];
export const filterFile = (arch: string): string => `seccomp-${arch}.bpf`;

// linux/bpf_common.h: load a word, jump if equal, jump if greater or equal, jump if bits are set, return
const LD_W_ABS = 0x20;
const JEQ = 0x15;
const JGE = 0x35;
const JSET = 0x45;
const RET = 0x06;
// linux/seccomp.h
const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const errno = (number: number): number => 0x00050000 | number;
const EPERM = 1;
const ENOSYS = 38;
/** Offsets in `struct seccomp_data`. */
const data = { number: 0, arch: 4, firstArgument: 16 } as const;
const CLONE_THREAD = 0x00010000;
/** The second ABI of x86-64, whose numbers start here. */
const x32 = 0x40000000;

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number];

/** The filter as an array of `struct sock_filter`. */
export function seccompFilter(arch: FilterArch): Uint8Array {
  const { audit, clone, clone3, denied } = architectures[arch];
  const program: Instruction[] = [
    [LD_W_ABS, 0, 0, data.arch],
    [JEQ, 1, 0, audit],
    [RET, 0, 0, KILL_PROCESS],
    [LD_W_ABS, 0, 0, data.number],
    [JGE, 0, 1, x32],
    [RET, 0, 0, errno(ENOSYS)],
    ...denied.flatMap((number): Instruction[] => [
      [JEQ, 0, 1, number],
      [RET, 0, 0, errno(EPERM)],
    ]),
    // Its flags are in memory, where no filter looks; the C library then uses clone.
    [JEQ, 0, 1, clone3],
    [RET, 0, 0, errno(ENOSYS)],
    [JEQ, 0, 3, clone],
    [LD_W_ABS, 0, 0, data.firstArgument],
    [JSET, 1, 0, CLONE_THREAD],
    [RET, 0, 0, errno(EPERM)],
    [RET, 0, 0, ALLOW],
  ];
  const bytes = new Uint8Array(program.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [at, [code, ifTrue, ifFalse, operand]] of program.entries()) {
    view.setUint16(at * 8, code, true);
    view.setUint8(at * 8 + 2, ifTrue);
    view.setUint8(at * 8 + 3, ifFalse);
    view.setUint32(at * 8 + 4, operand, true);
  }
  return bytes;
}

/** The command that puts a process under the filter, or nothing where this machine has none that works. */
export function filterCommand(folder: URL): readonly string[] {
  if (process.platform !== 'linux') return [];
  const filter = fileURLToPath(new URL(filterFile(process.arch), folder));
  const command = ['setpriv', '--no-new-privs', `--seccomp-filter=${filter}`];
  const [program = '', ...options] = command;
  try {
    execFileSync(program, [...options, process.execPath, '--version'], { stdio: 'ignore', timeout: 10_000 });
    return command;
  } catch {
    return [];
  }
}
