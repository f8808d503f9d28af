/** Line icons on a 24 grid, drawn for the console. */
const paths = {
  home: 'M4 11.5 12 5l8 6.5M6 10v9h4.5v-5h3v5H18v-9',
  training: 'M4 19h16M5 15l4-4 3.5 3L19 7M15 7h4v4',
  classes: 'M4 7.5 12 4l8 3.5-8 3.5zM7 9.5v5c1.5 1.6 8.5 1.6 10 0v-5M20 8v6',
  people:
    'M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M3.5 19c.4-3 2.6-4.5 5.5-4.500s5.1 1.5 5.5 4.500M15.5 5.300a3 3 0 0 1 0 5.400M17.5 15c1.8.7 2.8 2.1 3 4',
  building: 'M5 20V5.500L13 4v16M13 9h6v11M3 20h18M8 9h2M8 12.500h2M8 16h2M16 13h.5M16 16.500h.5',
  alert: 'M12 4.5 21 19.500H3zM12 10v4.500M12 17v.2',
  account: 'M12 12a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M5 20c.5-3.6 3.3-5.5 7-5.500s6.5 1.9 7 5.5',
  plus: 'M12 5v14M5 12h14',
  play: 'M8 5.500v13l10.5-6.500z',
  pause: 'M8.5 5.500v13M15.5 5.500v13',
  restart: 'M5 12a7 7 0 1 1 2.2 5.100M5 17.500v-4.500h4.5',
  stop: 'M7 7h10v10H7z',
  close: 'M6.5 6.500l11 11M17.5 6.500l-11 11',
  check: 'M5 12.500l4.5 4.500L19 7.5',
  copy: 'M9 9h10v10H9zM15 9V5H5v10h4',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M15.5 15.5 20 20',
  chevron: 'M9 6l6 6-6 6',
  back: 'M15 6l-6 6 6 6',
  more: 'M6 12v.1M12 12v.1M18 12v.1',
  edit: 'M5 19l1-4L16 5l3 3L9 18zM14 7l3 3',
  trash: 'M5 7h14M10 7V4.500h4V7M7 7l1 12.500h8L17 7',
  key: 'M8 16.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8M11 9.7l8-5.2M15.5 7l2.2 3.2M18 5.2l1.700 2.5',
  signOut: 'M14 5H6v14h8M10.5 12H20M17 8.500l3.5 3.5-3.5 3.5',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.400M5.6 18.4 7 17M17 7l1.4-1.4',
  moon: 'M19.5 14.500A8 8 0 0 1 9.5 4.500a8 8 0 1 0 10 10z',
  system: 'M4 5h16v11H4zM9 20h6M12 16v4',
  offline:
    'M4 4l16 16M8.5 15.500a5 5 0 0 1 6.5-.3M5 12a10 10 0 0 1 4-2.300M13 9.100A10 10 0 0 1 19 12M12 19v.1',
  clock: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16M12 7.500V12l3 2',
  code: 'M8.5 7 4 12l4.500 5M15.5 7 20 12l-4.500 5M13.5 5l-3 14',
  bulb: 'M9 17.500h6M10 20.500h4M9 17.500c0-2.500-3-3.700-3-7.500a6 6 0 1 1 12 0c0 3.800-3 5-3 7.500',
  comment: 'M5 5.500h14v10.500h-8L7 19.500V16H5z',
  download: 'M12 4.500v10.500M8 11.500l4 4 4-4M5 19.500h14',
  hidden:
    'M4 4l16 16M9.5 6.600A9 9 0 0 1 12 6.200c4.500 0 7.300 3 8.500 5.800a11 11 0 0 1-2.200 3.200M6.3 8.300A11 11 0 0 0 3.500 12c1.2 2.800 4 5.800 8.500 5.800a9 9 0 0 0 4-.9M10.2 10.200a2.600 2.600 0 0 0 3.600 3.600',
  bank: 'M5 5h11v12H5zM8 8.500h5M8 12h3M8 20h11V8',
  gauge: 'M4.500 17a8 8 0 1 1 15 0M12 15.500l4-5M12 15.500v.1',
  quiz: 'M8.500 5H6v15h12V5h-2.500M9 3.500h6V7H9zM9 13.200l2.200 2.200L15.500 11',
  flag: 'M6 20V4.500M6 5h11l-2.5 4L17 13H6',
} as const;
export type IconName = keyof typeof paths;

export const Icon = ({ name, size = 18 }: { name: IconName; size?: number }) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.75"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d={paths[name]} />
  </svg>
);

export const Logo = ({ size = 26 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" fill="#3a48c4" />
    <path
      d="M8 22.500h16M10 20v-6.500M16 20v-6.500M22 20v-6.500M7.5 11.5 16 7l8.5 4.500z"
      fill="none"
      stroke="#fff"
      stroke-width="2.2"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);
