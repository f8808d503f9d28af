import { describe, expect, it } from 'vitest';
import { readTemplates, SchoolTemplates } from '#infra/checks/index.ts';
import { list } from '#infra/checks/template.ts';
import { graderOf, monthlyCost, monthlyUsage, prices, templateCounts, total } from '#infra/cost.ts';
import { at } from '#infra/local/json.ts';
import { readSchool } from '#infra/school-config.ts';
import { scratch } from '#tests/support/scratch.ts';
import { synthFixture } from './world.ts';

describe('the cost of a school', () => {
  const grader = graderOf(readSchool('demo'));
  const folder = scratch('cost');

  it('stays within 20 dollars a month for 1,000 students, with the template’s alarms and secrets', async () => {
    const school = new SchoolTemplates(readTemplates(await synthFixture(folder, 'demo')));
    const counts = {
      alarms: school
        .ofType('AWS::CloudWatch::Alarm')
        .flatMap(({ properties }) => list(properties['Metrics'] ?? 'one metric'))
        .filter((metric) => at(metric, 'Expression') === undefined).length,
      secrets: school.ofType('AWS::SecretsManager::Secret').length,
    };
    expect(counts).toEqual(templateCounts);
    const cost = (students: number) => total(monthlyCost(students, { ...counts, grader }));
    expect(cost(1000)).toBeLessThanOrEqual(20);
    // Half of it is the grader that waits for them in school hours.
    expect(cost(100)).toBeLessThanOrEqual(12);
  });

  it('would pass them with graders that nobody takes away', () => {
    const onDemand = { ...templateCounts, grader: { ...grader, spot: false } };
    expect(total(monthlyCost(1000, onDemand))).toBeGreaterThan(20);
  });

  it('knows the hours in which a grader waits', () => {
    expect(grader.school_hours).toBeCloseTo(217.4, 1);
    expect(graderOf(readSchool('hanbit'))).toMatchObject({ vcpu: 2, memory_gb: 4, spot: false });
  });

  it('prices everything that is used, and uses everything that is priced', () => {
    const usage = monthlyUsage(1, { alarms: 1, secrets: 1, grader });
    expect(Object.keys(usage).sort()).toEqual(Object.keys(prices.items).sort());
  });

  it('charges only what passes the free amount', () => {
    const alarms = (count: number) =>
      monthlyCost(1, { alarms: count, secrets: 0, grader }).find(({ item }) => item === 'alarms')?.usd;
    expect([alarms(9), alarms(10), alarms(12)]).toEqual([0, 0, expect.closeTo(0.2)]);
  });
});
