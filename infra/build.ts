import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type BuildOptions,
  type BuildResult,
  context,
  type Metafile,
  type OutputFile,
  type Plugin,
} from 'esbuild';
import { buildBundleAssets } from './bundle-assets.ts';
import {
  bundleAssets,
  functionNames,
  functionSources,
  programSources,
  projectRoot,
  taskNames,
  taskSources,
} from './bundles.ts';
import { writeKernels } from './kernels.ts';

const consoleFolder = join(projectRoot, 'functions/console');
const consoleSource = 'functions/console/main.tsx';

export interface BuildInput {
  /** Keep building on every change until `stop` is called. Default: build once. */
  readonly watch?: boolean;
  /** Default: `dist` in the project. */
  readonly outdir?: string;
  /** Build what exists instead of failing when an entry point is missing. Default: false. */
  readonly partial?: boolean;
  /** Build the console and the API reference too. Default: true. */
  readonly console?: boolean;
  /** Keep the names of the code, for whoever reads or checks a bundle. Default: minified. */
  readonly readable?: boolean;
  /**
   * What lies beside some bundles. `optional` goes on without what this machine cannot make: without a prebuilt
   * isolate grading is off, and everything else works. Default: `required`.
   */
  readonly assets?: 'required' | 'optional' | 'none';
  /** Called after each rebuild with the changed files, relative to `outdir`. */
  readonly onBuilt?: (changed: readonly string[]) => void;
}

/** Builds every bundle of the product: Lambda functions, Fargate tasks, the console and the API reference. */
export async function build(input: BuildInput = {}): Promise<{ stop(): Promise<void> }> {
  const outdir = input.outdir ?? join(projectRoot, 'dist');
  const absent = missingSources(input.console ?? true);
  if (absent.length > 0 && !input.partial)
    throw new Error(`These entry points do not exist: ${absent.join(', ')}.`);
  const entries = Object.fromEntries(
    Object.entries(serverSources).filter(([, source]) => !absent.includes(source)),
  );
  const hasConsole = (input.console ?? true) && !absent.includes(consoleSource);
  const changed = (files: readonly string[]) => files.length > 0 && input.onBuilt?.(files);

  const builds = [
    serverBuild(outdir, entries, input.readable ?? false, (files) =>
      changed([...files, ...copyTaskFiles(outdir)]),
    ),
    ...(hasConsole ? [consoleBuild(outdir, (files) => changed([...files, ...copyReference(outdir)]))] : []),
  ];
  const contexts = await Promise.all(builds.map((options) => context(options)));
  const stop = async () => {
    await Promise.all(contexts.map((running) => running.dispose()));
  };
  try {
    await allDone([...contexts.map((running) => running.rebuild()), makeAssets(outdir, input.assets)]);
  } catch (error) {
    await stop();
    throw error;
  }
  if (input.watch) await Promise.all(contexts.map((running) => running.watch()));
  else await stop();
  return { stop };
}

/** Waits for all, also when one fails: nothing goes on writing behind the caller's back. */
async function allDone(works: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

async function makeAssets(outdir: string, assets: BuildInput['assets'] = 'required'): Promise<void> {
  if (assets === 'none') return;
  const problems = await buildBundleAssets(outdir);
  if (problems.length > 0 && assets === 'required') throw new Error(problems.join('\n'));
}

const serverSources: Readonly<Record<string, string>> = Object.fromEntries([
  ...functionNames.map((name) => [`functions/${name}/index`, functionSources[name]]),
  ...taskNames.map((name) => [`tasks/${name}/main`, taskSources[name]]),
  ...Object.entries(programSources),
]);

function missingSources(withConsole: boolean): string[] {
  const sources = [...Object.values(serverSources), ...(withConsole ? [consoleSource] : [])];
  return sources.filter((source) => !existsSync(join(projectRoot, source)));
}

const shared: BuildOptions = {
  absWorkingDir: projectRoot,
  bundle: true,
  write: false,
  logLevel: 'warning',
  legalComments: 'none',
  charset: 'utf8',
};

function serverBuild(
  outdir: string,
  entryPoints: Record<string, string>,
  readable: boolean,
  done: (changed: readonly string[]) => void,
): BuildOptions {
  return {
    ...shared,
    entryPoints,
    outdir,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    mainFields: ['module', 'main'],
    // A cold start reads the whole bundle: 350 to 600 KB minified, about twice that with its names.
    minify: !readable,
    sourcemap: 'linked',
    sourcesContent: false,
    // CommonJS dependencies inside an ES module still call require for Node's own modules.
    banner: {
      js: "import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);",
    },
    plugins: [
      withoutLaptopCredentials,
      afterEach((result) => {
        done(writeChanged(outdir, result.outputFiles ?? [], ['functions', 'tasks']));
      }),
    ],
  };
}

/**
 * Lambda has its credentials in the environment and Fargate fetches them over HTTP. What the SDK also bundles
 * for laptops (profiles, SSO, processes, web identity, and the clients behind them) is a fifth of a bundle.
 */
export const withoutLaptopCredentials: Plugin = {
  name: 'without-laptop-credentials',
  setup(build) {
    const filter = /^@aws-sdk\/credential-provider-(ini|sso|process|web-identity|login)$/;
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'no-credentials' }));
    build.onLoad({ filter: /./, namespace: 'no-credentials' }, () => ({ contents: noCredentials }));
  },
};

/** `tryNextLink` makes the SDK go on to the next source. */
const noCredentials = `
const absent = () => async () => {
  throw Object.assign(new Error('not available here'), { tryNextLink: true });
};
export { absent as fromIni, absent as fromSSO, absent as fromProcess, absent as fromTokenFile, absent as fromWebToken };
`;

function consoleBuild(outdir: string, done: (changed: readonly string[]) => void): BuildOptions {
  return {
    ...shared,
    entryPoints: { main: consoleSource },
    outdir: join(outdir, 'console'),
    entryNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/[name]-[hash]',
    assetNames: 'assets/[name]-[hash]',
    platform: 'browser',
    target: ['chrome120', 'firefox120', 'safari17'],
    format: 'esm',
    splitting: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    loader: { '.woff2': 'file', '.svg': 'file', '.png': 'file' },
    define: { 'process.env.NODE_ENV': '"production"' },
    metafile: true,
    plugins: [
      afterEach((result) => {
        const page = consolePage(outdir, result.metafile);
        const files = [...(result.outputFiles ?? []), page, ...publicFiles(outdir)];
        done(writeChanged(outdir, files, ['console'], 'console/docs'));
      }),
    ],
  };
}

function afterEach(act: (result: BuildResult) => void): Plugin {
  return {
    name: 'after-each',
    setup: (build) =>
      build.onEnd((result) => {
        if (result.errors.length === 0) act(result);
      }),
  };
}

/** A file to write. */
type Output = Pick<OutputFile, 'path' | 'contents'>;

/** Puts the hashed names into the console's page, which refers to its script as `./main.tsx`. */
function consolePage(outdir: string, metafile: Metafile | undefined): Output {
  const entry = Object.entries(metafile?.outputs ?? {}).find(
    ([, output]) => output.entryPoint === consoleSource,
  );
  if (entry === undefined) throw new Error('esbuild reported no output for the console.');
  const url = (path: string) => `/${relative(join(outdir, 'console'), join(projectRoot, path))}`;
  const [script, { cssBundle }] = entry;
  const source = readFileSync(join(consoleFolder, 'index.html'), 'utf8');
  if (!source.includes('./main.tsx'))
    throw new Error('functions/console/index.html does not load ./main.tsx.');
  const styles = cssBundle === undefined ? '' : `<link rel="stylesheet" href="${url(cssBundle)}" />`;
  const page = source.replaceAll('./main.tsx', url(script)).replace('</head>', `${styles}</head>`);
  return { path: join(outdir, 'console/index.html'), contents: Buffer.from(page) };
}

/** Files that keep their names: `functions/console/public/**`, copied to the console's root. */
function publicFiles(outdir: string): Output[] {
  const folder = join(consoleFolder, 'public');
  if (!existsSync(folder)) return [];
  return filesBelow(folder).map((file) => ({
    path: join(outdir, 'console', file),
    contents: readFileSync(join(folder, file)),
  }));
}

/**
 * Writes the outputs whose contents changed and removes what an earlier build left in `folders`. An
 * unchanged bundle keeps its modification time, so that a watcher restarts only what changed.
 */
function writeChanged(
  outdir: string,
  outputs: readonly Output[],
  folders: readonly string[],
  keep = '',
): string[] {
  const wanted = new Set(outputs.map(({ path }) => relative(outdir, path)));
  for (const folder of folders) {
    if (!existsSync(join(outdir, folder))) continue;
    for (const file of filesBelow(join(outdir, folder)).map((name) => join(folder, name))) {
      const kept = file.endsWith('/Dockerfile') || (keep !== '' && file.startsWith(`${keep}/`));
      if (!wanted.has(file) && !kept && !isAsset(file)) rmSync(join(outdir, file));
    }
  }
  return outputs.filter(writeIfChanged).map(({ path }) => relative(outdir, path));
}

/** Nobody but who makes the assets knows which files are theirs. */
const isAsset = (file: string): boolean =>
  Object.keys(bundleAssets).some((folder) => file.startsWith(`${folder}/`));

function writeIfChanged({ path, contents }: Output): boolean {
  if (existsSync(path) && readFileSync(path).equals(contents)) return false;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
  return true;
}

function copyTaskFiles(outdir: string): string[] {
  return taskNames.flatMap((name) => {
    if (!existsSync(join(outdir, 'tasks', name, 'main.mjs'))) return [];
    const contents = readFileSync(join(projectRoot, dirname(taskSources[name]), 'Dockerfile'));
    const file = join('tasks', name, 'Dockerfile');
    return writeIfChanged({ path: join(outdir, file), contents }) ? [file] : [];
  });
}

/** The interactive API reference at /docs: Swagger UI, from its package, in the page of `functions/console/docs`. */
function copyReference(outdir: string): string[] {
  const swagger = join(projectRoot, 'node_modules/swagger-ui-dist');
  const page = join(consoleFolder, 'docs');
  const sources = [
    ...['swagger-ui.css', 'swagger-ui-bundle.js', 'LICENSE'].map((file) => join(swagger, file)),
    ...filesBelow(page).map((file) => join(page, file)),
  ];
  return sources
    .map((source) => ({
      path: join(outdir, 'console/docs', basename(source)),
      contents: readFileSync(source),
    }))
    .filter(writeIfChanged)
    .map(({ path }) => relative(outdir, path));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { watch: { type: 'boolean', default: false }, partial: { type: 'boolean', default: false } },
  });
  const started = performance.now();
  try {
    await writeKernels();
    await build({ ...values, onBuilt: (changed) => console.log(`${changed.length} files changed`) });
    console.log(`Built in ${Math.round(performance.now() - started)} ms.`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
