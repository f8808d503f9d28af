/** Imported first, for tests that provoke errors of ours: their log lines would drown the report. */
process.env['POWERTOOLS_LOG_LEVEL'] ??= 'SILENT';
