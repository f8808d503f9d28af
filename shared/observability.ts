import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** One logger and one metrics sink for the process: events with fields, never sentences or personal data. */
export const logger = new Logger();
const metrics = new Metrics();

/** Counts one business outcome, e.g. `count('training.completed')`; dimensions stay the school's. */
export const count = (name: string, value = 1): void => {
  metrics.addMetric(name, MetricUnit.Count, value);
};

/** Writes what was counted, at the end of an invocation. */
export const publishMetrics = (): void => {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
};

/** The one line by which an unexpected error can be found again. */
export const errorFields = (error: unknown): { error_name: string; error_message: string; stack?: string } =>
  error instanceof Error
    ? { error_name: error.name, error_message: error.message, ...(error.stack ? { stack: error.stack } : {}) }
    : { error_name: 'unknown', error_message: String(error) };
