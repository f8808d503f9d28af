// How console.log shows a value: Node's util.inspect with its defaults (depth 2, lines of 80, three levels on a
// line), after lib/internal/util/inspect.js of Node 24. Part of the body of the realm's function.
const breakLength = 80;
const compactLevels = 3;
const mostItems = 100;
const mostCharacters = 10_000;
const deepest = 2;

const identifier = /^[a-zA-Z_][a-zA-Z_0-9]*$/;
const mapSize = Object.getOwnPropertyDescriptor(Map.prototype, 'size').get;
const setSize = Object.getOwnPropertyDescriptor(Set.prototype, 'size').get;
const { getPrototypeOf, getOwnPropertyDescriptor, hasOwn, is } = Object;
const { ownKeys, apply } = Reflect;
const isArray = Array.isArray;
const toIso = Date.prototype.toISOString;
const dateTime = Date.prototype.getTime;
const symbolText = Symbol.prototype.toString;
const functionText = Function.prototype.toString;
const regexText = RegExp.prototype.toString;
const regexSource = getOwnPropertyDescriptor(RegExp.prototype, 'source').get;
const hasBrand = (read, value) => {
  try {
    apply(read, value, []);
    return true;
  } catch {
    return false;
  }
};

const quoted = (text) => {
  const shown = text.length > mostCharacters ? text.slice(0, mostCharacters) : text;
  const mark = !shown.includes("'") ? "'" : !shown.includes('"') ? '"' : !shown.includes('`') ? '`' : "'";
  let result = mark;
  for (const char of shown) {
    const code = char.charCodeAt(0);
    if (char === mark || char === '\\') result += `\\${char}`;
    else if (char === '\n') result += '\\n';
    else if (char === '\t') result += '\\t';
    else if (char === '\r') result += '\\r';
    else if (char === '\b') result += '\\b';
    else if (char === '\f') result += '\\f';
    else if (char === '\v') result += '\\v';
    else if (code < 32 || code === 127) result += `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
    else result += char;
  }
  const more = text.length - shown.length;
  return `${result}${mark}${more > 0 ? `... ${more} more character${more > 1 ? 's' : ''}` : ''}`;
};

const primitive = (value) => {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return is(value, -0) ? '-0' : `${value}`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'symbol') return apply(symbolText, value, []);
  return `${value}`;
};

const constructorName = (value) => {
  for (let at = value; at !== null; at = getPrototypeOf(at)) {
    const descriptor = getOwnPropertyDescriptor(at, 'constructor');
    if (descriptor !== undefined && typeof descriptor.value === 'function' && descriptor.value.name !== '')
      return `${descriptor.value.name}`;
  }
  return null;
};

const functionBase = (value) => {
  const name = typeof value.name === 'string' && value.name !== '' ? value.name : undefined;
  if (apply(functionText, value, []).startsWith('class')) {
    const parent = getPrototypeOf(value)?.name;
    return `[class ${name ?? '(anonymous)'}${parent ? ` extends ${parent}` : ''}]`;
  }
  const kind = constructorName(value) ?? 'Function';
  return `[${kind}${name === undefined ? ' (anonymous)' : `: ${name}`}]`;
};

const errorText = (error) => {
  const stack = error.stack;
  return typeof stack === 'string' && stack !== '' ? stack : `[${String(error)}]`;
};

const keyText = (key) => {
  if (typeof key === 'symbol') return apply(symbolText, key, []);
  return identifier.test(key) ? key : quoted(key);
};

const property = (state, owner, key, asItem) => {
  const descriptor = getOwnPropertyDescriptor(owner, key) ?? { value: owner[key] };
  let text;
  if (descriptor.get !== undefined) text = descriptor.set === undefined ? '[Getter]' : '[Getter/Setter]';
  else if (descriptor.set !== undefined) text = '[Setter]';
  else {
    state.indentation += 2;
    text = inspectValue(state, descriptor.value);
    state.indentation -= 2;
  }
  return asItem ? text : `${keyText(key)}: ${text}`;
};

const enumerableKeys = (value, skipItems) =>
  ownKeys(value).filter((key) => {
    if (skipItems && typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key)) return false;
    return getOwnPropertyDescriptor(value, key)?.enumerable === true;
  });

const moreItems = (count) => `... ${count} more item${count > 1 ? 's' : ''}`;

const arrayItems = (state, value) => {
  const output = [];
  let index = 0;
  for (; index < value.length && output.length < mostItems; index++) {
    if (hasOwn(value, index)) output.push(property(state, value, index, true));
    else {
      const start = index;
      while (index + 1 < value.length && !hasOwn(value, index + 1)) index++;
      const count = index - start + 1;
      output.push(`<${count} empty item${count > 1 ? 's' : ''}>`);
    }
  }
  if (index < value.length) output.push(moreItems(value.length - index));
  return output;
};

const isTyped = (value) => ArrayBuffer.isView(value) && !(value instanceof DataView);

/** What an object is made of: brackets, a text before them, its entries. */
const partsOf = (state, value) => {
  const name = constructorName(value);
  const prefix = (usual) => (name === usual ? '' : `${name ?? `[${usual}: null prototype]`} `);
  if (isArray(value)) {
    const sized = name === 'Array' ? '' : `${name ?? '[Array: null prototype]'}(${value.length}) `;
    const extra = enumerableKeys(value, true).map((key) => property(state, value, key, false));
    return {
      open: `${sized}[`,
      close: ']',
      base: '',
      entries: [...arrayItems(state, value), ...extra],
      array: true,
    };
  }
  if (isTyped(value))
    return {
      open: `${name}(${value.length}) [`,
      close: ']',
      base: '',
      entries: arrayItems(state, value),
      array: true,
    };
  const own = () =>
    enumerableKeys(value, typeof value === 'object' && hasBrand(stringValue, value)).map((key) =>
      property(state, value, key, false),
    );
  if (hasBrand(mapSize, value)) {
    const nested = (item) => {
      state.indentation += 2;
      const text = inspectValue(state, item);
      state.indentation -= 2;
      return text;
    };
    const pairs = [...Map.prototype.entries.call(value)].map(
      ([key, item]) => `${nested(key)} => ${nested(item)}`,
    );
    return {
      open: `${name}(${apply(mapSize, value, [])}) {`,
      close: '}',
      base: '',
      entries: [...pairs, ...own()],
    };
  }
  if (hasBrand(setSize, value)) {
    state.indentation += 2;
    const items = [...Set.prototype.values.call(value)].map((item) => inspectValue(state, item));
    state.indentation -= 2;
    return {
      open: `${name}(${apply(setSize, value, [])}) {`,
      close: '}',
      base: '',
      entries: [...items, ...own()],
    };
  }
  const simple = simpleBase(value);
  if (simple !== undefined) return { open: '{', close: '}', base: simple, entries: own() };
  const tag = Object.hasOwn(value, Symbol.toStringTag) ? '' : value[Symbol.toStringTag];
  const tagged =
    typeof tag === 'string' && tag !== '' && tag !== name ? `${name ?? ''} [${tag}] ` : prefix('Object');
  return {
    open: `${name === null ? '[Object: null prototype] ' : tagged}{`,
    close: '}',
    base: '',
    entries: own(),
  };
};

/** Of values that are more than their properties: the text that stands for them. */
const simpleBase = (value) => {
  if (typeof value === 'function') return functionBase(value);
  if (value instanceof Error) return errorText(value);
  if (hasBrand(regexSource, value) && value !== RegExp.prototype) return apply(regexText, value, []);
  if (hasBrand(dateTime, value)) {
    const time = apply(dateTime, value, []);
    return Number.isNaN(time) ? 'Invalid Date' : apply(toIso, value, []);
  }
  if (value instanceof Promise) return 'Promise { <pending> }';
  for (const [Boxed, read] of boxes)
    if (hasBrand(read, value)) return `[${Boxed}: ${primitive(apply(read, value, []))}]`;
  return undefined;
};
const stringValue = String.prototype.valueOf;
const boxes = [
  ['Number', Number.prototype.valueOf],
  ['Boolean', Boolean.prototype.valueOf],
  ['String', stringValue],
];

/** Long arrays of short things stand in columns. */
const inColumns = (state, output, value) => {
  const counted = output.length > mostItems ? output.length - 1 : output.length;
  const lengths = output.slice(0, counted).map((text) => text.length);
  const longest = Math.max(...lengths);
  const total = lengths.reduce((sum, length) => sum + length + 2, 0);
  const width = longest + 2;
  if (!(width * 3 + state.indentation < breakLength && (total / width > 5 || longest <= 6))) return output;
  const biased = Math.max(width - 3 - Math.sqrt(width - total / output.length), 1);
  const columns = Math.min(
    Math.round(Math.sqrt(2.5 * biased * counted) / biased),
    Math.floor((breakLength - state.indentation) / width),
    compactLevels * 4,
    15,
  );
  if (columns <= 1) return output;
  const widths = Array.from({ length: columns }, (_, column) => {
    let widest = 0;
    for (let at = column; at < counted; at += columns) widest = Math.max(widest, lengths[at]);
    return widest + 2;
  });
  const numeric = output.every((_, at) => typeof value[at] === 'number' || typeof value[at] === 'bigint');
  const rows = [];
  for (let row = 0; row < counted; row += columns) {
    const end = Math.min(row + columns, counted);
    let text = '';
    for (let at = row; at < end - 1; at++) {
      const cell = `${output[at]}, `;
      text += numeric ? cell.padStart(widths[at - row]) : cell.padEnd(widths[at - row]);
    }
    const last = output[end - 1];
    rows.push(text + (numeric ? last.padStart(widths[end - 1 - row] - 2) : last));
  }
  return counted < output.length ? [...rows, output[counted]] : rows;
};

const layOut = (state, parts, depth, value) => {
  const { open, close, base, array } = parts;
  const count = parts.entries.length;
  const output = array && count > 6 ? inColumns(state, parts.entries, value) : parts.entries;
  const before = base === '' ? '' : `${base} `;
  if (state.depth - depth < compactLevels && count === output.length) {
    const start = output.length + state.indentation + open.length + base.length + 10;
    const length = output.reduce((sum, text) => sum + text.length, output.length + start);
    const joined = output.join(', ');
    if (length <= breakLength && !joined.includes('\n') && !base.includes('\n'))
      return `${before}${open} ${joined} ${close}`;
  }
  const line = `\n${' '.repeat(state.indentation)}`;
  return `${before}${open}${line}  ${output.join(`,${line}  `)}${line}${close}`;
};

const isEmpty = (value) =>
  isArray(value)
    ? value.length === 0
    : simpleBase(value) === undefined &&
      ownKeys(value).length === 0 &&
      !hasBrand(mapSize, value) &&
      !hasBrand(setSize, value);

const inspectObject = (state, value) => {
  const depth = state.current;
  if (state.seen.includes(value)) {
    state.circular ??= new Map();
    if (!state.circular.has(value)) state.circular.set(value, state.circular.size + 1);
    return `[Circular *${state.circular.get(value)}]`;
  }
  if (depth > state.deepest && !isEmpty(value)) {
    const name = constructorName(value) ?? 'Object: null prototype';
    if (isArray(value)) return '[Array]';
    if (simpleBase(value) === undefined) return `[${name}]`;
  }
  state.seen.push(value);
  state.current = depth + 1;
  if (!isEmpty(value)) state.depth = depth;
  const parts = partsOf(state, value);
  state.current = depth;
  state.seen.pop();
  const reference = state.circular?.get(value);
  if (parts.entries.length === 0) {
    if (parts.base !== '') return parts.base;
    return `${parts.open}${parts.close}`;
  }
  if (reference !== undefined) {
    if (parts.base === '') parts.open = `<ref *${reference}> ${parts.open}`;
    else parts.base = `<ref *${reference}> ${parts.base}`;
  }
  return layOut(state, parts, depth, value);
};

const inspectValue = (state, value) =>
  value === null || (typeof value !== 'object' && typeof value !== 'function')
    ? primitive(value)
    : inspectObject(state, value);

const inspect = (value, depth = deepest) =>
  inspectValue(
    { deepest: depth, seen: [], current: 0, depth: 0, indentation: 0, circular: undefined },
    value,
  );

/** console.log's arguments as one text: printf directives of a first string, the rest inspected. */
// biome-ignore lint/correctness/noUnusedVariables: world.js goes on where this ends.
const format = (values) => {
  const [first, ...rest] = values;
  let at = 0;
  let text = '';
  if (typeof first === 'string') {
    text = first.replace(/%[sdifjoOc%]/g, (directive) => {
      if (directive === '%%') return '%';
      if (at >= rest.length) return directive;
      const value = rest[at++];
      switch (directive) {
        case '%d':
        case '%i':
        case '%f':
          return numberText(directive, value);
        case '%j':
          return String(JSON.stringify(value));
        case '%c':
          return '';
        case '%s':
          return typeof value === 'object' && value !== null ? inspect(value, 0) : plain(value);
        default:
          return inspect(value);
      }
    });
  } else if (values.length > 0) text = inspect(first);
  for (const value of rest.slice(at)) text += ` ${typeof value === 'string' ? value : inspect(value)}`;
  return text;
};
const plain = (value) =>
  typeof value === 'bigint'
    ? `${value}n`
    : is(value, -0)
      ? '-0'
      : typeof value === 'symbol'
        ? primitive(value)
        : String(value);
const numberText = (directive, value) => {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'symbol' || (typeof value === 'object' && value !== null)) return 'NaN';
  const number =
    directive === '%d'
      ? Number(value)
      : directive === '%i'
        ? Number.parseInt(value, 10)
        : Number.parseFloat(value);
  return primitive(number);
};
