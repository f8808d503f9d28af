import type * as z from 'zod';
import type { Exercise, exerciseVersion } from '#shared/contracts/exercises.ts';
import { api } from '../../app/api.ts';
import { useList } from '../../data/list.ts';
import { isKey, plain, t } from '../../i18n/index.ts';
import { ListCard } from '../../ui/list.tsx';
import { Ago } from '../../ui/words.tsx';

type Version = z.output<typeof exerciseVersion>;

/** Every version, what changed with it, and which one students have. */
export function VersionsCard({ exercise }: { exercise: Exercise }) {
  const { exercise_id, version, published_version, certification } = exercise;
  const state = `${version}.${published_version}.${certification?.status}`;
  const list = useList(`versions.${exercise_id}.${state}`, (page, signal) =>
    api.exercises.listVersions({ params: { exercise_id }, query: { limit: 10, ...page }, signal }),
  );
  return (
    <section>
      <div class="section-head">
        <h2>{t('versions.title')}</h2>
      </div>
      <ListCard list={list} empty={null}>
        {(items) => (
          <ul class="list-links">
            {items.map((one) => (
              <li key={one.version} class="list-link">
                <div class="grow">
                  <span class="title">{t('versions.nth', { n: one.version })}</span>
                  <span class="under">
                    <Ago at={one.created_at} />
                    {changesOf(one)}
                  </span>
                </div>
                {one.version === published_version ? (
                  <span class="badge good">{t('library.status.published')}</span>
                ) : (
                  one.certified && <span class="badge">{t('versions.certified')}</span>
                )}
              </li>
            ))}
          </ul>
        )}
      </ListCard>
    </section>
  );
}

/** ` · tests, solution`; the first version changed nothing. */
function changesOf({ changed }: Version): string {
  if (changed.length === 0) return '';
  const names = changed.map((field) => {
    const key = `versions.field.${field}`;
    return isKey(key) ? plain(key) : field;
  });
  return ` · ${names.join(', ')}`;
}
