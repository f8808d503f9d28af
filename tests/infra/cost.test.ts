import { afterAll, describe, expect, it } from 'vitest';
import { readTemplates, SchoolTemplates } from '#infra/checks/index.ts';
import { monthlyCost, monthlyUsage, prices, templateCounts, total } from '#infra/cost.ts';
import { synthFixture, temporaryFolder } from './world.ts';

describe('the cost of a school', () => {
  const folder = temporaryFolder();
  afterAll(() => folder[Symbol.dispose]());

  it('stays within 20 dollars a month for 1,000 students, with the template’s alarms and secrets', async () => {
    const school = new SchoolTemplates(readTemplates(await synthFixture(folder.path, 'demo')));
    const fixed = {
      alarms: school.ofType('AWS::CloudWatch::Alarm').length,
      secrets: school.ofType('AWS::SecretsManager::Secret').length,
    };
    expect(fixed).toEqual(templateCounts);
    expect(total(monthlyCost(1000, fixed))).toBeLessThanOrEqual(20);
    expect(total(monthlyCost(100, fixed))).toBeLessThanOrEqual(7);
  });

  it('prices everything that is used, and uses everything that is priced', () => {
    const usage = monthlyUsage(1, { alarms: 1, secrets: 1 });
    expect(Object.keys(usage).sort()).toEqual(Object.keys(prices.items).sort());
  });

  it('charges only what passes the free amount', () => {
    const alarms = (count: number) =>
      monthlyCost(1, { alarms: count, secrets: 0 }).find(({ item }) => item === 'alarms')?.usd;
    expect([alarms(9), alarms(10), alarms(12)]).toEqual([0, 0, expect.closeTo(0.2)]);
  });
});
