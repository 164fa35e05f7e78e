'use strict';
// inspect.colors (what SGR codes begin and end a colour or style) and inspect.styles (what is printed in which).

const FOREGROUND = 39;
const BACKGROUND = 49;
const colors = {
  __proto__: null,
  reset: [0, 0], bold: [1, 22], dim: [2, 22], italic: [3, 23], underline: [4, 24], blink: [5, 25],
  inverse: [7, 27], hidden: [8, 28], strikethrough: [9, 29], doubleunderline: [21, 24],
};
['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'].forEach((name, index) => {
  const capital = name[0].toUpperCase() + name.slice(1);
  colors[name] = [30 + index, FOREGROUND];
  colors[`bg${capital}`] = [40 + index, BACKGROUND];
});
Object.assign(colors, { framed: [51, 54], overlined: [53, 55], gray: [90, FOREGROUND], bgGray: [100, BACKGROUND] });
['red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'].forEach((name, index) => {
  const capital = name[0].toUpperCase() + name.slice(1);
  colors[`${name}Bright`] = [91 + index, FOREGROUND];
  colors[`bg${capital}Bright`] = [101 + index, BACKGROUND];
});

function alias(name, ...others) {
  for (const other of others) {
    Object.defineProperty(colors, other, {
      get: () => colors[name],
      set: (value) => { colors[name] = value; },
      configurable: true,
      enumerable: false,
    });
  }
}
alias('gray', 'grey', 'blackBright');
alias('bgGray', 'bgGrey', 'bgBlackBright');
alias('dim', 'faint');
alias('strikethrough', 'crossedout', 'strikeThrough', 'crossedOut');
alias('hidden', 'conceal');
alias('inverse', 'swapColors', 'swapcolors');
alias('doubleunderline', 'doubleUnderline');

const styles = {
  __proto__: null,
  special: 'cyan', number: 'yellow', bigint: 'yellow', boolean: 'yellow', undefined: 'grey', null: 'bold',
  string: 'green', symbol: 'green', date: 'magenta', regexp: 'red', module: 'underline',
};

module.exports = { colors, styles };
