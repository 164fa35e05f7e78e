'use strict';
// util.parseArgs: options and positionals of a command line.

const { codes } = require('internal/errors');
const { validateObject, validateOneOf } = require('internal/validators');

const kebab = (name) => `--${name}`;

function store(result, name, value, options, inline) {
  const option = options[name];
  const given = value ?? true;
  if (option?.multiple) (result.values[name] ??= []).push(given);
  else result.values[name] = given;
  result.tokens.push({ kind: 'option', name, rawName: inline.raw, index: inline.index, value, inlineValue: inline.inline });
}

function mustBeKnown(name, raw, options, allowPositionals) {
  if (Object.hasOwn(options, name)) return;
  const hint = allowPositionals ? `. To specify a positional argument starting with a '-', place it at the end of the command after '--', as in '-- ${JSON.stringify(raw)}` : '';
  throw new codes.ERR_PARSE_ARGS_UNKNOWN_OPTION(`Unknown option '${raw}'${hint}`);
}

function mustFit(name, value, option, strict) {
  if (!strict || option === undefined) return;
  const shown = option.short ? `-${option.short}, --${name}` : kebab(name);
  if (option.type === 'string' && typeof value !== 'string') {
    throw new codes.ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${shown} <value>' argument missing`);
  }
  if (option.type === 'boolean' && value !== undefined) {
    throw new codes.ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${shown}' does not take an argument`);
  }
}

function parseArgs(config = {}) {
  validateObject(config, 'config');
  const { args = process.argv.slice(2), options = {}, strict = true, tokens = false } = config;
  const allowPositionals = config.allowPositionals ?? !strict;
  for (const [name, option] of Object.entries(options)) validateOneOf(option.type, `options.${name}.type`, ['string', 'boolean']);
  const result = { values: { __proto__: null }, positionals: [], tokens: [] };
  const shorts = Object.fromEntries(Object.entries(options).filter(([, each]) => each.short).map(([name, each]) => [each.short, name]));
  const queue = args.map((arg, index) => ({ arg, index }));

  const option = (name, raw, value, index, inline) => {
    if (strict) mustBeKnown(name, raw, options, allowPositionals);
    let taken = value;
    if (taken === undefined && options[name]?.type === 'string' && queue.length > 0 && !/^-./.test(queue[0].arg)) {
      taken = queue.shift().arg;
    }
    mustFit(name, taken, options[name], strict);
    store(result, name, taken, options, { raw, index, inline: taken === undefined ? undefined : inline });
  };

  while (queue.length > 0) {
    const { arg, index } = queue.shift();
    const long = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
    if (arg === '--') {
      result.tokens.push({ kind: 'option-terminator', index });
      for (const rest of queue.splice(0)) positional(result, rest.arg, rest.index, allowPositionals);
    } else if (long) {
      option(long[1], `--${long[1]}`, long[2], index, long[2] !== undefined);
    } else if (/^-[^-]/.test(arg)) {
      const letters = [...arg.slice(1)];
      letters.forEach((letter, i) => {
        const name = shorts[letter] ?? letter;
        const rest = letters.slice(i + 1).join('');
        if (options[name]?.type === 'string' && rest !== '') {
          letters.length = i + 1;
          option(name, `-${letter}`, rest, index, true);
        } else option(name, `-${letter}`, undefined, index, false);
      });
    } else {
      positional(result, arg, index, allowPositionals);
    }
  }
  for (const [name, each] of Object.entries(options)) {
    if (each.default !== undefined && result.values[name] === undefined) result.values[name] = each.default;
  }
  if (!tokens) delete result.tokens;
  return result;
}

function positional(result, value, index, allowed) {
  if (!allowed) {
    throw new codes.ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL(
      `Unexpected argument '${value}'. This command does not take positional arguments`);
  }
  result.positionals.push(value);
  result.tokens.push({ kind: 'positional', index, value });
}

module.exports = { parseArgs };
