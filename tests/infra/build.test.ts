import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build as esbuild } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { build, withoutLaptopCredentials } from '#infra/build.ts';
import { projectRoot } from '#infra/bundles.ts';
import { temporaryFolder } from './world.ts';

const run = promisify(execFile);
const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

describe('the build', () => {
  it('writes only what changed and removes what is no longer built', async () => {
    const outdir = join(folder.path, 'dist');
    const changes: (readonly string[])[] = [];
    const input = { outdir, console: false, onBuilt: (files: readonly string[]) => changes.push(files) };
    await build(input);
    const bundle = join(outdir, 'functions/reaper/index.mjs');
    const before = statSync(bundle).mtimeMs;
    const stale = join(outdir, 'functions/reaper/old.mjs');
    writeFileSync(stale, '');
    writeFileSync(join(outdir, 'tasks/trainer/main.mjs'), 'damaged');
    await build(input);
    expect(changes[0]).toContain('tasks/trainer/Dockerfile');
    expect(changes[1]).toEqual(['tasks/trainer/main.mjs']);
    expect(statSync(bundle).mtimeMs).toBe(before);
    expect(existsSync(stale)).toBe(false);
  });

  it('leaves beside the trainer’s Dockerfile exactly what it copies', () => {
    const task = join(folder.path, 'dist/tasks/trainer');
    const copied = [...readFileSync(join(task, 'Dockerfile'), 'utf8').matchAll(/^COPY (\S+) /gm)].map(
      ([, file = '']) => file,
    );
    expect(copied).toEqual(['main.mjs']);
    expect(existsSync(join(task, 'main.mjs'))).toBe(true);
  });

  it('keeps the credentials that Lambda and Fargate have, without those of laptops', async () => {
    const outfile = join(folder.path, 'who.mjs');
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
