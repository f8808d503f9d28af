import { useSignal } from '@preact/signals';
import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { api } from '../../app/api.ts';
import { navigate, place } from '../../app/location.ts';
import { may } from '../../app/session.ts';
import { useList } from '../../data/list.ts';
import { number, t } from '../../i18n/index.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { SearchedList } from '../../ui/searched-list.tsx';
import { Table } from '../../ui/table.tsx';
import { CopyButton } from '../../ui/words.tsx';
import { NewClass } from './new-class.tsx';
import type { SchoolClassView } from './words.ts';

export function Classes() {
  const q = place.value.query.get('q') ?? '';
  const creating = useSignal(place.value.query.has('new'));
  const list = useList(`classes.${q}`, (page, signal) =>
    api.school.listClasses({ query: { ...(q !== '' && { q }), ...page }, signal }),
  );
  const create = may(schoolOperations.createClass) && (
    <Button
      kind="primary"
      icon="plus"
      onClick={() => {
        creating.value = true;
      }}
    >
      {t('classes.create')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('nav.classes')} lead={t('classes.lead')}>
        {may(schoolOperations.importRoster) && (
          <LinkButton href="/classes/import">{t('classes.import')}</LinkButton>
        )}
        {create}
      </PageHead>
      <SearchedList
        list={list}
        q={q}
        label={t('classes.search')}
        empty={
          <Empty
            icon="classes"
            title={t('classes.empty')}
            text={create ? t('classes.emptyText') : t('classes.emptyAssistant')}
          />
        }
      >
        {(items) => <ClassTable classes={items} />}
      </SearchedList>
      {creating.value && (
        <NewClass
          onClose={() => {
            creating.value = false;
          }}
          onCreated={({ class_id }) => navigate(`/classes/${class_id}`)}
        />
      )}
    </>
  );
}

const ClassTable = ({ classes }: { classes: readonly SchoolClassView[] }) => (
  <Table
    label={t('nav.classes')}
    items={classes}
    keyOf={({ class_id }) => class_id}
    columns={[
      {
        label: t('class.name'),
        role: 'lead',
        cell: ({ class_id, name }) => (
          <a class="row-link" href={`/classes/${class_id}`}>
            {name}
          </a>
        ),
      },
      { label: t('class.subject'), cell: ({ subject }) => subject ?? '–' },
      { label: t('class.grade'), cell: ({ grade }) => grade ?? '–' },
      { label: t('class.students'), role: 'end', cell: ({ student_count }) => number(student_count) },
      {
        label: t('class.joinCode'),
        role: 'end',
        cell: ({ join_code }) =>
          join_code === null ? (
            '–'
          ) : (
            <span class="join-code">
              <span class="mono">{join_code}</span>
              <CopyButton text={join_code} label={t('copy.what', { what: join_code })} />
            </span>
          ),
      },
    ]}
  />
);
