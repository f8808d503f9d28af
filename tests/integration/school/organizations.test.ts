import { expect, test } from 'vitest';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const platform = await school.person('platform_admin');

test('an organisation is created, read, changed and deleted; 서울고등학교 stays 서울고등학교', async () => {
  const created = await platform.school.createOrganization({
    body: {
      name: '서울고등학교',
      type: 'school',
      external_ids: { 'neis.code': 7010123, oneroster: 'org-1' },
    },
  });
  expect(created).toMatchObject({ name: '서울고등학교', type: 'school', member_count: 0 });
  const { org_id } = created;
  expect(await platform.school.getOrganization({ params: { org_id } })).toEqual(created);

  const changed = await platform.school.updateOrganization({ params: { org_id }, body: { type: 'academy' } });
  expect(changed).toMatchObject({
    name: '서울고등학교',
    type: 'academy',
    external_ids: created.external_ids,
  });

  expect(await platform.school.deleteOrganization({ params: { org_id } })).toBeUndefined();
  expect(await refusal(platform.school.getOrganization({ params: { org_id } }))).toBe(
    '404 organization.not_found',
  );
  expect(await refusal(platform.school.deleteOrganization({ params: { org_id } }))).toBe(
    '404 organization.not_found',
  );
});

test('a name typed in decomposed jamo is stored composed', async () => {
  const { name } = await platform.school.createOrganization({
    body: { name: '서울고등학교'.normalize('NFD'), type: 'school' },
  });
  expect(name).toBe('서울고등학교'.normalize('NFC'));
});

test('an organisation with members is not deleted, and the refusal says how many there are', async () => {
  const org_id = await school.organization('Small');
  await school.several(2, 'student', { org_id });
  const { summary, message } = await refusedWith(platform.school.deleteOrganization({ params: { org_id } }));
  expect(summary).toBe('409 organization.in_use');
  expect(message).toContain('2 people belong');
});

test('each new user counts as a member, also when twenty come at once', async () => {
  const org_id = await school.organization('Counting');
  await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      platform.school.createUser({ body: { name: `Child ${at}`, username: `count-${at}`, org_id } }),
    ),
  );
  const { member_count } = await platform.school.getOrganization({ params: { org_id } });
  expect(member_count).toBe(20);
});

test('a user is not created in an organisation that is being deleted', async () => {
  for (let round = 0; round < 5; round++) {
    const org_id = await school.organization(`Race ${round}`);
    const body = { name: 'Late', username: `late-${round}`, org_id };
    const [created, deleted] = await Promise.allSettled([
      platform.school.createUser({ body }),
      platform.school.deleteOrganization({ params: { org_id } }),
    ]);
    expect(created.status === 'fulfilled').not.toBe(deleted.status === 'fulfilled');
  }
});

test('the same Idempotency-Key makes one organisation, with another body it is a conflict', async () => {
  const call = { body: { name: 'Once', type: 'school' }, idempotency_key: 'org-once' };
  const first = await platform.school.createOrganization(call);
  expect(await platform.school.createOrganization(call)).toEqual(first);
  expect(
    await refusal(platform.school.createOrganization({ ...call, body: { name: 'Twice', type: 'school' } })),
  ).toBe('409 idempotency.other_body');
  const found = await platform.school.listOrganizations({ query: { q: 'once' } });
  expect(found.items).toHaveLength(1);
});

test('a platform administrator lists all organisations, anybody else their own', async () => {
  const org_id = await school.organization('Zebra Listing School');
  const all = await platform.school.listOrganizations({ query: { q: 'zebra listing' } });
  expect(all.items.map((one) => one.org_id)).toEqual([org_id]);

  const student = await school.person('student', { org_id });
  const own = await student.school.listOrganizations({});
  expect(own.items.map((one) => one.name)).toEqual(['Zebra Listing School']);
  expect((await student.school.listOrganizations({ query: { q: 'other' } })).items).toEqual([]);
});

test('twenty changes at once each apply to what was there or are told to try again', async () => {
  const org_id = await school.organization('Contended');
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, at) =>
      platform.school.updateOrganization({ params: { org_id }, body: { external_ids: { [`s${at}`]: at } } }),
    ),
  );
  const refused = results.filter((one) => one.status === 'rejected');
  for (const one of refused) expect(await refusal(Promise.reject(one.reason))).toBe('409 write.conflict');
  expect(refused.length).toBeLessThan(20);
});
