/** Another language has every key of English: a missing or surplus one is a compile error. */
export type Translated<Area> = Readonly<Record<keyof Area, string>>;
