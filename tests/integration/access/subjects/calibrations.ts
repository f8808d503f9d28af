import type { calibrationOperations } from '#shared/contracts/calibrations.ts';
import { jobs } from '#shared/jobs/job.ts';
import { calibratedBank } from '#tests/support/calibrations.ts';
import { aBank } from '#tests/support/testing.ts';
import type { Asked, Subjects } from '../subject.ts';

/** A bank of the circle's teacher. */
async function given({ cast, whose }: Asked): Promise<{ bank_id: string }> {
  const { org_id, teacher } = cast.circles[whose];
  const { bank_id } = await aBank(cast.school, { org_id, by: teacher.user_id, items: 2 });
  return { bank_id };
}

async function aCalibration(asked: Asked) {
  const { bank_id } = await given(asked);
  const { teacher } = asked.cast.circles[asked.whose];
  return teacher.testing.createCalibration({ body: { bank_id } });
}

const params = async (asked: Asked) => ({
  params: { calibration_id: (await aCalibration(asked)).calibration_id },
});

/** As if its task had run. */
async function completed(asked: Asked) {
  const { org_id, teacher } = asked.cast.circles[asked.whose];
  const { calibration_id } = await calibratedBank(asked.cast.school, { org_id, teacher });
  return { params: { calibration_id } };
}

export const calibrationSubjects: Subjects<typeof calibrationOperations> = {
  createCalibration: {
    reach: 'object',
    refused: [400, 403],
    request: async (asked) => ({ body: await given(asked) }),
  },
  listCalibrations: {
    reach: 'list',
    request: async (asked) => ({ query: { bank_id: (await aCalibration(asked)).bank_id } }),
    lists: ({ items }) => items.length > 0,
  },
  getCalibration: { reach: 'object', request: params },
  getCalibrationReport: { reach: 'object', request: completed },
  publishCalibration: {
    reach: 'object',
    refused: [403, 404],
    request: async (asked) => ({ ...(await completed(asked)), body: {} }),
  },
  cancelCalibration: { reach: 'object', refused: [403, 404], request: params },
  redriveCalibration: {
    reach: 'object',
    refused: [403, 404],
    request: async (asked) => {
      const { calibration_id: job_id } = await aCalibration(asked);
      const { table } = asked.cast.school;
      const job = await table.get(jobs, { job_id }, { consistent: true });
      if (job?.kind !== 'calibration') throw new Error('the calibration has no job');
      await table.write(table.put(jobs, { ...job, state: 'failed', error_code: 'job.worker_died' }));
      return { params: { calibration_id: job_id } };
    },
  },
};
