import type { imports as english } from '../en/imports.ts';
import type { Translated } from '../translated.ts';

export const imports: Translated<typeof english> = {
  'importing.file': '파일',
  'importing.read': '{name} 파일을 {encoding}(으)로 읽었습니다.',
  'importing.tooLarge': '파일이 너무 큽니다. 나누어 주세요.',
  'importing.notText':
    'CSV 파일이 아니거나 글자를 알아볼 수 없습니다. 엑셀에서 ‘다른 이름으로 저장’을 누르고 ‘CSV UTF-8(쉼표로 분리)’을 고르세요.',
  'importing.check': '결과 미리 보기',
  'importing.will': '이렇게 됩니다',
  'importing.did': '이렇게 되었습니다',
  'importing.line': '줄',
  'importing.result': '결과',
  'importing.ignored': '쓰지 않는 열: {names}',
  'importing.onlyProblems': '제외된 행만',
  'importing.working': '한 줄씩 처리하는 중입니다. 몇 초 걸립니다.',
  'importing.stopped': '중간에 멈췄습니다. 다시 시도하면 멈춘 곳부터 이어지고, 두 번 만들어지지 않습니다.',
  'importing.report': '결과 내려받기',
  'problem.csv_encoding':
    'UTF-8 파일이 아닙니다. 엑셀에서 ‘다른 이름으로 저장’을 누르고 ‘CSV UTF-8’을 고르세요.',
  'problem.csv_quote': '따옴표가 닫히지 않았습니다.',
};
