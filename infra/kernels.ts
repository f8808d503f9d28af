import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './bundles.ts';

/** A training keeps the version of the kernels that it was computed with. */
const versioned = 'shared/domain/rl/engine/fast';
/** Folders with a program in `assembly/`. */
export const kernelFolders = [versioned, 'shared/domain/irt/tables'] as const;
export type KernelFolder = (typeof kernelFolders)[number];

export const kernelsFile = (folder: KernelFolder): string => join(projectRoot, folder, 'kernels.ts');

/** The text of a folder's `kernels.ts`: the WebAssembly of `assembly/`, and its hash where it is kept. The same on every machine. */
export async function compileKernels(folder: KernelFolder): Promise<string> {
  // Half a second to load, and only a build needs it.
  const { default: asc } = await import('assemblyscript/asc');
  let binary: Uint8Array | undefined;
  const options = [
    '-O3',
    '--converge',
    '--enable',
    'simd',
    '--runtime',
    'stub',
    '--importMemory',
    '--noAssert',
  ];
  const { error, stderr } = await asc.main(['index.ts', '--outFile', 'kernels.wasm', ...options], {
    readFile: (name, base) => readSource(join(projectRoot, folder, 'assembly', base, name)),
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') binary = contents;
    },
  });
  if (error !== null || binary === undefined) throw new Error(`The kernels do not compile:\n${stderr}`);
  const code = `/** Compiled from assembly/ by \`npm run build\`. */
export const kernels =
  '${Buffer.from(binary).toString('base64')}';
`;
  if (folder !== versioned) return code;
  return `${code}
/** The beginning of the SHA-256 of the WebAssembly. */
export const version = '${createHash('sha256').update(binary).digest('hex').slice(0, 16)}';
`;
}

function readSource(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The compiler asks for every place where a file could be.
    return null;
  }
}

/** Leaves unchanged files alone. */
export async function writeKernels(): Promise<void> {
  for (const folder of kernelFolders) {
    const text = await compileKernels(folder);
    if (readSource(kernelsFile(folder)) !== text) writeFileSync(kernelsFile(folder), text);
  }
}

if (import.meta.main) await writeKernels();
