import { expect, test } from 'vitest';
import { makeDemoSchool } from '#functions/setup/demo.ts';
import { makeDemoPlan } from '#functions/setup/demo-plan.ts';
import { importItemBanks } from '#functions/setup/item-banks.ts';
import { readItemBanks } from '#shared/content/items.ts';
import { demoPeople } from '#shared/table/seed.ts';
import { aSchool } from '#tests/support/school.ts';
import { objectsOf } from '#tests/support/testing.ts';

const school = await aSchool();
const { table, org_id } = school;
const admin = await school.person('org_admin');
const root = { org_id, admin_user_id: admin.user_id };
const world = { table, now: () => new Date(), objects: await objectsOf(school) };

const plans = async () => (await admin.testing.listExamPlans({})).items;

test('the demo class gets an adaptive test of the starting items, once, and its students can take it', async () => {
  await makeDemoSchool(world, root);
  await makeDemoPlan(world, root);
  // without items there is nothing to ask, yet
  expect(await plans()).toEqual([]);
  await importItemBanks(world, root, readItemBanks);
  await Promise.all([makeDemoPlan(world, root), makeDemoPlan(world, root)]);
  await makeDemoPlan(world, root);
  const [plan, ...more] = await plans();
  expect(more).toEqual([]);
  expect(plan).toMatchObject({ name: 'Placement: Python basics', status: 'released', release: 1 });
  expect(plan?.simulation?.warnings).toEqual([]);

  const people = await table.get(demoPeople, {}, { consistent: true });
  const mina = school.clients(await school.tokenOf(people?.student ?? ''));
  const class_id = plan?.class_ids[0] ?? '';
  const { exam_session_id } = await mina.testing.startExamSession({
    body: { class_id, exam_type: 'practice' },
  });
  const { item } = await mina.testing.nextExamItem({ params: { exam_session_id } });
  expect(item?.body).toBeTruthy();
});
