/** The computing thread of the calibrator, without the main thread's program around it. */
import { compute } from '#functions/tasks/calibrator/compute.ts';

compute();
