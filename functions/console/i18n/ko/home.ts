import type { home as english } from '../en/home.ts';
import type { Translated } from '../translated.ts';

export const home: Translated<typeof english> = {
  'home.hello': '안녕하세요, {name} 님',
  'home.teach': '컴퓨터에게 막대 세우기를 가르쳐 보세요',
  'home.teachText':
    '처음에는 바로 넘어집니다. 연습시키고, 배우는 모습을 지켜보고, 막대를 세우는 순간을 확인하세요.',
  'home.running': '에이전트가 연습하고 있어요',
  'home.runningText': '배우는 모습을 실시간으로 지켜보세요.',
  'home.watch': '실시간으로 보기',
  'home.startAnother': '하나 더 시작하기',
  'home.recent': '최근 훈련',
  'home.allTrainings': '모든 훈련',
  'home.myClasses': '내 수업',
  'home.noClass': '아직 수업이 없습니다',
  'home.noClassText': '선생님이 알려 준 코드를 아래에 입력하세요.',
  'join.code': '코드로 수업 참여하기',
  'join.missing': '수업 코드를 입력하세요.',
  'join.submit': '참여',
  'join.done': '수업에 참여했습니다.',
  'teacher.quiet': '모두 순조롭습니다',
  'teacher.quietText': '담당 수업에 진행 중이거나 기다리거나 실패한 훈련이 없습니다.',
  'teacher.allClasses': '모든 수업',
  'admin.members': '{name} 구성원',
  'admin.running': '진행 중',
  'admin.nothingRuns': '진행 중인 훈련이 없습니다',
  'admin.nothingRunsText': '훈련이 진행되면 여기에 나타납니다.',
  'admin.shortcuts': '바로 가기',
  'admin.shortcutsText': '새 사용자는 일회용 코드를 받아 비밀번호를 직접 정합니다.',
  'guardian.none': '아직 연결된 학생이 없습니다',
  'guardian.noneText': '학교에 자녀의 계정과 연결해 달라고 요청하세요.',
  'guardian.noTrainings': '{name} 학생이 시작한 훈련이 없습니다.',
};
