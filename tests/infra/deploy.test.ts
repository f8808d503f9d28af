import { describe, expect, it } from 'vitest';
import { deploy, type World } from '#infra/deploy.ts';
import { readSchool } from '#infra/school-config.ts';

const school = { ...readSchool('hanbit'), domain: 'learn.hanbit.kr' };

/** A world that answers each command by the first rule whose words it contains, and keeps what happened. */
function aWorld(answers: Record<string, string | false>, healthy = true, findings: string[] = []) {
  const said: string[] = [];
  const ran: string[] = [];
  const world: World = {
    run(command, args) {
      const line = `${command === process.execPath ? 'node' : command} ${args.join(' ')}`;
      ran.push(line);
      const [, answer = ''] = Object.entries(answers).find(([words]) => line.includes(words)) ?? [];
      return { ok: answer !== false, stdout: answer === false ? '' : answer };
    },
    healthy: async () => healthy,
    build: async () => ran.push('build'),
    check: async () => findings,
    say: (line) => said.push(line),
  };
  return { world, said, ran, did: (words: string) => ran.some((line) => line.includes(words)) };
}

const account = {
  'get-account-settings': '1000',
  'get-service-quota': '60',
  'get-template': '{"Resources":{}}',
  'describe-stacks': 'https://abc.execute-api.ap-northeast-2.amazonaws.com',
  'get-caller-identity': '111122223333',
};

describe('a deployment', () => {
  it('builds, deploys both stacks of the one school and tries its health', async () => {
    const { world, ran } = aWorld(account);
    expect(await deploy(school, world)).toBe(true);
    const steps = ran.filter((line) => line === 'build' || line.includes('cdk deploy'));
    expect(steps).toEqual(['build', expect.stringContaining('lyceum-hanbit/* -c school=hanbit')]);
  });

  it('refuses a school whose domain is a placeholder', async () => {
    const { world, ran } = aWorld(account);
    expect(await deploy(readSchool('demo'), world)).toBe(false);
    expect(ran).toEqual([]);
  });

  it('stops before it builds when a quota is too small', async () => {
    const { world, said, did } = aWorld({ ...account, 'get-service-quota': '6' });
    expect(await deploy(school, world)).toBe(false);
    expect(said.join('\n')).toContain('Fargate Spot: vCPUs: 6, 40 needed – ask AWS for more first');
    expect(did('build')).toBe(false);
  });

  it('goes on without the quotas it may not read, and says so', async () => {
    const { world, said } = aWorld({ ...account, 'get-account-settings': false });
    expect(await deploy(school, world)).toBe(true);
    expect(said.join('\n')).toContain('concurrent executions: not checked');
  });

  it('stops when the checks find something', async () => {
    const { world, said, did } = aWorld(account, true, ['lost-grant: auth']);
    expect(await deploy(school, world)).toBe(false);
    expect(said).toContain('lost-grant: auth');
    expect(did('cdk deploy')).toBe(false);
  });

  it('goes back to the previous template when the smoke test fails', async () => {
    const { world, said, did } = aWorld(account, false);
    expect(await deploy(school, world)).toBe(false);
    expect(
      did(
        'update-stack --stack-name lyceum-hanbit-App --template-url https://cdk-hnb659fds-assets-111122223333',
      ),
    ).toBe(true);
    expect(said.at(-1)).toBe('lyceum-hanbit-App is back at its previous template.');
  });

  it('has nothing to go back to when the first deployment fails its smoke test', async () => {
    const { world, said, did } = aWorld({ ...account, 'get-template': false }, false);
    expect(await deploy(school, world)).toBe(false);
    expect(did('update-stack')).toBe(false);
    expect(said.at(-1)).toContain('first deployment');
  });

  it('does not try the health of a stack that was not deployed', async () => {
    const { world, did } = aWorld({ ...account, 'cdk deploy': false });
    expect(await deploy(school, world)).toBe(false);
    expect(did('describe-stacks')).toBe(false);
  });
});
