import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build as esbuild } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { build, withoutLaptopCredentials } from '#infra/build.ts';
import { buildBundleAssets } from '#infra/bundle-assets.ts';
import { projectRoot, taskNames } from '#infra/bundles.ts';
import { scratch } from '#tests/support/scratch.ts';

const run = promisify(execFile);
const folder = scratch('build');

describe('the build', () => {
  it('writes only what changed and removes what is no longer built', async () => {
    const outdir = join(folder, 'dist');
    const changes: (readonly string[])[] = [];
    const input = {
      outdir,
      console: false,
      assets: 'none' as const,
      onBuilt: (files: readonly string[]) => changes.push(files),
    };
    await build(input);
    const bundle = join(outdir, 'functions/reaper/index.mjs');
    const before = statSync(bundle).mtimeMs;
    const stale = join(outdir, 'functions/reaper/old.mjs');
    writeFileSync(stale, '');
    writeFileSync(join(outdir, 'tasks/trainer/main.mjs'), 'damaged');
    const asset = join(outdir, 'tasks/grader/python/anything.bin');
    mkdirSync(join(asset, '..'), { recursive: true });
    writeFileSync(asset, 'an asset');
    await build(input);
    expect(readFileSync(asset, 'utf8')).toBe('an asset');
    expect(changes[0]).toContain('tasks/trainer/Dockerfile');
    expect(changes[1]).toEqual(['tasks/trainer/main.mjs']);
    expect(statSync(bundle).mtimeMs).toBe(before);
    expect(existsSync(stale)).toBe(false);
  });

  it('leaves beside each Dockerfile what it copies', async () => {
    const outdir = join(folder, 'dist');
    await build({ outdir, console: false });
    const copiedBy = (task: string) =>
      [
        ...readFileSync(join(outdir, 'tasks', task, 'Dockerfile'), 'utf8').matchAll(/^COPY (.+) \S+$/gm),
      ].flatMap(([, files = '']) => files.split(' '));
    expect(copiedBy('trainer')).toEqual(['main.mjs']);
    const bundles = ['main.mjs', 'runner.mjs', 'seccomp-*.bpf'];
    expect(copiedBy('grader')).toEqual(['node_modules', 'python', 'inside', ...bundles]);
    for (const task of taskNames)
      for (const file of copiedBy(task))
        expect(globSync(file, { cwd: join(outdir, 'tasks', task) }), file).not.toEqual([]);
  });

  it('copies what lies beside a bundle into a new folder rather than make it again', async () => {
    const outdir = join(folder, 'again');
    await buildBundleAssets(outdir);
    const written = (file: string) => statSync(join(outdir, file)).mtimeMs;
    const files = ['tasks/grader/python/snapshot.bin', 'functions/validator/python/snapshot.zst'];
    const before = files.map(written);
    await buildBundleAssets(outdir);
    expect(files.map(written)).toEqual(before);
    const same = (file: string) =>
      readFileSync(join(outdir, file)).equals(readFileSync(join(folder, 'dist', file)));
    expect(files.map(same)).toEqual([true, true]);
  }, 60_000);

  it('keeps the credentials that Lambda and Fargate have, without those of laptops', async () => {
    const outfile = join(folder, 'who.mjs');
    await esbuild({
      stdin: {
        contents: `import { SQSClient } from '@aws-sdk/client-sqs';
          const { accessKeyId } = await new SQSClient({ region: 'us-east-1' }).config.credentials();
          console.log(accessKeyId);`,
        resolveDir: projectRoot,
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      banner: {
        js: "import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);",
      },
      plugins: [withoutLaptopCredentials],
      outfile,
    });
    const secret = { SecretAccessKey: 'secret', Token: 'token', Expiration: '2099-01-01T00:00:00Z' };
    const metadata = createServer((_, reply) => {
      reply.setHeader('content-type', 'application/json');
      reply.end(JSON.stringify({ AccessKeyId: 'FROM_FARGATE', ...secret }));
    });
    await new Promise<void>((ready) => metadata.listen(0, '127.0.0.1', ready));
    try {
      const address = metadata.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      const who = async (env: Record<string, string>) =>
        (await run(process.execPath, [outfile], { env })).stdout.trim();
      const container = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/credentials` };
      expect(await who({ AWS_ACCESS_KEY_ID: 'FROM_LAMBDA', AWS_SECRET_ACCESS_KEY: 'secret' })).toBe(
        'FROM_LAMBDA',
      );
      expect(await who(container)).toBe('FROM_FARGATE');
    } finally {
      metadata.close();
    }
    expect(readFileSync(outfile, 'utf8')).not.toContain('AssumeRoleWithWebIdentityCommand');
  });
});
