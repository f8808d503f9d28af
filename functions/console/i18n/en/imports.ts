/** From a file to what it holds, whatever that is. */
export const imports = {
  'importing.file': 'File',
  'importing.read': '{name} is read as {encoding}.',
  'importing.tooLarge': 'This file is too large. Split it.',
  'importing.notText':
    'This is not a CSV file, or in letters that cannot be told. In Excel choose “Save as”, then “CSV UTF-8 (comma delimited)”.',
  'importing.check': 'See what will happen',
  'importing.will': 'What will happen',
  'importing.did': 'What happened',
  'importing.line': 'Line',
  'importing.result': 'Result',
  'importing.ignored': 'Columns that are not used: {names}',
  'importing.onlyProblems': 'Only the rows that are left out',
  'importing.working': 'Working through the rows. This takes a few seconds.',
  'importing.stopped':
    'It stopped in the middle. Try again: it goes on where it stopped, and nothing is made twice.',
  'importing.report': 'Download the report',
  'problem.csv_encoding': 'The file is not UTF-8. In Excel choose “Save as”, then “CSV UTF-8”.',
  'problem.csv_quote': 'A quote is opened and not closed.',
} as const;
