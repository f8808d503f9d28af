// How a function of the program is called, and its value written down. The last part of the body of the realm's
// function, after world.js, of which it returns `realm`.
const mostValueText = 1_048_576;
const deepestValue = 40;
const stringify = JSON.stringify;
const parse = JSON.parse;
const ObjectPrototype = Object.prototype;
const mapEntries = Map.prototype.entries;
const setValues = Set.prototype.values;

/** `value` as tagged JSON text. Reads own data properties only, so that nothing of the learner's takes part. */
const encode = (value) => {
  let left = mostValueText;
  const emit = (text) => {
    left -= text.length;
    if (left < 0) throw new RangeError('the value that came back is too large');
    return text;
  };
  const list = (items, depth) => {
    let text = '';
    for (const item of items) text += (text === '' ? '' : ',') + walk(item, depth + 1);
    return `[${text}]`;
  };
  const other = (name) => emit(`{"$other":${stringify(`${name}`.slice(0, 200))}}`);
  const data = (owner, key, depth) => {
    const descriptor = getOwnPropertyDescriptor(owner, key);
    if (descriptor === undefined) return emit('{"$undefined":true}');
    return 'value' in descriptor ? walk(descriptor.value, depth + 1) : other('accessor');
  };
  const walkObject = (item, depth) => {
    if (isArray(item)) {
      let text = '';
      const { length } = item;
      for (let at = 0; at < length; at++) text += (at === 0 ? '' : ',') + data(item, at, depth);
      return `[${text}]`;
    }
    if (hasBrand(mapSize, item)) {
      let text = '';
      for (const [key, inner] of apply(mapEntries, item, []))
        text += `${text === '' ? '' : ','}[${walk(key, depth + 1)},${walk(inner, depth + 1)}]`;
      return emit(`{"$map":[${text}]}`);
    }
    if (hasBrand(setSize, item)) return `{"$set":${list(apply(setValues, item, []), depth)}}`;
    const prototype = getPrototypeOf(item);
    if (prototype !== ObjectPrototype && prototype !== null) return other(constructorName(item) ?? 'object');
    let text = '';
    for (const key of ownKeys(item)) {
      if (typeof key === 'symbol' || !getOwnPropertyDescriptor(item, key)?.enumerable) continue;
      text += `${text === '' ? '' : ','}[${emit(stringify(key))},${data(item, key, depth)}]`;
    }
    return `{"$dict":[${text}]}`;
  };
  const walk = (item, depth) => {
    if (depth > deepestValue)
      throw new RangeError('the value that came back is nested too deep or contains itself');
    switch (typeof item) {
      case 'undefined':
        return emit('{"$undefined":true}');
      case 'boolean':
        return emit(item ? 'true' : 'false');
      case 'string':
        return emit(stringify(item));
      case 'number':
        return emit(
          is(item, -0) ? '{"$float":"-0"}' : item - item === 0 ? `${item}` : `{"$float":"${item}"}`,
        );
      case 'bigint':
        return emit(`{"$bigint":"${item}"}`);
      case 'object':
        return item === null ? emit('null') : walkObject(item, depth);
      default:
        return other(typeof item);
    }
  };
  return walk(value, 0);
};

const tags = {
  $float: (inner) => (inner === 'nan' ? NaN : Number(inner.replace('inf', 'Infinity'))),
  $int: (inner) => Number(inner),
  $bigint: (inner) => BigInt(inner),
  $undefined: () => undefined,
  $tuple: (inner) => decode(inner),
  $set: (inner) => new Set(decode(inner)),
  $map: (inner) => new Map(decode(inner)),
  $dict: (inner) => Object.fromEntries(decode(inner)),
};
const decode = (value) => {
  if (isArray(value)) return value.map(decode);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value);
  if (keys.length === 1 && hasOwn(tags, keys[0])) return tags[keys[0]](value[keys[0]]);
  return Object.fromEntries(keys.map((key) => [key, decode(value[key])]));
};

/** Calls `target`, or what the program exported under `name`; the text of its value comes through `settled`. */
let settled;
const call = (target, name, args) => {
  const exported = typeof module === 'object' && module !== null ? module.exports?.[name] : undefined;
  const callee = typeof target === 'function' ? target : exported;
  if (typeof callee !== 'function')
    throw new ReferenceError(`your program must define a function named '${name}'`);
  const wait = async () => encode(await apply(callee, undefined, decode(parse(args))));
  void apply(then, wait(), [
    (text) => {
      settled = { text };
    },
    (error) => {
      settled = { error };
    },
  ]);
};
const outcome = () => {
  if (settled === undefined) return undefined;
  if ('error' in settled) throw settled.error;
  return settled.text;
};

// biome-ignore lint/correctness/noUnusedVariables: the runner appends its return.
const realm = { step, call, outcome, exitCode: () => Number(globalThis.process?.exitCode ?? 0) & 255 };
