/** The computing thread of the trainer, without the main thread's program around it. */
import { compute } from '#functions/tasks/trainer/compute.ts';

compute();
