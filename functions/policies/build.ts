import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const projectRoot = join(import.meta.dirname, '../..');
/** The page is a client's program: it lies with the others that browsers run. */
const pageFolder = join(projectRoot, 'functions/console/exported-policy');
const stamp = 'assets.sha256';

/**
 * Writes beside the function's bundle what goes into an exported policy's archive: the page that runs it in a
 * browser, with a place for the policy, and the program that runs it in Node.
 */
export async function buildPolicyPage(outdir: string): Promise<void> {
  await mkdir(outdir, { recursive: true });
  const [style, script, program] = await Promise.all([
    readFile(join(pageFolder, 'page.css'), 'utf8').then((text) => text.trim()),
    bundle(),
    readFile(join(import.meta.dirname, 'run.mjs'), 'utf8'),
  ]);
  const page = pageOf(script, style);
  const wanted = hash(page + program, 'hex');
  const stamped = join(outdir, stamp);
  if (existsSync(stamped) && (await readFile(stamped, 'utf8')) === wanted) return;
  await put(join(outdir, 'policy-page.html'), page);
  await put(join(outdir, 'policy-run.mjs'), program);
  await put(stamped, wanted);
}

const hash = (text: string, encoding: 'base64' | 'hex'): string =>
  createHash('sha256').update(text).digest(encoding);

/** Its policy allows exactly these two texts, and to load nothing at all; `{{policy}}` is filled in at each export. */
const pageOf = (script: string, style: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-${hash(script, 'base64')}'; style-src 'sha256-${hash(style, 'base64')}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Policy</title>
<style>${style}</style>
</head>
<body>
<main>
<h1 id="title">Policy</h1>
<canvas id="scene" role="img" aria-labelledby="title"></canvas>
<p id="state">This page needs JavaScript.</p>
<p><button id="play" type="button">Play</button> <button id="again" type="button">New episode</button></p>
<p id="told" role="status"></p>
</main>
<script type="text/plain" id="policy">{{policy}}</script>
<script>${script}</script>
</body>
</html>
`;

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: [join(pageFolder, 'main.ts')],
    bundle: true,
    write: false,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  });
  const [{ text } = { text: '' }] = outputFiles;
  if (text.includes('</script'))
    throw new Error('the script of the page would end the element that it lies in');
  return text.trim();
}

/** Written beside its place and renamed, so that nobody reads half a file. */
async function put(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, file);
}
