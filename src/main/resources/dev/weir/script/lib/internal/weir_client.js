'use strict';
// Browsers and verticles have the same emitters, streams, presence and consumers: the modules of /client/ are taken as they are.
// They are ES modules of a narrow form (named imports from siblings, named exports of declarations), which is turned into
// functions here without moving a line.

const native = binding('weir');
const loaded = new Map();

function client(name) {
  let exports = loaded.get(name);
  if (exports === undefined) {
    exports = {};
    loaded.set(name, exports);
    new Function('exports', 'client', commonJs(native.shared(name), name))(exports, client);
  }
  return exports;
}

function commonJs(text, name) {
  const names = [];
  const body = text
    .replace(/^import \{([^}]*)\} from '\.\/(\w+)\.js';$/gm, (all, what, from) => `const {${what}} = client('${from}');`)
    .replace(/^export ((?:async )?function|class|const) (\w+)/gm, (all, kind, exported) => {
      names.push(exported);
      return `${kind} ${exported}`;
    });
  const rest = /^(?:import|export)\b.*$/m.exec(body);
  if (rest !== null) throw new SyntaxError(`/client/${name}.js: ${rest[0]}`);
  return `'use strict'; ${body}\nObject.assign(exports, { ${names.join(', ')} });\n//# sourceURL=/client/${name}.js`;
}

module.exports = client;
