import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './bundles.ts';

const folder = join(projectRoot, 'shared/domain/rl/engine/fast');
export const kernelsFile = join(folder, 'kernels.ts');

/** The text of `kernels.ts`: the WebAssembly of `assembly/` and its hash. The same on every machine. */
export async function compileKernels(): Promise<string> {
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
    readFile: (name, base) => readSource(join(base, name)),
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') binary = contents;
    },
  });
  if (error !== null || binary === undefined) throw new Error(`The kernels do not compile:\n${stderr}`);
  const version = createHash('sha256').update(binary).digest('hex').slice(0, 16);
  return `/** Compiled from assembly/ by \`npm run build\`. */
export const kernels =
  '${Buffer.from(binary).toString('base64')}';

/** The beginning of the SHA-256 of the WebAssembly. */
export const version = '${version}';
`;
}

function readSource(name: string): string | null {
  try {
    return readFileSync(join(folder, 'assembly', name), 'utf8');
  } catch {
    // The compiler asks for every place where a file could be.
    return null;
  }
}

/** Leaves an unchanged file alone. */
export async function writeKernels(): Promise<void> {
  const text = await compileKernels();
  if (readKernels() !== text) writeFileSync(kernelsFile, text);
}

function readKernels(): string | undefined {
  try {
    return readFileSync(kernelsFile, 'utf8');
  } catch {
    return undefined;
  }
}

if (import.meta.main) await writeKernels();
